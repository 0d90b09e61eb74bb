import assert from "node:assert/strict";
import {describe, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {maxPoolGradient} from "../../../src/backend/maxPoolGradient";
import {hasOperation} from "../../../src/backend/operations";
import {readBack} from "../../../src/backend/readBack";
import {signActivation} from "../../../src/layers/binaryActivation";
import {normalizeBatch} from "../../../src/layers/normalizeBatch";
import {paddedMaxPool} from "../../../src/layers/paddedMaxPool";
import {scoreGradients} from "../../../src/layers/scoreGradients";
import {surrogates} from "../../../src/layers/surrogates";
import {adam} from "../../../src/optim/adam";
import type {TorchOptimizer} from "../../../src/optim/optimizer";
import {sgd} from "../../../src/optim/sgd";
import {normal} from "../operations";
import {onWebgpu} from "./adapter";

/** What `make` gives on plain JavaScript, which has none of the operations, and then on WebGPU. */
async function both(make: () => tf.Tensor[]): Promise<[tf.TypedArray[], tf.TypedArray[]]> {
  const values = async (backend: string): Promise<tf.TypedArray[]> => {
    await tf.setBackend(backend);
    const tensors = tf.tidy(make);
    await readBack(tensors);
    const found = tensors.map(tensor => tensor.dataSync().slice());
    tf.dispose(tensors);
    return found;
  };
  const plain = await values("cpu");
  return [plain, await values("webgpu")];
}

async function agree(what: string, make: () => tf.Tensor[], tolerance: number): Promise<void> {
  const [plain, ours] = await both(make);
  plain.forEach((expected, output) => {
    const largest = Math.max(...Array.from(expected, Math.abs));
    expected.forEach((value, i) => {
      const error = Math.abs(ours[output][i] - value);
      assert.ok(
        error <= tolerance * largest,
        `${what}, output ${output}, ${i}: ${ours[output][i]} for ${value}`,
      );
    });
  });
}

const tensor = (shape: number[], name: string): tf.Tensor =>
  tf.tensor(normal(tf.util.sizeFromShape(shape), name), shape);
/** Whole and half numbers: many are equal. */
const coarse = (shape: number[], name: string): tf.Tensor => tensor(shape, name).mul(2).round().div(2);

describe("operations on WebGPU", () => {
  for (const relu of [false, true]) {
    test(`batch norm ${relu ? "with ReLU " : ""}and its gradients are the composition's`, async t => {
      if (!(await onWebgpu(t))) return;
      assert.ok(hasOperation("MultiprizeBatchNorm"), "not the composition itself");
      for (const shape of [
        [3, 5, 5, 6],
        [150, 35],
        [2, 1, 1, 1],
      ]) {
        const channels = shape.at(-1)!;
        await agree(
          `${shape}`,
          () => {
            const x = tensor(shape, "x").mul(3).add(50);
            const [gamma, beta] = [tensor([channels], "gamma").abs().add(0.1), tensor([channels], "beta")];
            const observed: tf.Tensor[] = [];
            const normalize = (...inputs: tf.Tensor[]): tf.Tensor =>
              normalizeBatch(inputs[0], inputs[1], inputs[2], {epsilon: 1e-5, relu}, (mean, variance) => {
                if (observed.length === 0) observed.push(tf.keep(mean.clone()), tf.keep(variance.clone()));
              });
            const y = normalize(x, gamma, beta);
            return [y, ...observed, ...tf.grads(normalize)([x, gamma, beta], tensor(shape, "dy"))];
          },
          2e-5,
        );
      }
    });

    test(`halving max-pooling ${relu ? "with ReLU " : ""}and its gradient, on ties, are exact`, async t => {
      if (!(await onWebgpu(t))) return;
      await agree(
        "2×2",
        () => {
          const layer = paddedMaxPool({size: 2, strides: 2, relu});
          const pool = (x: tf.Tensor): tf.Tensor => layer.call(x);
          const x = coarse([3, 6, 8, 5], "x");
          // On JavaScript the pooling's own gradient gives ties to another entry: only the values can be asked of it.
          return [pool(x)];
        },
        0,
      );
    });
  }

  test("max-pooling's gradient goes to the first of equal maxima, in every kind of window", async t => {
    if (!(await onWebgpu(t))) return;
    for (const [size, strides, side, pad] of [
      [2, 2, 8, "valid"],
      [3, 2, 9, "valid"],
      [3, 1, 6, "same"],
      [3, 2, 8, "same"],
      [2, 2, 7, "same"],
    ] as const) {
      await tf.setBackend("cpu");
      const shape: [number, number, number, number] = [2, side, side, 3];
      const x = coarse(shape, "x") as tf.Tensor4D;
      const pooled = tf.maxPool(x, size, strides, pad);
      const dy = tensor(pooled.shape, "dy") as tf.Tensor4D;
      const expected = maxPoolGradient(x, dy, {filterSize: size, strides, pad}).dataSync();
      const [values, slopes] = [x.dataSync(), dy.dataSync()];
      await tf.setBackend("webgpu");
      const gradients: ((x: tf.Tensor) => tf.Tensor)[] = [
        input => tf.maxPool(input as tf.Tensor4D, size, strides, pad),
      ];
      if (size === 2 && side % 2 === 0) gradients.push(input => paddedMaxPool({size, strides}).call(input));
      for (const pool of gradients) {
        const dx = tf.grad(pool)(tf.tensor(values, shape), tf.tensor(slopes, pooled.shape));
        assert.deepEqual(await dx.data(), expected, `${size}, ${strides}, ${side}, ${pad}`);
      }
    }
  });

  test("the sign, its surrogate, ReLU's gradient and the score gradient are exact, at 0 and −0 too", async t => {
    if (!(await onWebgpu(t))) return;
    await agree(
      "elementwise",
      () => {
        const x = tf.concat1d([tensor([300], "x") as tf.Tensor1D, tf.tensor1d([0, -0, 1, -1, 3])]);
        const dy = tensor([305], "dy");
        const activate = (value: tf.Tensor): tf.Tensor => signActivation(value, surrogates["bi-real"]);
        return [
          activate(x),
          tf.grad(activate)(x, dy),
          tf.grad((value: tf.Tensor) => tf.relu(value))(x, dy),
          scoreGradients["straight-through"](dy, tensor([305], "w"), x),
        ];
      },
      0,
    );
  });

  test("argmax gives the first of the largest, along any axis and any length", async t => {
    if (!(await onWebgpu(t))) return;
    await agree(
      "argmax",
      () => {
        const x = coarse([9, 1000], "x");
        return [tf.argMax(x, 1), tf.argMax(x, 0), tf.argMax(coarse([4, 5, 6], "y"), 1)];
      },
      0,
    );
  });

  test("SGD and Adam step as their compositions do, with momentum, decay, clipping and Nesterov", async t => {
    if (!(await onWebgpu(t))) return;
    const rate = {learningRate: 0.1, weightDecay: 0.01, clipValue: 0.5};
    const optimizers: (() => TorchOptimizer)[] = [
      () => sgd({learningRate: 0.1, momentum: 0.9}),
      () => sgd({...rate, momentum: 0.9, nesterov: true}),
      () => sgd({...rate, momentum: 0.5, dampening: 0.3}),
      () => adam({learningRate: 0.1}),
      () => adam({...rate, beta1: 0.8, beta2: 0.95, epsilon: 1e-4}),
    ];
    for (const [i, make] of optimizers.entries()) {
      await agree(
        `optimizer ${i}`,
        () => {
          const optimizer = make();
          const p = tf.variable(tensor([500], "p"));
          for (let step = 0; step < 3; step++)
            optimizer.applyGradients({[p.name]: tensor([500], `g${step}`)});
          const value = p.clone();
          p.dispose();
          optimizer.dispose();
          return [value];
        },
        1e-6,
      );
    }
  });
});
