import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {scoreGradient} from "../../src/core/straightThrough";

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
  const [five, four] = [new Float32Array(5), new Float32Array(4)];
  const wrong = {name: "RangeError", message: /5 weights do not match 4 entries/};
  assert.throws(() => scoreGradient(four, five, five), wrong);
  assert.throws(() => scoreGradient(five, five, four), wrong);
});
