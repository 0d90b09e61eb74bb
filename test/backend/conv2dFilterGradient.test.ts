import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {useBackend} from "../../src/backend/backend";
import {filterGradient} from "../../src/backend/conv2dFilterGradient";
import {Stream} from "../../src/core/random";
import {assertClose} from "../core/close";

fc.configureGlobal({seed: 1});

type Pad = "same" | "valid" | number;
interface Convolution {
  image: [number, number, number, number];
  filter: [number, number, number, number];
  strides: [number, number];
  pad: Pad;
}

const small = (max: number): fc.Arbitrary<number> => fc.integer({min: 1, max});
const convolution: fc.Arbitrary<Convolution> = fc
  .record({
    image: fc.tuple(small(3), small(9), small(9), small(3)),
    filter: fc.tuple(small(4), small(4), small(4)),
    strides: fc.tuple(small(3), small(3)),
    pad: fc.oneof(fc.constantFrom<Pad>("same", "valid"), fc.nat(2)),
  })
  .map(({image, filter: [height, width, outputs], strides: [down, across], pad}) => {
    // TensorFlow.js takes the height's stride and kernel for the width too, where padding is a number.
    const square = typeof pad === "number";
    const filter: Convolution["filter"] = [height, square ? height : width, image[3], outputs];
    return {image, filter, strides: [down, square ? down : across] as [number, number], pad};
  })
  .filter(({image, filter, pad}) => {
    if (pad === "same") return true;
    const room = pad === "valid" ? 0 : 2 * pad;
    return image[1] + room >= filter[0] && image[2] + room >= filter[1];
  });

function random(shape: [number, number, number, number], name: string): tf.Tensor4D {
  const stream = new Stream(1, name);
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tf.tensor(
    Array.from({length: size}, (_, i) => 2 * stream.uniform(i) - 1),
    shape,
  );
}

/** dW by TensorFlow.js's gradient, and by ours, for one convolution and a random dL/dy. */
function both({image, filter, strides, pad}: Convolution): [number[], number[]] {
  const gradients = tf.tidy(() => {
    const x = random(image, "x");
    const w = random(filter, "w");
    const y = tf.conv2d(x, w, strides, pad);
    const dy = random(y.shape, "dy");
    const theirs = tf.grad((f: tf.Tensor) =>
      tf
        .conv2d(x, f as tf.Tensor4D, strides, pad)
        .mul(dy)
        .sum(),
    )(w);
    return [theirs, filterGradient(x, dy, {strides, pad, filterShape: filter})];
  });
  for (const gradient of gradients) assert.deepEqual(gradient.shape, filter);
  const [theirs, ours] = gradients.map(gradient => [...gradient.dataSync()]);
  tf.dispose(gradients);
  return [theirs, ours];
}

test("filterGradient equals TensorFlow.js's own gradient for every shape, stride and padding", async () => {
  await useBackend("cpu");
  assert.ok(tf.getKernel("Conv2DBackpropFilter", "cpu"), "the backend has a kernel of its own");
  fc.assert(
    fc.property(convolution, each => {
      const [theirs, ours] = both(each);
      assertClose(ours, theirs, 1e-5, "dW", 1);
    }),
    {numRuns: 60},
  );
});

test("filterGradient by hand: two shifts of a row of four", async () => {
  await useBackend("cpu");
  const dW = tf.tidy(() =>
    filterGradient(tf.tensor4d([1, 2, 3, 4], [1, 1, 4, 1]), tf.tensor4d([1, 10, 100], [1, 1, 3, 1]), {
      strides: 1,
      pad: "valid",
      filterShape: [1, 2, 1, 1],
    }),
  );
  // dW_j = Σ_i x_{i+j}·dy_i
  assert.deepEqual([...dW.dataSync()], [321, 432]);
  dW.dispose();
});

test("convolutions have a filter gradient on WebAssembly too, equal to the cpu backend's", async () => {
  const cases: Convolution[] = [
    {image: [2, 7, 5, 3], filter: [3, 3, 3, 4], strides: [1, 1], pad: "same"},
    {image: [2, 9, 8, 2], filter: [3, 3, 2, 5], strides: [2, 2], pad: 1},
    {image: [1, 5, 5, 1], filter: [5, 5, 1, 2], strides: [1, 1], pad: "valid"},
  ];
  const on = async (name: "cpu" | "wasm"): Promise<number[][]> => {
    await useBackend(name);
    return cases.map(each => both(each)[0]);
  };
  const [cpu, wasm] = [await on("cpu"), await on("wasm")];
  for (const [i, expected] of cpu.entries()) assertClose(wasm[i], expected, 1e-5, `case ${i}`);
});

test("on WebAssembly the gradient leaves no tensors behind and its inputs intact", async () => {
  await useBackend("wasm");
  const [x, w] = [random([1, 4, 4, 2], "x"), random([3, 3, 2, 2], "w")];
  const [pixels, before] = [[...x.dataSync()], tf.memory()];
  for (let i = 0; i < 3; i++) {
    tf.grad((f: tf.Tensor) => tf.conv2d(x, f as tf.Tensor4D, 1, "same").sum())(w).dispose();
  }
  const {numTensors, numDataBuffers, numBytes} = tf.memory();
  assert.deepEqual(
    [numTensors, numDataBuffers, numBytes],
    [before.numTensors, before.numDataBuffers, before.numBytes],
  );
  assert.deepEqual([...x.dataSync()], pixels);
  tf.dispose([x, w]);
});
