import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {batchNorm} from "../../src/layers/batchNorm";
import {binaryActivation} from "../../src/layers/binaryActivation";
import {maskedConv2d} from "../../src/layers/maskedConv2d";
import {maskedDense} from "../../src/layers/maskedDense";
import {MaskedLayer} from "../../src/layers/maskedLayer";
import type {Method} from "../../src/layers/method";
import {sgd} from "../../src/optim/sgd";
import {backends, random} from "./tensors";

const IMAGES = 32;

/** Is the upper half of the image brighter than the lower? */
function task(): {x: tf.Tensor4D; y: tf.Tensor2D} {
  const x = random<tf.Tensor4D>([IMAGES, 6, 6, 1], "images");
  const y = tf.tidy(() => {
    const [top, bottom] = tf.split(x, 2, 1);
    const brighter = tf.greater(top.sum([1, 2, 3]), bottom.sum([1, 2, 3]));
    return tf.oneHot(brighter.toInt() as tf.Tensor1D, 2).toFloat() as tf.Tensor2D;
  });
  return {x, y};
}

function network(binary: boolean, method: Method = "biprop"): tf.Sequential {
  const keepFraction = method === "dense" ? undefined : 0.5;
  const rules = {keepFraction, method, fan: "none"} as const;
  return tf.sequential({
    layers: [
      maskedConv2d({filters: 8, kernelSize: 3, ...rules, inputShape: [6, 6, 1], name: "conv"}),
      ...(binary ? [batchNorm({mode: "learned"}), binaryActivation()] : [tf.layers.reLU()]),
      tf.layers.maxPooling2d({poolSize: 2, strides: 2}),
      tf.layers.flatten(),
      maskedDense({units: 16, ...rules, name: "hidden"}),
      ...(binary ? [batchNorm(), binaryActivation()] : [tf.layers.reLU()]),
      maskedDense({units: 2, ...rules, name: "out"}),
      tf.layers.softmax(),
    ],
  });
}

const masked = (model: tf.LayersModel): MaskedLayer[] =>
  model.layers.filter((layer): layer is MaskedLayer => layer instanceof MaskedLayer);
const snapshot = (layers: MaskedLayer[], of: "weights" | "scores"): Float32Array[] =>
  layers.map(layer => Float32Array.from(layer.variables()[of]!.dataSync()));

for (const backend of backends) {
  for (const binary of [false, true]) {
    const activation = binary ? "sign" : "relu";
    test(`${backend}, ${activation}: model.fit lowers the loss by changing scores alone`, async () => {
      await useBackend(backend);
      const {x, y} = task();
      const model = network(binary);
      const layers = masked(model);
      assert.equal(layers.length, 3);
      const [weights, scores] = [snapshot(layers, "weights"), snapshot(layers, "scores")];
      model.compile({
        optimizer: sgd({learningRate: 0.5, momentum: 0.9}),
        loss: "categoricalCrossentropy",
        metrics: ["accuracy"],
      });
      const {history} = await model.fit(x, y, {epochs: 12, batchSize: 16, shuffle: false, verbose: 0});
      const losses = history.loss as number[];
      assert.ok(losses.every(Number.isFinite), `${losses}`);
      assert.ok(losses[11] < 0.7 * losses[0], `${losses}`);
      assert.deepEqual(snapshot(layers, "weights"), weights);
      for (const [i, after] of snapshot(layers, "scores").entries()) assert.notDeepEqual(after, scores[i]);
      const output = model.predict(x) as tf.Tensor;
      assert.ok(output.dataSync().every(Number.isFinite));
      model.dispose();
      tf.dispose([x, y, output]);
    });
  }
}

test("tf's own Adam trains a masked layer as well, and dense training changes the weights", async () => {
  await useBackend("auto");
  for (const method of ["edge-popup", "dense"] as const) {
    const {x, y} = task();
    const model = network(false, method);
    const weights = snapshot(masked(model), "weights");
    model.compile({optimizer: tf.train.adam(0.02), loss: "categoricalCrossentropy"});
    const {history} = await model.fit(x, y, {epochs: 12, batchSize: 16, shuffle: false, verbose: 0});
    const losses = history.loss as number[];
    assert.ok(losses[11] < 0.9 * losses[0], `${method}: ${losses}`);
    const after = snapshot(masked(model), "weights");
    if (method === "dense") assert.notDeepEqual(after, weights);
    else assert.deepEqual(after, weights);
    tf.dispose([x, y]);
  }
});

for (const backend of backends) {
  test(`${backend}: ten forward and backward steps leave no tensors, buffers or bytes behind`, async () => {
    await useBackend(backend);
    const {x, y} = task();
    const model = network(true);
    const optimizer = sgd({learningRate: 0.1, momentum: 0.9});
    const variables = model.trainableWeights.map(weight => weight.read() as tf.Variable);
    const step = (): number => {
      const {value, grads} = tf.variableGrads(() => {
        const output = model.apply(x, {training: true}) as tf.Tensor;
        return tf.metrics.categoricalCrossentropy(y, output).mean() as tf.Scalar;
      }, variables);
      optimizer.applyGradients(grads);
      const loss = value.dataSync()[0];
      tf.dispose([value, ...Object.values(grads)]);
      return loss;
    };
    const memory = (): number[] => {
      const {numTensors, numDataBuffers, numBytes} = tf.memory();
      return [numTensors, numDataBuffers, numBytes];
    };
    step();
    const before = memory();
    const losses = Array.from({length: 10}, step);
    assert.deepEqual(memory(), before);
    assert.ok(losses[9] < losses[0]);
    const evaluated = model.predict(x) as tf.Tensor;
    evaluated.dispose();
    assert.deepEqual(memory(), before);
  });
}
