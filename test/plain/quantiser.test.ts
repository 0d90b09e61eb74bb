import assert from "node:assert/strict";
import {test} from "node:test";
import {gainRules} from "../../src/core/gain";
import {topKMask} from "../../src/core/mask";
import {binarize} from "../../src/core/quantize";
import {Stream} from "../../src/core/random";
import {randomWeights} from "../../src/core/weights";
import {revolvingDoor} from "../../src/plain/combinations";
import {quantisationError} from "../../src/plain/quantiser";

const weights = Float32Array.of(0.5, -1, 0.25, -0.75, 1.5, -0.25, 2, -0.5);
const mask = Uint8Array.of(1, 1, 0, 0, 1, 0, 0, 1);
const context = {keepFraction: 0.5, fanIn: 8, selection: "layerwise"} as const;
const squares = (values: Float32Array): number => values.reduce((sum, v) => sum + v * v, 0);

/** With any signs B, by subtraction. */
function errorWith(signs: readonly number[], kept: Uint8Array, gain: number): number {
  return squares(weights.map((w, i) => w - gain * kept[i] * signs[i])) / squares(weights);
}

test("the error is that of the binary weights themselves", () => {
  const binary = binarize(weights, mask, 0.7);
  const by = squares(weights.map((w, i) => w - binary[i])) / squares(weights);
  assert.ok(Math.abs(quantisationError(weights, mask, 0.7) - by) < 1e-6);
});

test("of all signs, sign W is best; of all gains, the mean of the kept", () => {
  const gain = gainRules["mean-kept"](weights, mask, context);
  assert.equal(gain, 0.875);
  const least = quantisationError(weights, mask, gain);
  assert.equal(least, 5.375 / 8.4375);
  for (let bits = 0; bits < 256; bits++) {
    const signs = Array.from(weights, (_, i) => ((bits >> i) & 1 ? -1 : 1));
    for (let step = 0; step <= 40; step++)
      assert.ok(errorWith(signs, mask, step / 20) >= least - 1e-6, `signs ${signs}, gain ${step / 20}`);
  }
});

test("of all masks that keep four, magnitude pruning's is best", () => {
  const errorOf = (kept: Uint8Array): number =>
    quantisationError(weights, kept, gainRules["mean-kept"](weights, kept, context));
  const largest = topKMask(weights, 0.5);
  const all = revolvingDoor(8, 4).map(errorOf);
  assert.equal(all.length, 70);
  assert.equal(Math.min(...all), errorOf(largest));
  assert.ok(errorOf(largest) < errorOf(mask));
});

test("of normal weights a mask that ignores their size loses 1 − 2k/π", () => {
  const n = 200_000;
  const drawn = randomWeights([n, 1], {keepFraction: 1, seed: 3, name: "layer"});
  const stream = new Stream(3, "mask");
  const scores = Float32Array.from(drawn, (_, i) => stream.uniform(i));
  for (const k of [0.1, 0.5, 0.8, 1]) {
    const kept = topKMask(scores, k);
    const gain = gainRules["mean-kept"](drawn, kept, {...context, keepFraction: k});
    const error = quantisationError(drawn, kept, gain);
    assert.ok(Math.abs(error - (1 - (2 * k) / Math.PI)) < 0.005, `k = ${k}: ${error}`);
  }
});

test("a mask of another length is refused", () => {
  assert.throws(() => quantisationError(weights, Uint8Array.of(1), 1), /8 weights do not match a mask of 1/);
});
