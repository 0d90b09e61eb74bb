import assert from "node:assert/strict";
import {describe, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {useBackend} from "../../src/backend/backend";
import {maxPoolGradient} from "../../src/backend/maxPoolGradient";
import {hasOperation} from "../../src/backend/operations";
import {scoreGradient} from "../../src/core/straightThrough";
import {AdamOptimizer} from "../../src/optim/adam";
import {SgdOptimizer} from "../../src/optim/sgd";
import {native, near, normal, outputs, sizes} from "./operations";

test("on the native backend the project's operations are loaded", async () => {
  if (!(await native())) return;
  assert.equal((await useBackend("auto")).kernels, "winograd");
  assert.ok(hasOperation("MultiprizeSelect"));
});

test("MultiprizeScoreGradient is dW_eff · W · sign(S)", async () => {
  if (!(await native())) return;
  for (const n of sizes) {
    const [d, w] = [normal(n, "d"), normal(n, "w")];
    const s = normal(n, "s").map((value, i) => (i % 5 === 0 ? 0 : value));
    const inputs = [d, w, s].map(values => tf.tensor1d(values));
    const [found] = outputs("MultiprizeScoreGradient", inputs);
    const expected = scoreGradient(d, w, s);
    for (let i = 0; i < n; i++) assert.ok(Math.abs(found[i] - expected[i]) <= 1.2e-7 * Math.abs(expected[i]));
  }
});

describe("the native optimisers", () => {
  class PlainSgd extends SgdOptimizer {
    protected override nativeRule(): undefined {
      return undefined;
    }
  }
  class PlainAdam extends AdamOptimizer {
    protected override nativeRule(): undefined {
      return undefined;
    }
  }
  const common = fc.record({
    learningRate: fc.double({min: 1e-4, max: 1, noNaN: true}),
    weightDecay: fc.constantFrom(0, 5e-4, 0.1),
    clipValue: fc.constantFrom(undefined, 0.5),
  });
  type Make = (options: {
    learningRate: number;
    weightDecay: number;
    clipValue: number | undefined;
  }) => SgdOptimizer | AdamOptimizer;

  /** Both forms side by side over five updates of one variable each. */
  function sideBySide(fast: ReturnType<Make>, plain: ReturnType<Make>): void {
    const values = normal(577, "p");
    const variables = [0, 1].map(i =>
      tf.variable(tf.tensor1d(values), true, `p${i}-${Math.trunc(performance.now() * 1e3)}`),
    );
    for (let step = 0; step < 5; step++) {
      const gradient = tf.tensor1d(normal(577, `g${step}`));
      fast.applyGradients([{name: variables[0].name, tensor: gradient}]);
      plain.applyGradients([{name: variables[1].name, tensor: gradient}]);
      gradient.dispose();
      assert.deepEqual(variables[0].dataSync(), variables[1].dataSync(), `update ${step + 1}`);
    }
    tf.dispose(variables);
    fast.dispose();
    plain.dispose();
  }

  test("SGD updates as its composition does, to the last bit", async () => {
    if (!(await native())) return;
    const momentum = fc.record({
      momentum: fc.constantFrom(0.9, 0.5),
      kind: fc.constantFrom("plain", "nesterov", "dampened"),
    });
    fc.assert(
      fc.property(common, momentum, (options, {momentum: m, kind}) => {
        const nesterov = kind === "nesterov";
        const all = {...options, momentum: m, nesterov, dampening: kind === "dampened" ? 0.3 : 0};
        sideBySide(new SgdOptimizer(all), new PlainSgd(all));
      }),
      {numRuns: 30},
    );
  });

  test("Adam updates as its composition does, to the last bit", async () => {
    if (!(await native())) return;
    fc.assert(
      fc.property(common, options => sideBySide(new AdamOptimizer(options), new PlainAdam(options))),
      {numRuns: 30},
    );
  });
});

test("the max-pooling gradient goes to the first maximum of each window, also on odd channel counts", async () => {
  if (!(await native())) return;
  for (const [batch, height, width, channels] of [
    [1, 2, 2, 1],
    [2, 4, 6, 3],
    [3, 8, 8, 65],
    [4, 32, 32, 64],
    // So many that they are written past the cache.
    [64, 32, 32, 64],
  ]) {
    const shape: [number, number, number, number] = [batch, height, width, channels];
    const x = tf.tensor4d(
      normal(tf.util.sizeFromShape(shape), "x").map(v => Math.round(v)),
      shape,
    );
    const dy = tf.tensor4d(normal(x.size / 4, "dy"), [batch, height / 2, width / 2, channels]);
    const slow = maxPoolGradient(x, dy, {filterSize: 2, strides: 2, pad: "valid"}).dataSync();
    const [fast] = outputs("MultiprizeMaxPool2Grad", [x, dy]);
    assert.deepEqual(
      fast.map(v => v + 0),
      (slow as Float32Array).map(v => v + 0),
      `${shape}`,
    );
    const taped = tf.tidy(() =>
      tf
        .grad(input => tf.maxPool(input as tf.Tensor4D, 2, 2, "valid"))(x, dy)
        .dataSync(),
    );
    assert.deepEqual(
      (taped as Float32Array).map(v => v + 0),
      fast.map(v => v + 0),
    );
    tf.dispose([x, dy]);
  }
});

test("max-pooling of other windows, strides and odd sides has its stock gradient", async () => {
  if (!(await native())) return;
  for (const [size, strides, side] of [
    [3, 2, 9],
    [2, 1, 6],
    [2, 2, 7],
  ]) {
    const x = tf.tensor4d(normal(2 * side * side * 3, "x"), [2, side, side, 3]);
    const pool = (input: tf.Tensor): tf.Tensor => tf.maxPool(input as tf.Tensor4D, size, strides, "valid");
    const dy = tf.onesLike(pool(x));
    const found = tf.tidy(() => tf.grad(pool)(x, dy).dataSync());
    const slow = maxPoolGradient(x, dy as tf.Tensor4D, {filterSize: size, strides, pad: "valid"}).dataSync();
    assert.deepEqual(found, slow);
    tf.dispose([x, dy]);
  }
});

test("batch normalisation is that of double-precision sums, forward and backward", async () => {
  if (!(await native())) return;
  for (const [rows, channels] of [
    [2, 1],
    [5, 3],
    [1000, 65],
    [40000, 7],
  ]) {
    const n = rows * channels;
    const x = normal(n, "x").map((v, i) => 3 * v + 100 * (i % channels));
    const [dy, gamma, beta] = [normal(n, "dy"), normal(channels, "γ"), normal(channels, "β")];
    const tensors = [tf.tensor2d(x, [rows, channels]), tf.tensor1d(gamma), tf.tensor1d(beta)];
    const [y, mean, variance, inverse] = outputs("MultiprizeBatchNorm", tensors, {floats: {epsilon: 1e-5}});
    const inputs = [tf.tensor2d(dy, [rows, channels]), ...tensors, tf.tensor1d(mean), tf.tensor1d(inverse)];
    const [dx, dGamma, dBeta] = outputs("MultiprizeBatchNormGrad", inputs);
    for (let c = 0; c < channels; c++) {
      const at = (r: number): number => r * channels + c;
      const sum = (f: (r: number) => number): number =>
        Array.from({length: rows}, (_, r) => f(r)).reduce((a, b) => a + b, 0);
      const m = sum(r => x[at(r)]) / rows;
      const v = sum(r => (x[at(r)] - m) ** 2) / rows;
      const scale = 1 / Math.sqrt(v + 1e-5);
      const hat = (r: number): number => (x[at(r)] - m) * scale;
      const [b, g] = [sum(r => dy[at(r)]), sum(r => dy[at(r)] * hat(r))];
      near(mean[c], m, 1e-6 * Math.max(1, Math.abs(m)));
      near(variance[c], v, 1e-5 * v + 1e-6);
      near(dBeta[c], b, 1e-5 * rows ** 0.5);
      near(dGamma[c], g, 1e-3 * rows ** 0.5);
      for (let r = 0; r < rows; r += Math.ceil(rows / 50)) {
        near(y[at(r)], hat(r) * gamma[c] + beta[c], 1e-3);
        near(dx[at(r)], gamma[c] * scale * (dy[at(r)] - b / rows - (hat(r) * g) / rows), 1e-3 * scale);
      }
    }
    tf.dispose([...tensors, ...inputs]);
  }
});

test("the binary activation is +1 from 0 on, and its Bi-Real slope 2·(1 − |x|) inside [−1, 1]", async () => {
  if (!(await native())) return;
  const x = Float32Array.of(-2, -1, -0.5, -1e-30, -0, 0, 1e-30, 0.25, 1, 3);
  const dy = x.map((_, i) => i + 1);
  const [signs] = outputs("MultiprizeSign", [tf.tensor1d(x)]);
  assert.deepEqual([...signs], [-1, -1, -1, -1, 1, 1, 1, 1, 1, 1]);
  const [dx] = outputs("MultiprizeBiRealGrad", [tf.tensor1d(dy), tf.tensor1d(x)]);
  for (const [i, value] of x.entries()) {
    near(dx[i], dy[i] * Math.max(0, 2 * (1 - Math.abs(value))), 1e-6 * dy[i]);
  }
});
