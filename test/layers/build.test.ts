import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {topKMask} from "../../src/core/mask";
import {startScores} from "../../src/core/scores";
import {randomWeights} from "../../src/core/weights";
import {type BuildOptions, buildNetwork, type Network} from "../../src/layers/build";
import {type ArchitectureName, architectureNames, operationsOf} from "../../src/network/architectures";
import type {ImageShape, Operation} from "../../src/network/operations";
import {layerShapes} from "../../src/network/shapes";
import {random, valuesOf} from "./tensors";

before(() => useBackend("auto"));

const image: ImageShape = [16, 16, 3];
const widths: Partial<Record<ArchitectureName, number>> = {
  "cifar-resnet18": 0.0625,
  "cifar-resnet110": 0.125,
};

function small(arch: ArchitectureName, options: BuildOptions): {operations: Operation[]; network: Network} {
  const {activation} = options;
  const operations = operationsOf({arch, activation, width: widths[arch] ?? 0.125, classes: 4});
  return {operations, network: buildNetwork(operations, image, options)};
}

for (const arch of architectureNames) {
  for (const activation of ["relu", "sign"] as const) {
    test(`${arch}, ${activation}: the built network has the layers its operations imply, in their order and shapes, and gives finite logits`, () => {
      const {operations, network} = small(arch, {activation, keepFraction: 0.5, batchNorm: "learned"});
      const {layers, batchNorms} = layerShapes(operations, image);
      assert.deepEqual(
        network.masked.map(layer => [layer.name, layer.variables().weights.shape]),
        layers.map(({name, shape}) => [name, [...shape]]),
      );
      assert.deepEqual(
        network.batchNorms.map(layer => [layer.name, layer.variables().gamma?.shape]),
        batchNorms.map(({name, channels}) => [name, [channels]]),
      );
      const logits = tf.tidy(
        () => network.model.apply(random([2, ...image], "x"), {training: true}) as tf.Tensor,
      );
      assert.deepEqual(logits.shape, [2, 4]);
      assert.ok(logits.dataSync().every(Number.isFinite));
      assert.equal(network.model.trainableWeights.length, layers.length + 2 * batchNorms.length);
      logits.dispose();
      network.model.dispose();
    });
  }
}

test("layers come in the order they run, with weights, scores and masks from the seed and their names", () => {
  const {operations, network} = small("conv4", {
    activation: "relu",
    keepFraction: 0.3,
    seed: 9,
    fan: "pruned",
  });
  assert.deepEqual(
    network.masked.map(({name}) => name),
    ["conv1", "conv2", "conv3", "conv4", "fc1", "fc2", "fc3"],
  );
  for (const [i, {name, shape}] of layerShapes(operations, image).layers.entries()) {
    const weights = randomWeights(shape, {keepFraction: 0.3, seed: 9, name, fan: "pruned"});
    const scores = startScores(weights, shape, {seed: 9, name});
    assert.deepEqual(network.masked[i].weightValues(), weights);
    assert.deepEqual(network.masked[i].scoreValues(), scores);
    assert.deepEqual(network.masked[i].mask(), topKMask(scores, 0.3));
  }
});

test("the same seed gives the same network, another seed another", () => {
  const x = random([2, ...image], "x");
  const logits = (seed: number): number[] => {
    const {network} = small("conv2", {activation: "relu", keepFraction: 0.3, seed});
    return valuesOf(() => network.model.apply(x) as tf.Tensor);
  };
  assert.deepEqual(logits(1), logits(1));
  assert.notDeepEqual(logits(1), logits(2));
});

test("options reach every layer: method, surrogate, batch norm's mode, momentum and epsilon", () => {
  const {network} = small("vgg-small", {
    activation: "sign",
    method: "edge-popup",
    keepFraction: 0.5,
    surrogate: "clipped",
    batchNorm: "bias",
    batchNormMomentum: 0.3,
    batchNormEpsilon: 1e-3,
  });
  for (const layer of network.masked) assert.equal(layer.options.method, "edge-popup");
  for (const {mode, momentum, epsilon} of network.batchNorms) {
    assert.deepEqual([mode, momentum, epsilon], ["bias", 0.3, 1e-3]);
  }
  const surrogates = network.model.layers
    .filter(layer => layer.getClassName() === "BinaryActivation")
    .map(layer => layer.getConfig().surrogate);
  assert.deepEqual(surrogates, new Array(5).fill("clipped"));
});

test("global selection shares one threshold over the whole network", () => {
  const {network} = small("conv2", {activation: "relu", keepFraction: 0.5, selection: "global"});
  const magnitudes = (kept: 0 | 1): number[] =>
    network.masked.flatMap(layer => {
      const mask = layer.mask();
      return [...layer.scoreValues()].filter((_, i) => mask[i] === kept).map(Math.abs);
    });
  const smallest = magnitudes(1).reduce((a, b) => Math.min(a, b));
  const largest = magnitudes(0).reduce((a, b) => Math.max(a, b));
  assert.ok(smallest >= largest);
});

test("a residual operation adds its two branches, the empty one being the identity", () => {
  const operations: Operation[] = [
    {op: "residual", main: [{op: "conv", name: "c", filters: 3, kernel: 1, stride: 1, pad: 0}], shortcut: []},
  ];
  const {model, masked} = buildNetwork(operations, [2, 2, 3], {activation: "relu", method: "dense"});
  const x = random<tf.Tensor4D>([1, 2, 2, 3], "x");
  const weights = tf.tensor4d(masked[0].weightValues(), [1, 1, 3, 3]);
  assert.deepEqual(
    valuesOf(() => model.apply(x) as tf.Tensor),
    valuesOf(() => tf.conv2d(x, weights, 1, "same").add(x)),
  );
});

test("an image too small for the network is refused before anything is built", () => {
  const {numTensors} = tf.memory();
  const operations = operationsOf({arch: "conv8", activation: "relu", width: 0.125});
  assert.throws(() => buildNetwork(operations, [8, 8, 3], {activation: "relu", keepFraction: 0.5}), {
    name: "RangeError",
    message: /the image is too small for this network/,
  });
  assert.equal(tf.memory().numTensors, numTensors);
});
