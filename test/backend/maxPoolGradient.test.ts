import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {useBackend} from "../../src/backend/backend";

fc.configureGlobal({seed: 1});

type Pad = "same" | "valid" | number;
interface Pooling {
  shape: [number, number, number, number];
  values: number[];
  size: number;
  stride: number;
  pad: Pad;
}

/** Small whole numbers: ties are common, and windows without a positive entry. */
const pooling: fc.Arbitrary<Pooling> = fc
  .record({
    shape: fc.tuple(
      fc.integer({min: 1, max: 2}),
      fc.integer({min: 2, max: 6}),
      fc.integer({min: 2, max: 6}),
      fc.integer({min: 1, max: 2}),
    ),
    size: fc.integer({min: 1, max: 3}),
    stride: fc.integer({min: 1, max: 3}),
    pad: fc.constantFrom<Pad>("same", "valid"),
  })
  .filter(({shape, size, pad}) => pad === "same" || (shape[1] >= size && shape[2] >= size))
  .chain(each => {
    const length = each.shape.reduce((product, extent) => product * extent, 1);
    const values = fc.array(fc.integer({min: -3, max: 1}), {minLength: length, maxLength: length});
    return values.map(drawn => ({...each, values: drawn}));
  });

function gradient({shape, values, size, stride, pad}: Pooling): number[] {
  const x = tf.tensor4d(values, shape);
  const dx = tf.tidy(() =>
    tf.grad((v: tf.Tensor) => {
      const y = tf.maxPool(v as tf.Tensor4D, size, stride, pad);
      return y.mul(tf.range(1, y.size + 1).reshape(y.shape)).sum();
    })(x),
  );
  const result = [...dx.dataSync()];
  tf.dispose([x, dx]);
  return result;
}

test("on WebAssembly a max-pooling's gradient goes to the first maximum, as on the cpu backend", async () => {
  const examples = fc.sample(pooling, {numRuns: 100, seed: 1});
  await useBackend("cpu");
  const expected = examples.map(gradient);
  await useBackend("wasm");
  for (const [i, example] of examples.entries()) {
    assert.deepEqual(gradient(example), expected[i], JSON.stringify(example));
  }
});

test("a window without a positive entry keeps its gradient (hand example), and no tensor is left behind", async () => {
  await useBackend("wasm");
  const before = tf.memory().numTensors;
  const negative: Pooling = {
    shape: [1, 2, 4, 1],
    values: [-4, -3, -9, -8, -1, -2, -7, -6],
    size: 2,
    stride: 2,
    pad: 0,
  };
  assert.deepEqual(gradient(negative), [0, 0, 0, 0, 1, 0, 0, 2]);
  assert.equal(tf.memory().numTensors, before);
});
