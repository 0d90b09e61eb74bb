import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {withWiderSums} from "../../src/backend/widerSums";
import {Stream} from "../../src/core/random";

const kernels = ["Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter", "BatchMatMul", "Sum", "Mean"];
let backend = "";
before(async () => {
  backend = (await useBackend("auto")).backend;
});

const registered = (): unknown[] => kernels.map(name => tf.getKernel(name, backend));
const noise = (n: number, name: string): Float32Array => {
  const stream = new Stream(1, name);
  return Float32Array.from({length: n}, (_, i) => 2 * stream.uniform(i) - 1);
};

test("the stock kernels are back afterwards, also when the task throws", async () => {
  const stock = registered();
  assert.equal(await withWiderSums(async () => "done"), "done");
  assert.deepEqual(registered(), stock);
  await assert.rejects(
    withWiderSums(async () => {
      throw new Error("inside");
    }),
    /inside/,
  );
  for (const [i, kernel] of registered().entries()) assert.equal(kernel, stock[i], kernels[i]);
});

test("on a backend other than the native one the task runs with the kernels as they are", async () => {
  await useBackend("cpu");
  const stock = kernels.map(name => tf.getKernel(name, "cpu"));
  const inside = await withWiderSums(async () => kernels.map(name => tf.getKernel(name, "cpu")));
  for (const [i, kernel] of inside.entries()) assert.equal(kernel, stock[i]);
  await useBackend("auto");
});

const LENGTH = 50_000;
const COLUMNS = 8;

/** Error of each of the sums, stock and wide, against doubles. */
async function errors(sums: () => tf.Tensor, exact: number[]): Promise<{stock: number; wide: number}> {
  const worst = (tensor: tf.Tensor): number => {
    const values = tensor.dataSync();
    tensor.dispose();
    assert.equal(values.length, exact.length);
    return exact.reduce((error, e, i) => Math.max(error, Math.abs(values[i] - e) / Math.abs(e)), 0);
  };
  return {stock: worst(tf.tidy(sums)), wide: await withWiderSums(async () => worst(tf.tidy(sums)))};
}

const a = noise(LENGTH, "a");
const b = noise(LENGTH * COLUMNS, "b");
const products = Array.from({length: COLUMNS}, (_, j) =>
  a.reduce((sum, v, i) => sum + v * b[i * COLUMNS + j], 0),
);
const columnSums = Array.from({length: COLUMNS}, (_, j) =>
  a.reduce((sum, _v, i) => sum + b[i * COLUMNS + j], 0),
);
const A = (): tf.Tensor2D => tf.tensor2d(a, [1, LENGTH]);
const B = (): tf.Tensor2D => tf.tensor2d(b, [LENGTH, COLUMNS]);
const side = Math.sqrt(LENGTH / 5);

const sums: [string, () => tf.Tensor, number[]][] = [
  ["a matrix product", () => tf.matMul(A(), B()), products],
  [
    "a convolution",
    () =>
      tf.conv2d(
        A().reshape<tf.Tensor4D>([1, side, side, 5]),
        B().reshape<tf.Tensor4D>([side, side, 5, COLUMNS]),
        1,
        "valid",
      ),
    products,
  ],
  [
    "a convolution's input gradient",
    () => {
      const filter = B().transpose().reshape<tf.Tensor4D>([1, 1, COLUMNS, LENGTH]);
      const dy = A().reshape([1, 1, 1, LENGTH]);
      const loss = (x: tf.Tensor): tf.Scalar =>
        tf
          .conv2d(x as tf.Tensor4D, filter, 1, "valid")
          .mul(dy)
          .sum();
      return tf.grad(loss)(tf.zeros([1, 1, 1, COLUMNS]));
    },
    products,
  ],
  ["a sum", () => B().sum(0), columnSums],
  ["a mean", () => B().mean(0), columnSums.map(s => s / LENGTH)],
];
for (const [what, of, exact] of sums) {
  test(`${what} of ${LENGTH} terms is rounded once to float32, which the stock kernel does not manage`, async t => {
    if (backend !== "tensorflow") return t.skip("the native backend is not set up here");
    const {stock, wide} = await errors(of, exact);
    assert.ok(wide <= 2 ** -24 + 1e-10, `wide ${wide}`);
    assert.ok(stock > 2 * wide, `stock ${stock}, wide ${wide}`);
  });
}

test("gradients of a convolution are the stock ones but for rounding, and no tensors are left behind", async () => {
  const x = tf.tensor4d(noise(2 * 6 * 6 * 3, "x"), [2, 6, 6, 3]);
  const w = tf.tensor4d(noise(3 * 3 * 3 * 4, "w"), [3, 3, 3, 4]);
  const step = (): number[][] => {
    const gradients = tf.tidy(() =>
      tf.grads((image: tf.Tensor, filter: tf.Tensor) =>
        tf
          .conv2d(image as tf.Tensor4D, filter as tf.Tensor4D, 1, "same")
          .square()
          .mean(),
      )([x, w]),
    );
    const values = gradients.map(gradient => [...gradient.dataSync()]);
    tf.dispose(gradients);
    return values;
  };
  const stock = step();
  const before = tf.memory().numTensors;
  const wide = await withWiderSums(async () => [step(), step(), step()]);
  assert.equal(tf.memory().numTensors, before);
  for (const values of wide) {
    for (const [i, gradient] of values.entries()) {
      for (const [j, g] of gradient.entries()) assert.ok(Math.abs(g - stock[i][j]) < 1e-6, `${g}`);
    }
  }
  tf.dispose([x, w]);
});

test("integers are left alone: a sum of them is exact", async () => {
  const total = await withWiderSums(async () => {
    const sum = tf.tidy(() => tf.tensor1d([2 ** 30, 1, 2 ** 29], "int32").sum());
    const value = sum.dataSync()[0];
    sum.dispose();
    return value;
  });
  assert.equal(total, 2 ** 30 + 2 ** 29 + 1);
});
