import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {applyLayer, runPruned} from "../../src/plain/prunedLayer";
import {pruneToDeepWeight, sizesForDeepWeight} from "../../src/theory/doubling";
import {pruneToStaircase, staircaseInput} from "../../src/theory/staircase";

fc.configureGlobal({seed: 1});

const unit = fc.double({min: -1, max: 1, noNaN: true});

test("1,000 random weights by depth: within |x|·2^−(K+1) ≤ ε, from signs alone", () => {
  const epsilons = fc.double({min: 1e-4, max: 1, noNaN: true});
  fc.assert(
    fc.property(unit, unit, epsilons, fc.nat(1e6), (w, x, epsilon, seed) => {
      const {layers, levels, bound} = pruneToDeepWeight(w, {epsilon, seed, delta: 1e-4});
      assert.equal(layers.length, levels + 2);
      const error = Math.abs(runPruned(layers, [x])[0] - w * x);
      assert.ok(error <= bound * Math.abs(x) + 1e-12 && bound <= epsilon);
    }),
    {numRuns: 1000},
  );
});

test("the deep construction keeps at most two edges into a unit, and six units a level", () => {
  const {layers} = pruneToDeepWeight(0.7, {epsilon: 0.01, seed: 1});
  for (const {start} of layers.slice(0, -1)) {
    const counts = Array.from(start.subarray(1), (end, k) => end - start[k]);
    assert.ok(Math.max(...counts) <= 2);
    assert.ok(counts.filter(count => count > 0).length <= 6);
  }
});

test("edge cases by depth: w = 0 is 0, w = ±1 is exact, ε = 1 takes one level, and misuse is refused", () => {
  const at = (w: number, x: number): number =>
    runPruned(pruneToDeepWeight(w, {epsilon: 1 / 64, seed: 1}).layers, [x])[0];
  for (const x of [-1, 0, 0.5]) assert.deepEqual([at(0, x) + 0, at(1, x), at(-1, x) + 0], [0, x, 0 - x]);
  assert.equal(sizesForDeepWeight(1, 0.1).levels, 1);
  assert.throws(() => pruneToDeepWeight(1.01, {epsilon: 0.1, seed: 1}), /\|w\| must be at most 1, got 1.01/);
  assert.throws(() => pruneToDeepWeight(0.5, {epsilon: 0.1, seed: 1, width: 6}), /take a wider network/);
  assert.throws(() => sizesForDeepWeight(0.1, 0), /delta is a probability/);
});

test("the promised width fails no more often than δ", () => {
  const delta = 0.2;
  let failures = 0;
  for (let seed = 0; seed < 300; seed++) {
    try {
      pruneToDeepWeight(0.99, {epsilon: 0.05, seed, delta});
    } catch {
      failures++;
    }
  }
  assert.ok(failures <= 300 * delta, `${failures} of 300`);
});

test("a staircase of steps is within lipschitz/K + g of 200 random functions, on binary activations alone", () => {
  fc.assert(
    fc.property(unit, unit, fc.integer({min: 1, max: 9}), fc.nat(1e6), (a, b, steps, seed) => {
      const f = (x: number): number => a * Math.sin(2 * x) + b * x * x;
      const found = pruneToStaircase(f, {steps, gain: 0.1, seed});
      const bound = found.bound(2 * Math.abs(a) + 2 * Math.abs(b));
      for (let i = 0; i <= 40; i++) {
        const x = -1 + i / 20;
        const [y] = runPruned(found.layers, staircaseInput(x, found.copies), "step");
        assert.ok(Math.abs(y - f(x)) <= bound + 1e-9, `${y} for ${f(x)}`);
      }
    }),
    {numRuns: 200},
  );
});

test("before a sign the gain has no effect; too small a random network is refused", () => {
  const {layers, copies} = pruneToStaircase(x => x, {steps: 4, gain: 0.25, seed: 1});
  const x = staircaseInput(0.3, copies);
  const louder = [{...layers[0], gain: 17}, layers[1]];
  assert.deepEqual(runPruned(louder, x, "step"), runPruned(layers, x, "step"));
  assert.notDeepEqual(applyLayer(louder[0], x), applyLayer(layers[0], x));
  assert.throws(
    () => pruneToStaircase(x => x, {steps: 4, gain: 0.25, seed: 1, units: 2}),
    /hidden units are too few/,
  );
  assert.throws(
    () => pruneToStaircase(x => x, {steps: 4, gain: 0.25, seed: 1, copies: 4}),
    /copies of an input are too/,
  );
  assert.throws(() => pruneToStaircase(x => x, {steps: 0, gain: 1, seed: 1}), /steps must be whole/);
});
