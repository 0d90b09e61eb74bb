import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {gainRules} from "../../src/core/gain";
import {binarize} from "../../src/core/quantize";
import {scoreGradient} from "../../src/core/straightThrough";
import {maskedDense} from "../../src/layers/maskedDense";
import type {MaskedLayer} from "../../src/layers/maskedLayer";
import type {MaskedOptions} from "../../src/layers/maskedOptions";
import {assertClose} from "../core/close";
import {assign, backends, gradientOf, random, sequence, valuesOf} from "./tensors";

const [FEATURES, UNITS, KEEP] = [9, 6, 0.4];

function learned(options: MaskedOptions = {}): {layer: MaskedLayer; model: tf.Sequential; start: number} {
  const layer = maskedDense({
    ...{units: UNITS, inputShape: [FEATURES], keepFraction: KEEP, gain: "learned", seed: 4, name: "fc"},
    ...options,
  });
  const model = sequence(layer);
  const context = {keepFraction: KEEP, fanIn: FEATURES, selection: "layerwise"} as const;
  return {layer, model, start: gainRules["mean-kept"](layer.weightValues(), layer.mask(), context)};
}

for (const backend of backends) {
  test(`${backend}: the gain starts as mean |W| over kept, and is that times e^g afterwards`, async () => {
    await useBackend(backend);
    const {layer, model, start} = learned();
    const x = random([3, FEATURES], "x");
    assert.equal(layer.gain(), start);
    for (const g of [0.5, -2]) {
      assign(layer.variables().gain, [g]);
      assert.ok(Math.abs(layer.gain() / (start * Math.exp(g)) - 1) < 1e-6);
      const effective = binarize(layer.weightValues(), layer.mask(), layer.gain());
      assert.deepEqual(layer.effectiveValues(), effective);
      const plain = valuesOf(() => tf.matMul(x as tf.Tensor2D, tf.tensor2d(effective, [FEATURES, UNITS])));
      const output = valuesOf(() => model.apply(x) as tf.Tensor);
      assertClose(output, plain, 1e-6, "output");
    }
  });

  test(`${backend}: dL/dg is the loss's slope, and dL/dS is what it is without`, async () => {
    await useBackend(backend);
    const {layer, model} = learned();
    const [x, dy] = [random([3, FEATURES], "x"), random([3, UNITS], "dy")];
    const {gain, scores} = layer.variables();
    assign(gain, [0.3]);
    const loss = (g: number): number => {
      assign(gain, [g]);
      return valuesOf(() => (model.apply(x) as tf.Tensor).mul(dy).sum())[0];
    };
    const slope = (loss(0.3 + 0.01) - loss(0.3 - 0.01)) / 0.02;
    assign(gain, [0.3]);
    const [found] = gradientOf(model, x, dy, gain!);
    assert.ok(Math.abs(found - slope) < 1e-3 * Math.abs(slope), `${found}, by differences ${slope}`);
    const dEffective = valuesOf(() => tf.matMul(x as tf.Tensor2D, dy as tf.Tensor2D, true));
    const expected = scoreGradient(Float32Array.from(dEffective), layer.weightValues(), layer.scoreValues());
    assertClose(gradientOf(model, x, dy, scores!), expected, 1e-6, "dL/dS");
  });
}

test("held weights are taken anew when the gain moves", async () => {
  await useBackend("auto");
  const {layer, model} = learned();
  const x = random([2, FEATURES], "x");
  const output = (): number[] => valuesOf(() => model.apply(x) as tf.Tensor);
  layer.hold();
  const before = output();
  assign(layer.variables().gain, [Math.log(2)]);
  assertClose(
    output(),
    before.map(y => 2 * y),
    1e-6,
    "twice the gain",
  );
  layer.release();
});

test("real weights have no gain to learn", async () => {
  await useBackend("auto");
  const {layer} = learned({method: "edge-popup"});
  assert.equal(layer.variables().gain, undefined);
  assert.equal(layer.gain(), 1);
});

test("under a random mask, of which nothing is searched, the gain is not trained either", async () => {
  await useBackend("auto");
  assert.equal(learned().model.trainableWeights.length, 2);
  assert.equal(learned({method: "random-mask"}).model.trainableWeights.length, 0);
});

test("a model with learned gains is saved and loaded as it was", async () => {
  await useBackend("auto");
  const {layer, model} = learned();
  assign(layer.variables().gain, [0.7]);
  let saved: tf.io.ModelArtifacts = {};
  await model.save(
    tf.io.withSaveHandler(async artifacts => {
      saved = artifacts;
      return {modelArtifactsInfo: {dateSaved: new Date(), modelTopologyType: "JSON"}};
    }),
  );
  const twin = await tf.loadLayersModel(tf.io.fromMemory(saved));
  assert.equal((twin.layers[0] as MaskedLayer).gain(), layer.gain());
});
