import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {paddedMaxPool} from "../../src/layers/paddedMaxPool";
import {backends, gradientOf, random, valuesOf} from "./tensors";

for (const backend of backends) {
  test(`${backend}: the padding never wins, not even over negative numbers, and gradients reach the maxima`, async () => {
    await useBackend(backend);
    const input = tf.input({shape: [4, 4, 1]});
    const pool = paddedMaxPool({size: 3, strides: 2, padding: 1});
    const model = tf.model({inputs: input, outputs: pool.apply(input) as tf.SymbolicTensor});
    const x = tf.variable(tf.range(-16, 0).reshape([1, 4, 4, 1]));
    // Windows end at rows and columns 1 and 3: the last entry of each is the largest.
    assert.deepEqual(
      valuesOf(() => model.apply(x) as tf.Tensor),
      [-11, -9, -3, -1],
    );
    const gradient = gradientOf(model, x, tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]), x);
    assert.deepEqual(gradient, [0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 3, 0, 4]);
    x.dispose();
  });
}

test("without padding it halves, and drops an odd last row and column", async () => {
  await useBackend("auto");
  const pool = paddedMaxPool({size: 2, strides: 2});
  assert.deepEqual(pool.computeOutputShape([null, 5, 4, 3]), [null, 2, 2, 3]);
  const x = tf.range(0, 20).reshape([1, 5, 4, 1]);
  assert.deepEqual(
    valuesOf(() => pool.apply(x) as tf.Tensor),
    [5, 7, 13, 15],
  );
});

for (const backend of backends) {
  test(`${backend}: with or without ReLU it is max-pooling and then ReLU, values and gradients`, async () => {
    await useBackend(backend);
    const shapes = [
      [1, 2, 2, 1],
      [2, 4, 6, 3],
      [3, 8, 8, 65],
      [2, 5, 7, 4],
    ];
    for (const [size, strides] of [
      [2, 2],
      [2, 1],
    ]) {
      for (const shape of shapes) {
        for (const relu of [false, true]) {
          const [, height, width, channels] = shape;
          const pool = paddedMaxPool({size, strides, relu});
          const input = tf.input({shape: [height, width, channels]});
          const model = tf.model({inputs: input, outputs: pool.apply(input) as tf.SymbolicTensor});
          // Coarse values make ties, and windows without a positive entry.
          const x = tf.variable(tf.tidy(() => random(shape, "x").mul(2).sub(0.7).round()));
          const composed = (y: tf.Tensor): tf.Tensor => {
            const pooled = tf.maxPool(y as tf.Tensor4D, size, strides, "valid");
            return relu ? tf.relu(pooled) : pooled;
          };
          const dy = random(tf.tidy(() => composed(x)).shape, "dy");
          const what = `${shape}, ${size} by ${strides}, relu ${relu}`;
          const values = valuesOf(() => model.apply(x) as tf.Tensor);
          assert.deepEqual(values.map(noMinus), valuesOf(() => composed(x)).map(noMinus), what);
          const expected = valuesOf(() => tf.grad(composed)(x, dy));
          assert.deepEqual(gradientOf(model, x, dy, x).map(noMinus), expected.map(noMinus), what);
          tf.dispose([x, dy]);
        }
      }
    }
  });
}

/** −0 as 0. */
function noMinus(value: number): number {
  return value + 0;
}
