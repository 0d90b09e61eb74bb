import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {
  logisticGrowth,
  nearestSubset,
  pruneRealToWeight,
  reachableShares,
  uniformValues,
} from "../../src/theory/subsetSum";
import {mean} from "../core/close";

fc.configureGlobal({seed: 1});

const values = fc.array(fc.double({min: -1, max: 1, noNaN: true}), {maxLength: 11});

function allSums(numbers: number[]): number[] {
  return numbers.reduce((sums, value) => sums.concat(sums.map(sum => sum + value)), [0]);
}

test("nearestSubset is as near as the best of all subsets, and its mask has that sum", () => {
  fc.assert(
    fc.property(values, fc.double({min: -2, max: 2, noNaN: true}), (numbers, target) => {
      const {mask, error} = nearestSubset(numbers, target);
      const best = Math.min(...allSums(numbers).map(sum => Math.abs(sum - target)));
      assert.ok(Math.abs(error - best) < 1e-12);
      const sum = numbers.reduce((total, value, i) => total + mask[i] * value, 0);
      assert.ok(Math.abs(Math.abs(sum - target) - error) < 1e-12);
    }),
    {numRuns: 300},
  );
  assert.throws(() => nearestSubset(new Float64Array(41), 0), /at most 40 values, got 41/);
});

test("nothing to choose from: the error is the target", () => {
  assert.deepEqual(nearestSubset([], 0.25), {mask: new Uint8Array(0), error: 0.25});
});

test("reachableShares counts targets that some subset reaches, and never shrinks", () => {
  const epsilon = 0.01;
  const numbers = Array.from(uniformValues(9, 5));
  const shares = reachableShares(numbers, epsilon);
  assert.equal(shares[0], 2 * epsilon);
  shares.forEach((share, i) => {
    assert.ok(i === 0 || share >= shares[i - 1]);
    const sums = allSums(numbers.slice(0, i));
    const grid = Array.from({length: 2000}, (_, j) => -0.5 + (j + 0.5) / 2000);
    const covered = mean(grid, z => (sums.some(sum => Math.abs(sum - z) < epsilon) ? 1 : 0));
    assert.ok(share <= covered + 0.01, "only true targets are counted");
  });
});

test("one value adds |A|·(1 − |A|)/2 in expectation, within four standard errors", () => {
  const epsilon = 0.1;
  const after = Array.from({length: 4000}, (_, seed) => reachableShares(uniformValues(1, seed), epsilon)[1]);
  const average = mean(after);
  const sd = Math.sqrt(mean(after, share => (share - average) ** 2));
  assert.ok(Math.abs(average - logisticGrowth(2 * epsilon, 1)[1]) < 4 * (sd / Math.sqrt(after.length)));
});

test("pruneRealToWeight's masked network computes w·x to within its error on [−1, 1]", () => {
  fc.assert(
    fc.property(fc.double({min: -1, max: 1, noNaN: true}), fc.nat(1e6), (w, seed) => {
      const {mask, error} = pruneRealToWeight(w, 16, seed);
      const [u, v] = ["real/first", "real/second"].map(name => uniformValues(16, seed, name));
      for (const x of [-1, -0.3, 0.5, 1]) {
        const y = mask.reduce((sum, m, j) => sum + m * v[j] * Math.max(0, u[j] * x), 0);
        assert.ok(Math.abs(y - w * x) <= error * Math.abs(x) + 1e-12);
      }
    }),
  );
});
