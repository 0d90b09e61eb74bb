import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {batchNorm} from "../../src/layers/batchNorm";
import {binaryActivation} from "../../src/layers/binaryActivation";
import {GlobalSelection} from "../../src/layers/globalSelection";
import {maskedConv2d} from "../../src/layers/maskedConv2d";
import {maskedDense} from "../../src/layers/maskedDense";
import type {MaskedOptions} from "../../src/layers/maskedOptions";
import {paddedMaxPool} from "../../src/layers/paddedMaxPool";
import {assign, random, sequence, valuesOf} from "./tensors";

before(() => useBackend("auto"));

const image = [7, 7, 2];
const x = (): tf.Tensor => random([3, ...image], "x");
const outputs = (model: tf.LayersModel): number[] => valuesOf(() => model.apply(x()) as tf.Tensor);
/** Every option that is not its default. */
const options: MaskedOptions = {
  keepFraction: 0.4,
  weights: "kaiming-uniform",
  fan: "pruned",
  scores: "normal",
  gain: "rms-kept",
  scoreGradient: "sign-only",
  seed: 5,
};

function layers(): tf.layers.Layer[] {
  return [
    maskedConv2d({
      ...options,
      filters: 3,
      kernelSize: 3,
      strides: 2,
      padding: 1,
      inputShape: image,
      name: "conv.1",
    }),
    batchNorm({mode: "bias", momentum: 0.3, epsilon: 1e-3, name: "bn.1"}),
    binaryActivation({surrogate: "tanh"}),
    paddedMaxPool({size: 3, strides: 2, padding: 1}),
    tf.layers.flatten(),
    maskedDense({...options, method: "edge-popup", units: 4, name: "fc.1"}),
    maskedDense({method: "dense", seed: 6, units: 2, name: "fc.2"}),
  ];
}
function functional(): tf.LayersModel {
  const input = tf.input({shape: image});
  const output = layers().reduce((at, layer) => layer.apply(at) as tf.SymbolicTensor, input);
  return tf.model({inputs: input, outputs: output});
}
const models: [string, () => tf.LayersModel][] = [
  ["sequential", () => sequence(...layers())],
  ["functional", functional],
];

for (const [kind, build] of models) {
  test(`a ${kind} model read back from its JSON gives the same outputs: seeds and names give the weights`, async () => {
    const model = build();
    const twin = await tf.models.modelFromJSON(model.toJSON(null, false) as unknown as tf.io.ModelJSON);
    assert.deepEqual(outputs(twin), outputs(model));
    assert.deepEqual(
      twin.layers.map(layer => layer.getConfig()),
      model.layers.map(layer => layer.getConfig()),
    );
    assert.deepEqual(
      twin.trainableWeights.map(w => w.originalName),
      model.trainableWeights.map(w => w.originalName),
    );
  });

  test(`a ${kind} model saved after its scores and statistics changed is loaded as it was`, async () => {
    const model = build();
    const fresh = outputs(model);
    for (const weight of model.getWeights()) assert.ok(weight.size > 0);
    for (const variable of [...model.trainableWeights, ...model.nonTrainableWeights]) {
      const live = variable.read() as tf.Variable;
      assign(
        live,
        [...live.dataSync()].map((v, i) => v * 0.5 + 0.1 * ((i % 5) + 1)),
      );
    }
    const changed = outputs(model);
    assert.notDeepEqual(changed, fresh);
    let saved: tf.io.ModelArtifacts = {};
    await model.save(
      tf.io.withSaveHandler(async artifacts => {
        saved = artifacts;
        return {modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: "JSON"}};
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved));
    assert.deepEqual(outputs(loaded), changed);
  });
}

test("a layer with a function among its rules, or a shared threshold, says that it cannot be saved", () => {
  const dense = (more: MaskedOptions): tf.layers.Layer =>
    maskedDense({units: 1, keepFraction: 0.5, name: "fc", ...more});
  const rules: [MaskedOptions, string][] = [
    [{weights: () => 1}, "weight initialisation"],
    [{fan: fan => fan}, "fan rule"],
    [{scores: () => 1}, "score initialisation"],
    [{gain: () => 1}, "gain"],
    [{scoreGradient: d => d}, "score gradient"],
  ];
  for (const [rule, what] of rules) {
    const message = new RegExp(`a layer whose ${what} is a function cannot be saved`);
    assert.throws(() => dense(rule).getConfig(), {name: "RangeError", message});
  }
  assert.throws(
    () => binaryActivation({surrogate: v => v}).getConfig(),
    /surrogate is a function cannot be saved/,
  );
  assert.throws(() => dense({selection: new GlobalSelection(0.5)}).getConfig(), {
    name: "RangeError",
    message: /layer fc takes its mask from outside: it cannot be saved on its own/,
  });
});

test("an option that a masked layer does not have is refused, with what to do instead", () => {
  const wrong = [
    [{activation: "relu"}, /fc has no option activation; .*put a layer of it behind/],
    [{useBias: false}, /no option useBias; masked layers have no bias/],
    [{keepFracton: 0.5}, /no option keepFracton \(did you mean keepFraction\?\)/],
    [{filters: 3}, /no option filters.*it has units/],
  ] as const;
  for (const [options, message] of wrong)
    assert.throws(() => maskedDense({units: 4, keepFraction: 0.5, name: "fc", ...(options as object)}), {
      name: "RangeError",
      message,
    });
});
