import assert from "node:assert/strict";
import {before, test} from "node:test";
import type * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import type {GainRule} from "../../src/core/gain";
import {globalTopKMasks, keepCount} from "../../src/core/mask";
import {GlobalSelection} from "../../src/layers/globalSelection";
import {maskedDense} from "../../src/layers/maskedDense";
import type {MaskedLayer} from "../../src/layers/maskedLayer";
import {assign, random, sequence, valuesOf} from "./tensors";

before(() => useBackend("auto"));

interface Shared {
  layers: [MaskedLayer, MaskedLayer];
  model: tf.LayersModel;
  selection: GlobalSelection;
}

function shared(keepFraction: number, gain: GainRule = "mean-kept"): Shared {
  const selection = new GlobalSelection(keepFraction);
  const options = {keepFraction, selection, gain};
  const first = maskedDense({...options, units: 4, inputShape: [3], name: "first"});
  const second = maskedDense({...options, units: 5, name: "second"});
  return {layers: [first, second], model: sequence(first, second), selection};
}
const count = (mask: Uint8Array): number => mask.reduce((sum, m) => sum + m, 0);

test("all layers share one threshold: every kept |s| is at least every dropped |s| of either layer", () => {
  const {layers} = shared(0.4);
  const entries = layers.flatMap(layer =>
    [...layer.scoreValues()].map((s, i) => ({s: Math.abs(s), m: layer.mask()[i]})),
  );
  const kept = entries.filter(({m}) => m === 1).map(({s}) => s);
  const dropped = entries.filter(({m}) => m === 0).map(({s}) => s);
  assert.equal(kept.length, keepCount(32, 0.4));
  assert.ok(Math.min(...kept) >= Math.max(...dropped));
  assert.deepEqual(
    layers.map(layer => layer.mask()),
    globalTopKMasks(
      layers.map(layer => layer.scoreValues()),
      0.4,
    ),
  );
});

test("the gain of a layer divides by the layer's own kept count", () => {
  for (const layer of shared(0.4).layers) {
    const mask = layer.mask();
    const sum = layer.weightValues().reduce((total, w, i) => total + mask[i] * Math.abs(w), 0);
    assert.ok(Math.abs(layer.gain() - sum / count(mask)) < 1e-9);
  }
});

test("a change of one layer's scores moves the other layer's mask and output too", () => {
  const {layers, model} = shared(0.5);
  const [first, second] = layers;
  const x = random([2, 3], "x");
  const output = (): number[] => valuesOf(() => model.apply(x) as tf.Tensor);
  const [old, keptBefore] = [output(), count(second.mask())];
  assign(
    first.variables().scores,
    [...first.scoreValues()].map(s => s / 2),
  );
  assert.equal(count(first.mask()) + count(second.mask()), 16);
  assert.ok(count(second.mask()) > keptBefore);
  assert.notDeepEqual(output(), old);
  assert.deepEqual(
    second.effectiveValues().map(w => (w === 0 ? 0 : 1)),
    Float32Array.from(second.mask()),
  );
});

test("masks are computed once for both layers, and again only when scores changed", () => {
  const {layers, selection} = shared(0.5);
  const [first, second] = layers;
  const masks = layers.map(layer => selection.maskOf(layer));
  assert.equal(first.mask(), masks[0]);
  assert.equal(second.mask(), masks[1]);
  assign(first.variables().scores, first.scoreValues());
  assert.notEqual(selection.maskOf(second), masks[1]);
});

test("another keepFraction moves every layer's mask and gain; an impossible one is refused", () => {
  const {layers, selection} = shared(0.5);
  for (const k of [0.8, 0.3, 0.5]) {
    selection.keepFraction = k;
    const scores = layers.map(layer => layer.scoreValues());
    assert.deepEqual(
      layers.map(layer => layer.mask()),
      globalTopKMasks(scores, k),
    );
    for (const layer of layers) {
      const values = new Set([...layer.effectiveValues()].map(Math.abs));
      assert.ok(values.has(Math.fround(layer.gain())), `keeping ${k}`);
    }
  }
  assert.throws(() => {
    selection.keepFraction = 0;
  }, RangeError);
  assert.equal(selection.keepFraction, 0.5);
});

for (const gain of ["mean-kept", "one"] as const) {
  test(`a layer that the threshold leaves empty is refused by name, every time (gain ${gain})`, () => {
    const {layers, model} = shared(0.25, gain);
    const [first, second] = layers;
    const refused = {
      name: "UserError",
      message:
        /global selection at keepFraction 0.25 leaves layer second empty: .*keep more, .* or select layerwise/,
    };
    assign(second.variables().scores, new Float32Array(20));
    const apply = (): number[] => valuesOf(() => model.apply(random([2, 3], "x")) as tf.Tensor);
    assert.throws(apply, refused);
    assert.throws(apply, refused);
    assert.throws(() => second.mask(), refused);
    assert.throws(() => first.mask(), refused);
    assign(second.variables().scores, new Array(20).fill(2));
    assert.throws(apply, /leaves layer first empty/);
    assign(first.variables().scores, new Array(12).fill(2));
    assign(second.variables().scores, [2, ...new Array(19).fill(1)]);
    assert.throws(apply, refused, "ties go to the earlier layer");
    assign(first.variables().scores, [...new Array(6).fill(2), ...new Array(6).fill(0)]);
    assert.equal(apply().length, 10);
  });
}

test("a selection knows only the layers that were built under it, and refuses an impossible share", () => {
  const {selection} = shared(0.5);
  const stranger = shared(0.5).layers[0];
  assert.throws(() => selection.maskOf(stranger), {
    name: "RangeError",
    message: /layer first was not built under this global selection/,
  });
  assert.throws(() => new GlobalSelection(0), RangeError);
});
