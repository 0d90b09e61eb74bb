import assert from "node:assert/strict";
import {before, test} from "node:test";
import type * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {type LayerGainName, layerGainNames} from "../../src/core/layerGain";
import {buildNetwork} from "../../src/layers/build";
import {maskedDense} from "../../src/layers/maskedDense";
import type {MaskedLayer} from "../../src/layers/maskedLayer";
import {operationsOf} from "../../src/network/architectures";
import {assertClose} from "../core/close";
import {backends, gradientOf, random, sequence, valuesOf} from "./tensors";

function layerOf(gain: LayerGainName, gainFactor?: number): {layer: MaskedLayer; model: tf.Sequential} {
  const layer = maskedDense({
    ...{units: 6, inputShape: [9], keepFraction: 0.4, seed: 4, name: "fc"},
    ...{gain, gainFactor},
  });
  return {layer, model: sequence(layer)};
}

for (const backend of backends) {
  test(`${backend}: a factor multiplies every rule's gain, and leaves dL/dS as it is`, async () => {
    await useBackend(backend);
    const [x, dy] = [random([3, 9], "x"), random([3, 6], "dy")];
    for (const gain of layerGainNames) {
      const [plain, scaled] = [layerOf(gain), layerOf(gain, 0.25)];
      assert.equal(scaled.layer.gain(), 0.25 * plain.layer.gain(), gain);
      assert.deepEqual(scaled.layer.mask(), plain.layer.mask());
      const [y, small] = [plain, scaled].map(({model}) => valuesOf(() => model.apply(x) as tf.Tensor));
      assertClose(
        small,
        y.map(value => 0.25 * value),
        1e-6,
        `${gain}: output`,
      );
      const [dS, same] = [plain, scaled].map(({layer, model}) =>
        gradientOf(model, x, dy, layer.variables().scores!),
      );
      assert.deepEqual(same, dS, gain);
    }
  });
}

before(() => useBackend("auto"));

test("the output gain multiplies a plain network's logits, and no other layer's gain", () => {
  const operations = operationsOf({arch: "digits", activation: "relu", width: 0.125});
  const options = {activation: "relu", keepFraction: 0.5, seed: 3, gain: "unit"} as const;
  const networks = [1, 0.5].map(outputGain =>
    buildNetwork(operations, [28, 28, 1], {...options, outputGain}),
  );
  const x = random([4, 28, 28, 1], "x");
  const [logits, halved] = networks.map(({model}) => valuesOf(() => model.apply(x) as tf.Tensor));
  assert.deepEqual(
    halved,
    logits.map(value => value / 2),
  );
  const gains = networks.map(({masked}) => masked.map(layer => layer.gain()));
  assert.deepEqual(gains[1], [...gains[0].slice(0, -1), gains[0].at(-1)! / 2]);
});

test("a factor that is no number above 0 is refused", () => {
  for (const factor of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => layerOf("unit", factor), /gainFactor must be a number above 0/);
});
