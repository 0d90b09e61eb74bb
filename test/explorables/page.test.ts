import assert from "node:assert/strict";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {pathToFileURL} from "node:url";
import type {Browser, Locator, Page} from "playwright-core";
import {gainRules} from "../../src/core/gain";
import {topKMask} from "../../src/core/mask";
import {scoreGradient} from "../../src/core/straightThrough";
import {MEASURED} from "../../src/explorables/signal";
import {quantisationError} from "../../src/plain/quantiser";
import {expectedSignal, measuredSignal, signalFactor} from "../../src/plain/signal";
import {pruneToLayer} from "../../src/theory/construct";
import {weightProbability} from "../../src/theory/multinomial";
import {reachableShares, uniformValues} from "../../src/theory/subsetSum";
import {lacksChromium, openChromium} from "../chromium";

const skip = lacksChromium;
const notebooks = join(__dirname, "..", "..", "notebooks");
const homes = {
  gain: "01-what-is-a-ticket",
  step: "01-what-is-a-ticket",
  weight: "04-a-binary-network-inside-a-random-one",
  sums: "06-subset-sums-and-depth",
  swap: "08-why-biprop-finds-it",
  signal: "21-the-gain",
};
type Name = keyof typeof homes;

let browser: Browser;
let page: Page;
let folder: string;
const mistakes: string[] = [];

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), "multiprize-explorables-"));
  const file = join(folder, "page.html");
  const outputs = (Object.keys(homes) as Name[]).map(storedOutput);
  writeFileSync(file, `<!doctype html><meta charset="utf-8"><body>${outputs.join("\n")}</body>`);
  browser = await openChromium();
  page = await (await browser.newContext({offline: true, viewport: {width: 390, height: 800}})).newPage();
  page.on("pageerror", ({message}) => mistakes.push(message));
  page.on("request", request => {
    if (!/^(file|data):/.test(request.url())) mistakes.push(request.url());
  });
  await page.goto(pathToFileURL(file).href);
});

after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, {recursive: true, force: true});
});

/** What the committed notebook shows under the cell of this explorable: the HTML that an exported page holds. */
function storedOutput(name: Name): string {
  const {cells} = JSON.parse(readFileSync(join(notebooks, `${homes[name]}.ipynb`), "utf8"));
  const cell = cells.find(({source}: {source: string[]}) =>
    source.join("").includes(`showExplorable("${name}")`),
  );
  assert.ok(cell, `notebook ${homes[name]} shows ${name}`);
  return cell.outputs[0].data["text/html"].join("");
}

const place = (name: Name): Locator => page.locator(`[data-multiprize-explorable="${name}"]`);
const control = (name: Name, called: string): Locator => place(name).locator(`[name="${called}"]`);
const word = async (name: Name, called: string): Promise<string> =>
  (await place(name).evaluate((box, key) => (box as HTMLElement).dataset[key], called))!;
const number = async (name: Name, called: string): Promise<number> => Number(await word(name, called));
const near = (found: number, expected: number): void =>
  assert.ok(
    Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `page ${found}, library ${expected}`,
  );

const weights = Float32Array.of(0.5, -1, 0.25, -0.75, 1.5, -0.25, 2, -0.5);
const scores = Float32Array.of(0.5, -0.75, 0.125, 0.375, -0.625, 0.25, -0.0625, 0.875);
const half = {keepFraction: 0.5, fanIn: 8, selection: "layerwise"} as const;

test("the gain follows its slider by keyboard, and the share lost is the library's", {
  skip,
  timeout: 60_000,
}, async () => {
  const mask = topKMask(scores, 0.5);
  near(await number("gain", "lost"), quantisationError(weights, mask, 0.4375));
  await control("gain", "gain").focus();
  await page.keyboard.press("ArrowRight");
  near(await number("gain", "lost"), quantisationError(weights, mask, 0.46875));
  await control("gain", "mean").press("Enter");
  near(await number("gain", "gain"), gainRules["mean-kept"](weights, mask, half));
  near(await number("gain", "lost"), await number("gain", "least"));
  assert.match(await place("gain").innerText(), /The bottom of the parabola/);
  await control("gain", "mask").selectOption("largest |W|");
  near(await number("gain", "lost"), quantisationError(weights, topKMask(weights, 0.5), 0.875));
});

test("steps move the scores as the library's do, and weight 3 comes in for weight 0", {
  skip,
  timeout: 60_000,
}, async () => {
  const slopes = Float32Array.of(1, 0.5, -0.5, 1, -1, 0.25, -0.5, 0.25);
  let now = scores;
  await control("step", "rate").fill("0.25");
  for (let step = 1; step <= 4; step++) {
    await control("step", "step").click();
    const gradient = scoreGradient(slopes, weights, now);
    now = now.map((s, i) => s - 0.25 * gradient[i]);
    const mask = topKMask(now, 0.5);
    assert.equal(await word("step", "mask"), mask.join(""));
    near(await number("step", "gain"), gainRules["mean-kept"](weights, mask, half));
    near(await number("step", "threshold"), Math.min(...now.filter((_, i) => mask[i]).map(Math.abs)));
    if (step === 1) assert.equal(await word("step", "swap"), "3 in for 0");
  }
  await control("step", "reset").click();
  assert.equal(await word("step", "mask"), topKMask(scores, 0.5).join(""));
});

test("one weight is pruned as the library prunes it, drawn again and with too few units", {
  skip,
  timeout: 60_000,
}, async () => {
  const pruned = async (weight: number, parts: number, units: number, seed: number): Promise<void> => {
    const target = {inputs: 1, outputs: 1, weights: Float64Array.of(weight)};
    const found = pruneToLayer(target, {parts, units, seed, scale: 1, shortage: "fewer"});
    near(await number("weight", "above"), found.achieved.above[0]);
    near(await number("weight", "below"), found.achieved.below[0]);
    near(await number("weight", "missing"), found.missing);
    near(await number("weight", "chance"), weightProbability({parts, units}));
  };
  await pruned(0.3, 5, 32, 1);
  await control("weight", "weight").fill("-0.8");
  await pruned(-0.8, 5, 32, 1);
  await control("weight", "draw").click();
  await pruned(-0.8, 5, 32, 2);
  await control("weight", "epsilon").selectOption("0.025");
  await control("weight", "units").fill("12");
  await pruned(-0.8, 20, 12, 2);
  assert.match(await place("weight").innerText(), /are not there\. Draw again/);
});

test("the reachable targets grow number by number as the library's do", {skip, timeout: 60_000}, async () => {
  const share = (count: number, seed: number, epsilon: number): number =>
    reachableShares(uniformValues(count, seed), epsilon)[count];
  await control("sums", "reset").click();
  near(await number("sums", "share"), 0.02);
  for (let count = 1; count <= 3; count++) {
    await control("sums", "draw").click();
    near(await number("sums", "share"), share(count, 1, 0.01));
  }
  await control("sums", "epsilon").selectOption("0.001");
  await control("sums", "other").click();
  for (let fives = 1; fives <= 3; fives++) await control("sums", "five").click();
  near(await number("sums", "share"), share(18, 2, 0.001));
});

test("the three failures raise the loss, and where the conditions hold nothing does", {
  skip,
  timeout: 60_000,
}, async () => {
  for (const [name, change, raises] of [
    ["all conditions hold", -0.5, false],
    ["unequal |W|", 0.2, true],
    ["a score crosses zero", 1, true],
    ["momentum", 0.25, true],
  ] as const) {
    await control("swap", "case").selectOption(name);
    assert.equal(await word("swap", "swapped"), "yes");
    assert.ok(Math.abs((await number("swap", "change")) - change) < 1e-6);
    assert.equal((await number("swap", "raises")) > 0, raises, name);
  }
  await control("swap", "oldSlope").fill("0");
  near(await number("swap", "raises"), 0);
  assert.equal(await control("swap", "case").inputValue(), "your own");
});

test("signal and score step through depth are the library's, for each rule", {
  skip,
  timeout: 60_000,
}, async () => {
  const library = async (state: Parameters<typeof signalFactor>[0] & {depth: number}): Promise<void> => {
    const measured = measuredSignal({...state, ...MEASURED});
    near(await number("signal", "signal"), measured.at(-1)!.signal);
    near(await number("signal", "step"), measured[0].step);
    near(await number("signal", "factor"), signalFactor({...state, units: MEASURED.units}));
    near(await number("signal", "formula"), expectedSignal({...state, units: MEASURED.units}).at(-1)!.signal);
  };
  await control("signal", "depth").fill("3");
  await control("signal", "keepFraction").fill("0.1");
  await library({keepFraction: 0.1, gain: "mean-kept", fan: "pruned", depth: 3});
  await control("signal", "gain").selectOption("rms-kept");
  await control("signal", "fan").selectOption("kept");
  await library({keepFraction: 0.1, gain: "rms-kept", fan: "kept", depth: 3});
  assert.match(await place("signal").innerText(), /keeps its size/);
});

test("on a phone no control is too small to touch, nothing is wider than the window, and nothing was asked of a network", {
  skip,
  timeout: 60_000,
}, async () => {
  const low = await page
    .locator(".multiprize-controls :is(button,select,input)")
    .evaluateAll(all =>
      all
        .filter(each => each.getBoundingClientRect().height < 40)
        .map(each => (each as HTMLInputElement).name),
    );
  assert.deepEqual(low, []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.deepEqual(mistakes, []);
});
