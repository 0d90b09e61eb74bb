import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {binarize, prune, scoreGradient} from "../../src/core/quantize";

fc.configureGlobal({seed: 1});

const weights = Float32Array.of(0.5, -2, 0, 3, -0.25);
const mask = Uint8Array.of(1, 1, 1, 0, 1);

test("binarize gives α·sign(w) where the mask is 1 and 0 elsewhere; a zero weight stays 0", () => {
  assert.deepEqual(
    [...binarize(weights, mask, 1.5)].map(w => w + 0),
    [1.5, -1.5, 0, 0, -1.5],
  );
});

test("binarize rounds the gain once to float32 and gives three values at most", () => {
  const values = new Set(binarize(Float32Array.of(1, -2, 3, -4), Uint8Array.of(1, 1, 1, 0), 0.1));
  assert.deepEqual(values, new Set([Math.fround(0.1), -Math.fround(0.1), 0]));
});

test("prune keeps weights as they are where the mask is 1", () => {
  assert.deepEqual([...prune(weights, mask)], [0.5, -2, 0, 0, -0.25]);
});

test("neither changes its inputs", () => {
  binarize(weights, mask, 2);
  prune(weights, mask);
  assert.deepEqual([...weights], [0.5, -2, 0, 3, -0.25]);
  assert.deepEqual([...mask], [1, 1, 1, 0, 1]);
});

test("scoreGradient is the derivative of its surrogate Σ d·w·|s|, by central differences", () => {
  const number = fc.double({min: -4, max: 4, noNaN: true});
  const score = fc.oneof(
    fc.double({min: 0.01, max: 4, noNaN: true}),
    fc.double({min: -4, max: -0.01, noNaN: true}),
  );
  const rows = fc.array(fc.tuple(number, number, score), {minLength: 1, maxLength: 8});
  fc.assert(
    fc.property(rows, list => {
      const [d, w, s] = [0, 1, 2].map(column => Float32Array.from(list.map(row => row[column])));
      const h = 1e-3;
      const surrogate = (at: number[]): number =>
        at.reduce((sum, si, i) => sum + d[i] * w[i] * Math.abs(si), 0);
      const nudged = (i: number, by: number): number[] => [...s].map((si, j) => (j === i ? si + by : si));
      scoreGradient(d, w, s).forEach((analytic, i) => {
        const numeric = (surrogate(nudged(i, h)) - surrogate(nudged(i, -h))) / (2 * h);
        assert.ok(Math.abs(analytic - numeric) < 1e-6 * 16, `entry ${i}: ${analytic} vs ${numeric}`);
      });
    }),
  );
});

test("scoreGradient by hand: d·w·sign(s), and 0 where the score is 0", () => {
  const gradient = scoreGradient(
    Float32Array.of(2, 2, 2, -1),
    Float32Array.of(3, 3, 3, 0.5),
    Float32Array.of(0.1, -0.1, 0, -9),
  );
  assert.deepEqual([...gradient], [6, -6, 0, 0.5]);
});

test("arrays of other lengths are refused", () => {
  const wrong = {name: "RangeError", message: /5 weights do not match 4 entries/};
  assert.throws(() => binarize(weights, mask.subarray(1), 1), wrong);
  assert.throws(() => prune(weights, mask.subarray(1)), wrong);
  assert.throws(() => scoreGradient(weights.subarray(1), weights, weights), wrong);
  assert.throws(() => scoreGradient(weights, weights, weights.subarray(1)), wrong);
});
