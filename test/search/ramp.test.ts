import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {UserError} from "../../src/core/errors";
import {searchSpec} from "../../src/search/defaults";
import {keepFractionAt} from "../../src/search/ramp";
import type {SearchSpec} from "../../src/search/spec";

const global = (given: Partial<SearchSpec> = {}): SearchSpec =>
  searchSpec({arch: "conv4", selection: "global", keepFraction: 0.2, ...given});

test("global selection at k = 0.2 keeps 0.5, 0.419, 0.354, … of all weights, and 0.2 from epoch 10 on", () => {
  const spec = global();
  assert.deepEqual(spec.ramp, {epochs: 10, from: 0.5});
  assert.deepEqual(
    Array.from({length: 12}, (_, epoch) => Number(keepFractionAt(spec, epoch).toFixed(3))),
    [0.5, 0.419, 0.354, 0.303, 0.265, 0.238, 0.219, 0.208, 0.202, 0.2, 0.2, 0.2],
  );
  assert.equal(keepFractionAt(spec, 10), 0.2);
});

test("a ramp falls from its first share to keepFraction, and never rises", () => {
  const share = fc.double({min: 0.01, max: 1, noNaN: true});
  fc.assert(
    fc.property(share, share, fc.integer({min: 1, max: 40}), (a, b, epochs) => {
      const [keepFraction, from] = [Math.min(a, b), Math.max(a, b)];
      const at = (epoch: number): number => keepFractionAt({keepFraction, ramp: {epochs, from}}, epoch);
      assert.ok(Math.abs(at(0) - from) < 1e-12);
      for (let epoch = 0; epoch < epochs; epoch++) assert.ok(at(epoch) >= at(epoch + 1));
      assert.equal(at(epochs), keepFraction);
    }),
  );
});

test("a search of fewer than 100 epochs ramps over a tenth of them; keeping half or more, and layerwise, none does", () => {
  assert.deepEqual(
    [5, 30, 250].map(epochs => global({epochs}).ramp),
    [0, 3, 10].map(epochs => ({epochs, from: 0.5})),
  );
  assert.equal(global({keepFraction: 0.5}).ramp, undefined);
  assert.equal(searchSpec({arch: "conv4", keepFraction: 0.2}).ramp, undefined);
  assert.deepEqual(searchSpec(global({epochs: 30})), global({epochs: 30}));
});

test("a ramp that cannot be is a UserError that says why", () => {
  const refuse = (given: Partial<SearchSpec>, message: RegExp): void =>
    assert.throws(
      () => global(given),
      (error: unknown) => error instanceof UserError && message.test(error.message),
    );
  const dense = {method: "dense", selection: "layerwise", keepFraction: 1} as const;
  refuse({...dense, ramp: {epochs: 3, from: 1}}, /goes with a search of scores .* not with dense/);
  refuse({ramp: {epochs: 100, from: 0.5}}, /100 epochs does not end within a search of 100/);
  refuse({ramp: {epochs: 2.5, from: 0.5}}, /whole number of at least 0, got 2.5/);
  refuse({ramp: {epochs: 2, from: 0.1}}, /between keepFraction, 0.2, and 1; got 0.1/);
});
