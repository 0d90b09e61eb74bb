import assert from "node:assert/strict";
import {test} from "node:test";
import {JSDOM} from "jsdom";
import {type ExplorableName, explorables} from "../../src/explorables/explorables";
import type {Explorable, View} from "../../src/explorables/frame/explorable";
import {panelSvg} from "../../src/explorables/frame/svg";
import {explorableHtml, explorableStill} from "../../src/explorables/show";
import {outcomes} from "../../src/explorables/swap";
import {type SwapState, swapStep} from "../../src/explorables/swapStep";

const names = Object.keys(explorables) as ExplorableName[];

/** A shown number of a view. */
function number({numbers}: View, name: string): number {
  return Number(numbers.find(each => each.name === name)!.value);
}

/** Every state that one control leads to from the start, at its ends and in all its options. */
function reached<State>({start, controls}: Explorable<State>): State[] {
  return controls.flatMap(control => {
    if (control.kind === "button") return [control.press(start), control.press(control.press(start))];
    if (control.kind === "choice") return control.options.map(option => control.set(start, option));
    return [control.min, control.max].map(value => control.set(start, value));
  });
}

for (const name of names) {
  test(`whatever control of ${name} is moved, its pictures are well-formed and no number is missing`, () => {
    const {window} = new JSDOM();
    const explorable = explorables[name] as Explorable<unknown>;
    for (const state of [explorable.start, ...reached(explorable)]) {
      const {panels, numbers, says} = explorable.view(state);
      assert.ok(says.length > 0 && numbers.length > 0);
      assert.equal(new Set(numbers.map(each => each.name)).size, numbers.length);
      for (const svg of panels.map(each => panelSvg(each))) {
        const page = new window.DOMParser().parseFromString(svg, "image/svg+xml");
        assert.equal(page.querySelector("parsererror"), null);
        assert.doesNotMatch(svg + says + JSON.stringify(numbers), /NaN|undefined|Infinity|null/);
      }
    }
  });

  test(`moving a control of ${name} leaves the state that it was moved from as it was`, () => {
    const explorable = explorables[name] as Explorable<unknown>;
    const before = JSON.stringify(explorable.start);
    reached(explorable);
    assert.equal(JSON.stringify(explorable.start), before);
  });
}

test("where no script runs, the pictures, the numbers and the caption stay, and nothing is fetched", () => {
  for (const name of names) {
    const html = explorableHtml(name);
    const {document} = new JSDOM(html).window;
    const place = document.querySelector(`[data-multiprize-explorable="${name}"]`)!;
    assert.equal(place.querySelectorAll("img").length, 2);
    assert.match(place.textContent!, /Try: /);
    const outside = [...document.querySelectorAll("[src],[href]")].filter(
      each => !(each.getAttribute("src") ?? each.getAttribute("href"))!.startsWith("data:"),
    );
    assert.equal(outside.length, 0);
    assert.match(explorableStill(name), /^<svg [^>]*>(<svg[\s\S]*<\/svg>){2}<\/svg>$/);
  }
  assert.throws(() => explorableHtml("cube" as ExplorableName), /no explorable "cube"; there are gain, step/);
});

test("the gain's parabola has its bottom at the mean of the kept sizes, whatever the mask", () => {
  const {start, view} = explorables.gain as Explorable<{gain: number; mask: string}>;
  // Half of them: (0.5 + 1 + 1.5 + 0.5)/4 and 8.4375 − 4·0.875² of 8.4375; the largest four, and all, likewise.
  for (const [mask, mean, least] of [
    ["largest scores", 0.875, 5.375 / 8.4375],
    ["largest |W|", 1.3125, 1 - (4 * 1.3125 ** 2) / 8.4375],
    ["all kept", 0.84375, 1 - (8 * 0.84375 ** 2) / 8.4375],
  ] as const) {
    const at = (gain: number): number => number(view({...start, mask, gain}), "lost");
    assert.ok(Math.abs(at(mean) - least) < 1e-12);
    assert.ok(at(mean + 0.01) > at(mean) && at(mean - 0.01) > at(mean));
    assert.equal(number(view({...start, mask}), "mean"), mean);
  }
});

const plain: SwapState = {sizes: [1, 1], effects: [-0.5, -1], rate: 0.25, oldSlope: 0};

test("while the theorem's conditions hold no swap of the map raises the loss; each failure brings some", () => {
  const raising = (given: Partial<SwapState>): number =>
    outcomes({...plain, ...given}).filter(each => each === "raises").length;
  for (const rate of [0.05, 0.15, 0.25]) assert.equal(raising({rate}), 0);
  for (const size of [0.5, 1, 1.05]) assert.equal(raising({sizes: [size, size], rate: 0.2}), 0);
  assert.ok(outcomes(plain).includes("lowers"));
  assert.ok(raising({sizes: [0.1, 1]}) > 50);
  assert.ok(raising({rate: 1}) > 50);
  assert.ok(raising({oldSlope: -1.2}) > 50);
});

test("a step of two weights by hand", () => {
  // s_i = 0.5 + 0.25·0.5, s_j = 0.4 + 0.25·1: j comes in, and the loss moves by −1 − (−0.5).
  const {scores, swapped, crossed, change} = swapStep(plain);
  assert.deepEqual(
    [...scores].map(s => s.toFixed(4)),
    ["0.6250", "0.6500"],
  );
  assert.deepEqual([swapped, crossed, change], [true, false, -0.5]);
  // s_j = 0.4 − 1·1 = −0.6, larger in size than 0.5: a weight that does harm comes in.
  const far = swapStep({...plain, effects: [0, 1], rate: 1});
  assert.deepEqual([far.swapped, far.crossed, far.change], [true, true, 1]);
});
