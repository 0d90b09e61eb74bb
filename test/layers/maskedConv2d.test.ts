import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {useBackend} from "../../src/backend/backend";
import {type MaskedConv2dOptions, maskedConv2d} from "../../src/layers/maskedConv2d";
import {maskedDense} from "../../src/layers/maskedDense";
import {assertClose} from "../core/close";
import {assign, backends, random, sequence, valuesOf} from "./tensors";

fc.configureGlobal({seed: 1});

const padding3x3 = [
  {size: 4, strides: 1, expected: "4×4"},
  {size: 4, strides: 2, expected: "2×2"},
  {size: 5, strides: 2, expected: "3×3"},
];
for (const {size, strides, expected} of padding3x3) {
  test(`a 3×3 convolution of stride ${strides}, padding same, makes ${size}×${size} into ${expected}`, () => {
    const layer = maskedConv2d({filters: 1, kernelSize: 3, strides, keepFraction: 1, fan: "none"});
    const [, height, width] = layer.computeOutputShape([null, size, size, 1]);
    assert.equal(`${height}×${width}`, expected);
  });
}

/** Σ over the window around each stride-th pixel, zeros outside, term by term in doubles. */
function slowConvolution(
  x: number[],
  w: number[],
  {size, kernel, stride, pad}: {size: number; kernel: number; stride: number; pad: number},
): number[] {
  const out: number[] = [];
  for (let top = -pad; top + kernel <= size + pad; top += stride) {
    for (let left = -pad; left + kernel <= size + pad; left += stride) {
      let sum = 0;
      for (let i = 0; i < kernel; i++) {
        for (let j = 0; j < kernel; j++) {
          const [y, z] = [top + i, left + j];
          const inside = y >= 0 && y < size && z >= 0 && z < size;
          if (inside) sum += x[y * size + z] * w[i * kernel + j];
        }
      }
      out.push(sum);
    }
  }
  return out;
}

for (const backend of backends) {
  test(`${backend}: stride 2 pads alike on every side, as PyTorch does (hand example)`, async () => {
    await useBackend(backend);
    const layer = maskedConv2d({
      filters: 1,
      kernelSize: 3,
      strides: 2,
      method: "dense",
      inputShape: [4, 4, 1],
      name: "aligned",
    });
    const model = sequence(layer);
    assign(layer.variables().weights, new Array(9).fill(1));
    const x = tf.range(0, 16).reshape([1, 4, 4, 1]);
    // Windows centred at (0,0), (0,2), (2,0), (2,2); TensorFlow's own "same" would centre them at odd places.
    assert.deepEqual(
      valuesOf(() => model.apply(x) as tf.Tensor),
      [10, 24, 51, 90],
    );
  });
}

test("output and its declared shape are those of an explicit symmetric padding, whatever kernel, stride, padding", async () => {
  await useBackend("auto");
  const geometry = fc
    .record({
      size: fc.integer({min: 1, max: 9}),
      kernel: fc.integer({min: 1, max: 5}),
      stride: fc.integer({min: 1, max: 3}),
      pad: fc.nat(3),
    })
    .filter(({size, kernel, pad}) => size + 2 * pad >= kernel);
  fc.assert(
    fc.property(geometry, each => {
      const {size, kernel, stride, pad} = each;
      const inputShape = [size, size, 1];
      const layer = maskedConv2d({
        filters: 1,
        kernelSize: kernel,
        strides: stride,
        padding: pad,
        method: "dense",
        inputShape,
      });
      const model = sequence(layer);
      const x = random<tf.Tensor4D>([1, ...inputShape], "x");
      const expected = slowConvolution([...x.dataSync()], [...layer.weightValues()], each);
      const output = tf.tidy(() => model.apply(x) as tf.Tensor);
      assert.deepEqual(output.shape.slice(1), layer.computeOutputShape([null, ...inputShape]).slice(1));
      assertClose(output.dataSync(), expected, 1e-6, "output", 1);
      tf.dispose([x, output]);
      model.dispose();
    }),
    {numRuns: 100},
  );
});

test("padding same is (kernelSize − 1)/2 zeros, and needs an odd kernel", () => {
  const of = (kernelSize: number): number => maskedConv2d({filters: 1, kernelSize, keepFraction: 1}).padding;
  assert.deepEqual([1, 3, 5, 7].map(of), [0, 1, 2, 3]);
  assert.throws(() => of(2), {name: "RangeError", message: /padding same needs an odd kernelSize, got 2/});
});

test("sizes that are not positive whole numbers are refused by name", () => {
  const make = (options: Partial<MaskedConv2dOptions>) => () =>
    maskedConv2d({filters: 1, kernelSize: 3, keepFraction: 1, ...options});
  for (const bad of [0, -1, 1.5, Number.NaN]) {
    for (const what of ["filters", "kernelSize", "strides"]) {
      const message = new RegExp(`${what} must be a positive whole number, got ${bad}`);
      assert.throws(make({[what]: bad}), {name: "RangeError", message});
    }
    assert.throws(() => maskedDense({units: bad, keepFraction: 1}), {
      name: "RangeError",
      message: new RegExp(`units must be a positive whole number, got ${bad}`),
    });
  }
  assert.throws(make({padding: -1}), {
    name: "RangeError",
    message: /"same" or a whole number of zeros, got -1/,
  });
});

test("an input of another rank, or too small, is refused in words", async () => {
  await useBackend("auto");
  const conv = (): tf.layers.Layer =>
    maskedConv2d({filters: 1, kernelSize: 5, padding: 0, keepFraction: 0.5, name: "c"});
  const dense = (): tf.layers.Layer => maskedDense({units: 2, keepFraction: 0.5, name: "d"});
  const apply = (layer: tf.layers.Layer, shape: number[]) => () => layer.apply(tf.input({shape}));
  assert.throws(apply(conv(), [8]), /expected ndim=4, found ndim=2/);
  assert.throws(apply(dense(), [8, 8, 1]), /expected ndim=2, found ndim=4/);
  assert.throws(apply(conv(), [4, 9, 1]), {
    name: "RangeError",
    message: /too small for this network: c meets a side of 4 with a window of 5/,
  });
  assert.throws(() => conv().build([null, 8, 8, null]), {
    name: "RangeError",
    message: /c takes \[batch, height/,
  });
  assert.throws(() => dense().build([null, null]), {name: "RangeError", message: /d takes .*flatten first/});
});
