import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {batchNorm} from "../../src/layers/batchNorm";
import {maskedConv2d} from "../../src/layers/maskedConv2d";
import {paddedMaxPool} from "../../src/layers/paddedMaxPool";
import {batchNormModes} from "../../src/network/batchNormMode";
import {assertClose} from "../core/close";
import {backends, random} from "../layers/tensors";

const values = (tensor: tf.Tensor): number[] => [...tensor.dataSync()];
/** Of Σ f(x)², which tells every entry of f(x) from 0. */
const gradient = (f: (x: tf.Tensor) => tf.Tensor, at: tf.Tensor): number[] =>
  values(tf.grad(x => f(x).square().sum())(at));

/** Every filter of 1 to 4, stride of 1 to 8 and padding: more than the networks use, as a model of one's own may. */
function results(): Map<string, number[]> {
  const found = new Map<string, number[]>();
  tf.tidy(() => {
    const x = random<tf.Tensor4D>([2, 7, 6, 3], "x");
    for (let size = 1; size <= 4; size++) {
      const filter = random<tf.Tensor4D>([size, size, 3, 2], `filter ${size}`);
      for (let strides = 1; strides <= 8; strides++) {
        for (let padding = 0; 2 * padding <= size; padding++) {
          const pool = (y: tf.Tensor): tf.Tensor =>
            paddedMaxPool({size, strides, padding}).apply(y) as tf.Tensor;
          found.set(`maximum of ${size}, stride ${strides}, padding ${padding}`, values(pool(x)));
          found.set(`its gradient, ${size}, stride ${strides}, padding ${padding}`, gradient(pool, x));
        }
        for (const padding of ["same", "valid"] as const) {
          const name = `${size}, stride ${strides}, ${padding}`;
          const convolved = (y: tf.Tensor): tf.Tensor =>
            tf.conv2d(y as tf.Tensor4D, filter, strides, padding);
          found.set(`convolution of ${name}`, values(convolved(x)));
          found.set(`its gradient, ${name}`, gradient(convolved, x));
          found.set(
            `its filter's, ${name}`,
            gradient(f => tf.conv2d(x, f as tf.Tensor4D, strides, padding), filter),
          );
          found.set(
            `fused, ${name}`,
            values(tf.fused.conv2d({x, filter, strides, pad: padding, activation: "relu"})),
          );
          found.set(`channel by channel, ${name}`, values(tf.depthwiseConv2d(x, filter, strides, padding)));
          found.set(`mean of ${name}`, values(tf.avgPool(x, size, strides, padding)));
        }
      }
    }
  });
  return found;
}

test("convolutions and pooling of any size, stride and padding, and their gradients, agree on every backend", async () => {
  await useBackend("cpu");
  const expected = results();
  for (const backend of ["auto", "wasm"] as const) {
    await useBackend(backend);
    const found = results();
    for (const [name, value] of expected) assertClose(found.get(name)!, value, 1e-5, `${backend}: ${name}`);
  }
});

for (const backend of backends) {
  test(`${backend}: a training loop of one's own over batch norm leaves no tensor behind, with or without tidy`, async () => {
    await useBackend(backend);
    for (const mode of batchNormModes) {
      const input = tf.input({shape: [6, 6, 3]});
      const conv = maskedConv2d({filters: 4, kernelSize: 3, keepFraction: 0.5, seed: 1, name: "conv"});
      const hidden = batchNorm({mode}).apply(conv.apply(input)) as tf.SymbolicTensor;
      const model = tf.model({inputs: input, outputs: hidden});
      const x = random([2, 6, 6, 3], "x");
      const {numTensors} = tf.memory();
      for (let step = 0; step < 3; step++) {
        tf.tidy(() => void model.apply(x, {training: true}));
        tf.dispose(model.apply(x, {training: true}) as tf.Tensor);
        tf.dispose(model.predict(x));
        tf.dispose(
          tf.variableGrads(
            () => (model.apply(x, {training: true}) as tf.Tensor).square().mean() as tf.Scalar,
          ) as never,
        );
        assert.equal(tf.memory().numTensors, numTensors, `${mode}, step ${step}`);
      }
      model.dispose();
      x.dispose();
    }
  });
}
