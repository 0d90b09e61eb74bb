import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {partsForError, roundingError, unitsForLayer, unitsForLayerByEntropy} from "../../src/theory/bounds";
import {successProbability} from "../../src/theory/multinomial";

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

test("with the units of either bound the exact probability of failure is at most δ", () => {
  const cases = fc.record({
    parts: fc.integer({min: 1, max: 40}),
    inputs: fc.integer({min: 1, max: 9}),
    outputs: fc.integer({min: 1, max: 9}),
    delta: fc.double({min: 1e-6, max: 0.9, noNaN: true}),
  });
  fc.assert(
    fc.property(cases, ({parts, inputs, outputs, delta}) => {
      for (const bound of [unitsForLayer, unitsForLayerByEntropy]) {
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

test("what is no error, no size or no probability is refused by name", () => {
  assert.throws(() => partsForError(0), /epsilon must be positive, got 0/);
  assert.throws(() => partsForError(Number.NaN), /epsilon must be positive/);
  assert.throws(() => partsForError(0.1, -1), /l1 must be positive/);
  assert.throws(() => unitsForLayer(0, 1, 1, 0.1), /parts must be positive/);
  for (const delta of [0, 1, Number.NaN])
    assert.throws(() => unitsForLayer(1, 1, 1, delta), /delta is a probability/);
});
