import assert from "node:assert/strict";
import {test} from "node:test";
import {JSDOM} from "jsdom";
import {keepCount} from "../../src/core/mask";
import {panelSvg} from "../../src/explorables/frame/svg";
import {binarized, moveScores, type RandomNetwork} from "../../src/plain/biprop";
import {lossOf} from "../../src/plain/trainRelu";
import {playgroundSvg} from "../../src/playground/draw";
import {
  defaultSettings,
  HIDDEN,
  type Playground,
  type Settings,
  startPlayground,
  stepPlayground,
} from "../../src/playground/playground";
import {stepPanels, stepText} from "../../src/playground/stepPanels";

const variants: Partial<Settings>[] = [
  {},
  {points: "circles", gain: "rms-kept", keepFraction: 0.2},
  {points: "spiral", gain: "unit", gainFactor: 3, fan: "none", seed: 5},
  {gain: "one", fan: "kept", keepFraction: 0.9},
  {gain: "mean-all", learningRate: 2},
];

/**
 * dL/dW_b by central differences of the loss, in doubles. A hidden unit all of whose inputs are pruned gives σ(0) for
 * every point, where ReLU has a kink: its slope there is 0 by the library's choice.
 */
function slopes({network, toy}: Playground, l: number): number[] {
  const {outputs, weights} = network[l];
  const dead = (unit: number): boolean => l === 0 && weights.every((w, i) => i % outputs !== unit || w === 0);
  const h = 1e-6;
  const lossAt = (i: number, by: number): number =>
    lossOf(
      network.map((layer, k) =>
        k === l ? {...layer, weights: layer.weights.map((w, j) => (j === i ? w + by : w))} : layer,
      ),
      toy.data,
    );
  return Array.from(weights, (_, i) => (dead(i % outputs) ? 0 : (lossAt(i, h) - lossAt(i, -h)) / (2 * h)));
}

for (const given of variants) {
  const settings = {...defaultSettings, ...given};
  test(`a first step is s − η · dL/dW_b ⊙ W ⊙ sign(s), the slopes by finite differences: ${JSON.stringify(given)}`, () => {
    const playground = startPlayground(settings);
    const before = playground.scores.map(s => s.slice());
    const numeric = [0, 1].map(l => slopes(playground, l));
    stepPlayground(playground);
    playground.scores.forEach((after, l) => {
      const w = playground.toy.weights[l];
      after.forEach((s, i) => {
        const expected =
          before[l][i] - settings.learningRate * numeric[l][i] * w[i] * Math.sign(before[l][i]);
        assert.ok(Math.abs(s - expected) < 2e-5, `layer ${l}, weight ${i}: ${s} against ${expected}`);
      });
    });
  });
}

test("the mask keeps the largest |s|, and the network computes with α · M ⊙ sign(W), α = Σ kept |W| / trunc(k·n)", () => {
  const playground = startPlayground({...defaultSettings, keepFraction: 0.3, gainFactor: 2});
  for (let step = 0; step < 5; step++) stepPlayground(playground);
  const {toy, scores, masks, weights} = playground;
  scores.forEach((s, l) => {
    const order = Array.from(s.keys()).sort((i, j) => Math.abs(s[j]) - Math.abs(s[i]) || i - j);
    const kept = new Set(order.slice(0, keepCount(s.length, 0.3)));
    const sum = [...kept].reduce((total, i) => total + Math.abs(toy.weights[l][i]), 0);
    const gain = (2 * sum) / Math.trunc(0.3 * s.length);
    s.forEach((_, i) => {
      assert.equal(masks[l][i], kept.has(i) ? 1 : 0);
      const expected = kept.has(i) ? gain * Math.sign(toy.weights[l][i]) : 0;
      assert.ok(Math.abs(weights[l][i] - expected) < 1e-6);
    });
  });
});

test("one step on two weights, by hand", () => {
  // x = 1, class 1; W_b = (1, −1), so softmax gives class 0 the chance e/(e + 1/e) = 0.8808: dL/dW_b = (0.8808, −0.8808).
  const toy: RandomNetwork = {
    data: {inputs: Float64Array.of(1), width: 1, labels: Uint8Array.of(1)},
    widths: [1, 2],
    weights: [Float32Array.of(2, -1)],
    keepFraction: 1,
    gain: "one",
  };
  const scores = [Float32Array.of(0.5, -0.5)];
  const velocity = [Float32Array.of(0, 1)];
  moveScores(
    toy,
    binarized(toy, [Uint8Array.of(1, 1)]),
    {scores, velocity},
    {
      learningRate: 0.1,
      momentum: 0.5,
    },
  );
  // dL/ds = (0.8808 · 2 · 1, −0.8808 · −1 · −1); v = (1.7616, 0.5 − 0.8808).
  const expected = [0.5 - 0.17616, -0.5 + 0.03808];
  expected.forEach((s, i) => void assert.ok(Math.abs(scores[0][i] - s) < 1e-5, `${scores[0]}`));
});

test("no weight ever changes, each mask keeps its count, and the loss falls", () => {
  const playground = startPlayground(defaultSettings);
  const weights = playground.toy.weights.map(w => w.slice());
  for (let step = 0; step < 150; step++) {
    stepPlayground(playground);
    for (const mask of playground.masks) {
      assert.equal(
        mask.reduce((sum, m) => sum + m, 0),
        keepCount(mask.length, defaultSettings.keepFraction),
      );
    }
  }
  assert.deepEqual(playground.toy.weights, weights);
  assert.ok(playground.losses[150] < 0.4 && playground.losses[0] > 0.6, `${playground.losses[150]}`);
  assert.ok(playground.accuracy > 85, `${playground.accuracy} %`);
});

test("the picture is well-formed SVG without a number missing, whatever the settings", () => {
  const {window} = new JSDOM();
  for (const given of variants) {
    const playground = startPlayground({...defaultSettings, ...given});
    const before = playground.losses.slice();
    const svg = playgroundSvg(stepPlayground(stepPlayground(playground)), {before});
    const page = new window.DOMParser().parseFromString(svg, "image/svg+xml");
    assert.equal(page.querySelector("parsererror"), null);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
  }
});

test("what a step promised is the slope of the loss along it, by finite differences, and what came is the loss itself", () => {
  const playground = startPlayground(defaultSettings);
  let swapped = 0;
  for (let step = 0; step < 25; step++) {
    const {network, weights, masks} = playground;
    stepPlayground(playground);
    const {promised, came, swaps} = playground.changes.at(-1)!;
    assert.equal(
      swaps,
      masks.reduce((sum, mask, l) => sum + mask.filter((m, i) => m < playground.masks[l][i]).length, 0),
    );
    const along = (share: number): number =>
      lossOf(
        network.map((layer, l) => ({
          ...layer,
          weights: layer.weights.map((w, i) => w + share * (playground.weights[l][i] - weights[l][i])),
        })),
        playground.toy.data,
      );
    // ReLU has kinks where a unit had no kept input before: the slope counts as 0 there.
    const revived = network[0].weights.some(
      (_, i) => masks[0].filter((m, j) => m === 1 && j % HIDDEN === i % HIDDEN).length === 0,
    );
    const slope = (along(1e-6) - along(-1e-6)) / 2e-6;
    if (!revived) assert.ok(Math.abs(promised - slope) < 1e-5, `${promised} against ${slope}`);
    assert.ok(Math.abs(came - (along(1) - along(0))) < 1e-6);
    if (swaps === 0) assert.deepEqual([promised, came], [0, 0]);
    else swapped += revived ? 0 : 1;
  }
  assert.ok(swapped > 5, `only ${swapped} steps were compared`);
});

test("the panels show every score once, kept ones above the threshold and only those, and each step that swapped", () => {
  const playground = startPlayground({...defaultSettings, keepFraction: 0.3});
  for (let step = 0; step < 30; step++) stepPlayground(playground);
  const {window} = new JSDOM();
  const [scores, steps] = stepPanels(playground).map(each => {
    const svg = panelSvg(each);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
    return new window.DOMParser().parseFromString(svg, "image/svg+xml");
  });
  const dots = [...scores.querySelectorAll("circle")].filter(each => each.getAttribute("r") !== "6");
  assert.equal(
    dots.length,
    playground.scores.reduce((sum, s) => sum + s.length, 0),
  );
  const line = Number(
    /M[\d.]+ ([\d.]+)L/.exec(scores.querySelector("[stroke-dasharray='5 4']")!.getAttribute("d")!)![1],
  );
  const above = dots.filter(each => Number(each.getAttribute("cy")) <= line + 1e-9);
  assert.ok(above.every(each => each.getAttribute("r") === "2.8"));
  assert.equal(
    above.length,
    playground.masks.reduce((sum, mask) => sum + mask.filter(m => m === 1).length, 0),
  );
  assert.equal(
    steps.querySelectorAll("circle").length,
    playground.changes.filter(({swaps}) => swaps > 0).length,
  );
});

test("the last step is told in a sentence", () => {
  assert.equal(stepText(undefined), "No step yet.");
  assert.match(stepText({swaps: 0, promised: 0, came: 0}), /no weight came in/);
  assert.equal(
    stepText({swaps: 2, promised: -0.0312, came: 0.004}),
    "The last step exchanged 2 weights: to first order the loss was to change by −0.031; it changed by +0.0040.",
  );
});

test("settings that mean nothing are refused with what would do", () => {
  const start = (given: object) => () => startPlayground({...defaultSettings, ...given});
  assert.throws(start({points: "cross"}), /unknown points "cross"; choose moons, circles, spiral/);
  assert.throws(start({gain: "two"}), /unknown gain rule "two"; choose mean-kept/);
  assert.throws(start({fan: "all"}), /unknown fan rule "all"; choose pruned, kept, none/);
  assert.throws(start({keepFraction: 0}), /keepFraction is the share of weights kept/);
  assert.throws(start({gainFactor: 0}), /gainFactor must be above 0/);
  assert.throws(start({learningRate: -1}), /learningRate must be at least 0/);
});
