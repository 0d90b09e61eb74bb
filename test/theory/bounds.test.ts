import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {Stream} from "../../src/core/random";
import {runPruned} from "../../src/plain/prunedLayer";
import {type ReluNetwork, runRelu} from "../../src/plain/reluNetwork";
import {
  partsForError,
  roundingError,
  theoremSizes,
  unitsForLayer,
  unitsForLayerAimed,
  unitsForLayerByEntropy,
} from "../../src/theory/bounds";
import {pruneToLayer} from "../../src/theory/construct";
import {fewestUnits, successProbability} from "../../src/theory/multinomial";

const aimedByHoeffding: typeof unitsForLayerAimed = (n, d, m, delta) =>
  unitsForLayerAimed(n, d, m, delta, "hoeffding");

const positive = fc.double({min: 1e-3, max: 1e3, noNaN: true});

test("partsForError is the smallest n whose rounding error is at most ε", () => {
  fc.assert(
    fc.property(fc.double({min: 0.01, max: 10, noNaN: true}), positive, positive, (epsilon, l1, scale) => {
      const n = partsForError(epsilon, l1, scale);
      assert.ok(roundingError(n, l1, scale) <= epsilon * (1 + 1e-12));
      if (n > 1) assert.ok(roundingError(n - 1, l1, scale) > epsilon * (1 - 1e-12));
    }),
  );
});

test("partsForError by hand: 1 at ε = 1 and at ε = ½, 5 at 0.1, 50 for ten inputs, 3 for a given input of ℓ₁ 0.6", () => {
  assert.deepEqual([partsForError(1), partsForError(0.5), partsForError(0.1)], [1, 1, 5]);
  assert.deepEqual([partsForError(0.1, 10), partsForError(0.1, 0.6)], [50, 3]);
});

test("unitsForLayer by hand: 8n where n decides, 32 ln(4dm/δ) where δ does", () => {
  assert.equal(unitsForLayer(1000, 2, 2, 0.5), 8000);
  assert.equal(unitsForLayer(1, 50, 24, 0.01), Math.ceil(32 * Math.log(480_000)));
  assert.equal(unitsForLayer(1, 50, 24, 0.01), 419);
});

test("with the units of any of the bounds the exact probability of failure is at most δ", () => {
  const cases = fc.record({
    parts: fc.integer({min: 1, max: 40}),
    inputs: fc.integer({min: 1, max: 9}),
    outputs: fc.integer({min: 1, max: 9}),
    delta: fc.double({min: 1e-6, max: 0.9, noNaN: true}),
  });
  fc.assert(
    fc.property(cases, ({parts, inputs, outputs, delta}) => {
      for (const bound of [unitsForLayer, unitsForLayerByEntropy, unitsForLayerAimed, aimedByHoeffding]) {
        const units = bound(parts, inputs, outputs, delta);
        assert.ok(1 - successProbability({parts, units, inputs, outputs}) <= delta, `${units} units`);
      }
      assert.ok(
        unitsForLayerByEntropy(parts, inputs, outputs, delta) <= unitsForLayer(parts, inputs, outputs, delta),
      );
    }),
    {numRuns: 40},
  );
});

test("aimed at what is wanted the bound is nearly tight; aimed at half the mean it is nine times too large at n = 1", () => {
  const bounds = (n: number): number[] => [
    unitsForLayer(n, 1, 1, 0.01),
    aimedByHoeffding(n, 1, 1, 0.01),
    unitsForLayerAimed(n, 1, 1, 0.01),
    fewestUnits({parts: n}, 0.01),
  ];
  assert.deepEqual(bounds(1), [192, 48, 21, 21]);
  assert.deepEqual(bounds(5), [192, 77, 56, 50]);
  for (const n of [1, 2, 3, 8, 20, 50, 120]) {
    for (const outputs of [1, 10]) {
      const ratio = unitsForLayerAimed(n, 1, outputs, 0.01) / fewestUnits({parts: n, outputs}, 0.01);
      assert.ok(ratio >= 1 && ratio < 1.15, `n = ${n}, m = ${outputs}: ${ratio}`);
    }
  }
});

/** A layer d → d with ‖W‖₂ ≤ 1 and |w| ≤ 1/√d: random, divided by its Frobenius norm where that is above 1. */
function tameLayer(d: number, seed: number, name: string): ReluNetwork[number] {
  const random = new Stream(seed, name);
  const raw = Float64Array.from({length: d * d}, (_, i) => (2 * random.uniform(i) - 1) / Math.sqrt(d));
  const norm = Math.sqrt(raw.reduce((sum, w) => sum + w * w, 0));
  return {inputs: d, outputs: d, weights: raw.map(w => w / Math.max(1, norm)), bias: new Float64Array(d)};
}

test("theoremSizes by hand, and its width contains the target within ε in the 2-norm", () => {
  assert.deepEqual(theoremSizes({depth: 2, width: 4, epsilon: 0.1, delta: 0.01}), {
    parts: 40,
    units: 320,
    hidden: 1280,
  });
  assert.equal(
    theoremSizes({depth: 1, width: 1, epsilon: 1, delta: 0.01}).units,
    Math.ceil(32 * Math.log(400)),
  );
  for (const [width, depth, epsilon] of [
    [2, 1, 0.5],
    [4, 4, 1],
    [4, 2, 0.1],
    [9, 3, 0.5],
  ]) {
    const {parts, units} = theoremSizes({depth, width, epsilon, delta: 0.001});
    const target = Array.from({length: depth}, (_, l) => tameLayer(width, 7, `w${l}`));
    const layers = target.flatMap(
      (layer, l) =>
        pruneToLayer(layer, {parts, units, seed: 1, name: `l${l}`, scale: 1 / Math.sqrt(width)}).layers,
    );
    for (let t = 0; t < 20; t++) {
      const random = new Stream(t, "x");
      const raw = Float64Array.from({length: width}, (_, i) => 2 * random.uniform(i) - 1);
      const norm = Math.hypot(...raw);
      const x = raw.map(value => value / norm);
      const exact = runRelu(target, x);
      const error = Math.hypot(...runPruned(layers, x).map((y, k) => y - exact[k]));
      assert.ok(error <= epsilon, `d = ${width}, ℓ = ${depth}: ${error} > ${epsilon}`);
    }
  }
});

test("what is no error, no size or no probability is refused by name", () => {
  assert.throws(() => partsForError(0), /epsilon must be positive, got 0/);
  assert.throws(() => partsForError(Number.NaN), /epsilon must be positive/);
  assert.throws(() => partsForError(0.1, -1), /l1 must be positive/);
  assert.throws(() => unitsForLayer(0, 1, 1, 0.1), /parts must be positive/);
  assert.throws(
    () => theoremSizes({depth: 2, width: 4, epsilon: 2, delta: 0.1}),
    /epsilon must be at most 1, got 2/,
  );
  assert.throws(
    () => theoremSizes({depth: 0, width: 4, epsilon: 1, delta: 0.1}),
    /depth must be positive, got 0/,
  );
  for (const delta of [0, 1, Number.NaN])
    assert.throws(() => unitsForLayerAimed(1, 1, 1, delta), /delta is a probability/);
  for (const delta of [0, 1, Number.NaN])
    assert.throws(() => unitsForLayer(1, 1, 1, delta), /delta is a probability/);
});
