import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {type BatchNorm, type BatchNormOptions, batchNorm} from "../../src/layers/batchNorm";
import type {BatchNormMode} from "../../src/network/batchNormMode";
import {assertClose} from "../core/close";
import rules from "../golden/rules.json";
import {assign, backends, gradientOf, random, valuesOf} from "./tensors";

const golden = rules.batchNorm;
const SHAPE = [4, 2, 2, 3];

/** The golden arrays are NCHW. */
const nhwc = (values: number[]): tf.Tensor4D =>
  tf.tidy(() => tf.transpose(tf.tensor4d(values, [4, 3, 2, 2]), [0, 2, 3, 1]));

function build(options: BatchNormOptions, shape = SHAPE.slice(1)): {layer: BatchNorm; model: tf.LayersModel} {
  const layer = batchNorm(options);
  const input = tf.input({shape});
  return {layer, model: tf.model({inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor})};
}

function goldenModel(): {layer: BatchNorm; model: tf.LayersModel} {
  const built = build({mode: "learned", momentum: golden.momentum, epsilon: golden.eps});
  const {gamma, beta} = built.layer.variables();
  assign(gamma, golden.gamma);
  assign(beta, golden.beta);
  return built;
}

for (const backend of backends) {
  test(`${backend}: forward, backward and running statistics are PyTorch's`, async () => {
    await useBackend(backend);
    const {layer, model} = goldenModel();
    const {gamma, beta, runningMean, runningVariance} = layer.variables();
    const x = tf.variable(nhwc(golden.x));
    const dy = nhwc(golden.dy);
    const y = valuesOf(() => model.apply(x, {training: true}) as tf.Tensor);
    assertClose(y, nhwc(golden.y).dataSync(), 1e-6, "y");
    assertClose(runningMean.dataSync(), golden.runningMean, 1e-6, "running mean");
    assertClose(runningVariance.dataSync(), golden.runningVar, 1e-6, "running variance");
    assertClose(gradientOf(model, x, dy, x), nhwc(golden.dx).dataSync(), 2e-6, "dx");
    assertClose(gradientOf(model, x, dy, gamma!), golden.dgamma, 1e-6, "dgamma");
    assertClose(gradientOf(model, x, dy, beta!), golden.dbeta, 1e-6, "dbeta");
    x.dispose();
  });

  test(`${backend}: at test time the running statistics are used, and stay as they are`, async () => {
    await useBackend(backend);
    const {layer, model} = goldenModel();
    const {runningMean, runningVariance} = layer.variables();
    const [means, variances] = [
      [0.5, -1, 2],
      [4, 0.25, 1],
    ];
    assign(runningMean, means);
    assign(runningVariance, variances);
    const x = nhwc(golden.x);
    const expected = [...x.dataSync()].map((value, i) => {
      const c = i % 3;
      return (golden.gamma[c] * (value - means[c])) / Math.sqrt(variances[c] + golden.eps) + golden.beta[c];
    });
    assertClose(
      valuesOf(() => model.apply(x) as tf.Tensor),
      expected,
      1e-6,
    );
    assert.deepEqual([...runningMean.dataSync()], means);
    assert.deepEqual([...runningVariance.dataSync()], variances);
  });
}

const trained: [BatchNormMode, string[], string[]][] = [
  ["none", [], ["runningMean", "runningVariance"]],
  ["frozen", [], ["gamma", "beta", "runningMean", "runningVariance"]],
  ["learned", ["gamma", "beta"], ["runningMean", "runningVariance"]],
  ["bias", ["beta"], ["gamma", "runningMean", "runningVariance"]],
];
for (const [mode, trainable, fixed] of trained) {
  test(`mode ${mode} trains ${trainable.join(" and ") || "nothing"} and starts as the plain normalisation`, async () => {
    await useBackend("auto");
    const {layer, model} = build({mode, name: "bn"});
    const names = (weights: tf.LayerVariable[]): string[] =>
      weights.map(({originalName}) => originalName.replace("bn/", ""));
    assert.deepEqual(names(model.trainableWeights), trainable);
    assert.deepEqual(names(model.nonTrainableWeights), fixed);
    const {gamma, beta} = layer.variables();
    assert.equal(gamma === undefined, mode === "none");
    assert.equal(beta === undefined, mode === "none");
    const x = nhwc(golden.x);
    const y = valuesOf(() => model.apply(x, {training: true}) as tf.Tensor);
    const plain = (value: number, c: number): number => (value - golden.beta[c]) / golden.gamma[c];
    assertClose(
      y,
      [...nhwc(golden.y).dataSync()].map((value, i) => plain(value, i % 3)),
      1e-6,
    );
  });
}

test("the running variance is the unbiased one, at PyTorch's momentum: m of the batch, 1 − m of the past", async () => {
  await useBackend("auto");
  const {layer, model} = build({momentum: 0.25}, [1]);
  const {runningMean, runningVariance} = layer.variables();
  const x = tf.tensor2d([[1], [3]]);
  valuesOf(() => model.apply(x, {training: true}) as tf.Tensor);
  // mean 2, biased variance 1, unbiased 2
  assert.deepEqual([runningMean.dataSync()[0], runningVariance.dataSync()[0]], [0.5, 0.75 + 0.5]);
  valuesOf(() => model.apply(x, {training: true}) as tf.Tensor);
  assert.deepEqual([runningMean.dataSync()[0], runningVariance.dataSync()[0]], [0.875, 0.75 * 1.25 + 0.5]);
});

test("a flat batch [batch, channels] is normalised over the batch", async () => {
  await useBackend("auto");
  const {model} = build({}, [5]);
  const y = tf.tidy(() => model.apply(random([64, 5], "x"), {training: true}) as tf.Tensor);
  const {mean, variance} = tf.moments(y, 0);
  assertClose(
    Float32Array.from(mean.dataSync(), m => m + 1),
    new Float32Array(5).fill(1),
    1e-6,
  );
  assertClose(variance.dataSync(), new Float32Array(5).fill(1), 1e-3);
});

test("training on one value a channel is refused, as its variance does not exist", async () => {
  await useBackend("auto");
  const {model} = build({name: "lonely"}, [5]);
  assert.throws(() => model.apply(tf.ones([1, 5]), {training: true}), {
    name: "RangeError",
    message: /lonely: batch norm needs more than one value a channel to train/,
  });
});

test("an unknown mode is refused with the valid ones, an unknown channel count in words", () => {
  assert.throws(() => batchNorm({mode: "affine" as BatchNormMode}), {
    name: "RangeError",
    message: /unknown batch norm mode "affine"; choose none, frozen, learned, bias/,
  });
  assert.throws(() => batchNorm({name: "bn"}).build([null, null]), {
    name: "RangeError",
    message: /bn needs a known channel count/,
  });
});

for (const backend of backends) {
  test(`${backend}: with ReLU it is batch norm and then ReLU, values and gradients, in training and after`, async () => {
    await useBackend(backend);
    for (const [rows, channels] of [
      [5, 1],
      [6, 3],
      [300, 64],
      [7, 65],
      [2000, 130],
    ]) {
      const [fused, composed] = [true, false].map(relu => {
        const layer = batchNorm({mode: "learned", relu});
        const input = tf.input({shape: [channels]});
        const normalized = layer.apply(input) as tf.SymbolicTensor;
        const output = relu ? normalized : (tf.layers.reLU().apply(normalized) as tf.SymbolicTensor);
        const model = tf.model({inputs: input, outputs: output});
        const {gamma, beta} = layer.variables();
        assign(gamma, random([channels], "gamma").dataSync());
        assign(beta, random([channels], "beta").dataSync());
        const x = tf.variable(random([rows, channels], "x"));
        const dy = random([rows, channels], "dy");
        const values = [true, false].map(training => valuesOf(() => model.apply(x, {training}) as tf.Tensor));
        const gradients = [x, gamma!, beta!].map(variable => gradientOf(model, x, dy, variable));
        tf.dispose([x, dy]);
        return [...values, ...gradients].map(each => each.map(value => value + 0));
      });
      assert.deepEqual(fused, composed, `${rows} rows of ${channels}`);
      assert.ok(fused[0].includes(0));
    }
  });
}
