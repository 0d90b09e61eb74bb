import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {maskedConv2d} from "../../src/layers/maskedConv2d";
import {subsample} from "../../src/layers/subsample";
import {random, valuesOf} from "./tensors";

before(() => useBackend("auto"));

const shapes: [number[], number][] = [
  [[2, 6, 4, 3], 2],
  [[1, 7, 5, 2], 2],
  [[2, 9, 8, 1], 4],
  [[1, 1, 1, 5], 3],
];

for (const [shape, stride] of shapes) {
  test(`subsample of [${shape}] at stride ${stride} is the strided slice, and its gradient puts back`, () => {
    const [batch, height, width, channels] = shape;
    const x = random<tf.Tensor4D>(shape, "x");
    const values = x.arraySync();
    const rows = values.map(image =>
      image.filter((_, y) => y % stride === 0).map(row => row.filter((_, i) => i % stride === 0)),
    );
    assert.deepEqual(
      valuesOf(() => subsample(x, stride)),
      rows.flat(4),
    );
    const gradient = valuesOf(() =>
      tf.grad((input: tf.Tensor) =>
        subsample(input as tf.Tensor4D, stride)
          .square()
          .sum(),
      )(x),
    );
    const expected = values.flatMap(image =>
      image.flatMap((row, y) =>
        row.flatMap((pixel, i) => pixel.map(v => (y % stride || i % stride ? 0 : 2 * v))),
      ),
    );
    assert.equal(gradient.length, batch * height * width * channels);
    assert.ok(gradient.every((value, i) => Math.abs(value - expected[i]) < 1e-5));
  });
}

test("a 1×1 convolution at stride 2 of few channels trains, and equals the one of the strided slice", () => {
  const layer = maskedConv2d({
    filters: 16,
    kernelSize: 1,
    strides: 2,
    padding: 0,
    keepFraction: 0.5,
    name: "projection",
  });
  const x = random<tf.Tensor4D>([8, 56, 56, 8], "x");
  const output = layer.apply(x) as tf.Tensor4D;
  const weights = tf.tensor4d(layer.effectiveValues(), [1, 1, 8, 16]);
  const expected = tf.conv2d(
    tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, 2, 2, 1]) as tf.Tensor4D,
    weights,
    1,
    "same",
  );
  assert.ok(output.sub(expected).abs().max().dataSync()[0] < 1e-5);
  for (let step = 0; step < 5; step++) {
    const {value, grads} = tf.variableGrads(() => (layer.apply(x) as tf.Tensor).square().mean().asScalar());
    assert.ok(Object.values(grads).every(gradient => gradient.dataSync().every(Number.isFinite)));
    tf.dispose([value, grads]);
  }
});

test("a 1×1 convolution of every second pixel is TensorFlow's at stride 2, and so are its gradients; on even sides to the last bit", async t => {
  const {backend} = await useBackend("auto");
  if (backend !== "tensorflow") return t.skip(`the backend is ${backend}`);
  for (const [side, inputs, outputs] of [
    [32, 64, 128],
    [9, 32, 16],
  ]) {
    const x = random<tf.Tensor4D>([4, side, side, inputs], "x");
    const w = random<tf.Tensor4D>([1, 1, inputs, outputs], "w");
    const ways = [
      (a: tf.Tensor4D, b: tf.Tensor4D) => tf.conv2d(a, b, 2, "valid"),
      (a: tf.Tensor4D, b: tf.Tensor4D) => tf.conv2d(subsample(a, 2), b, 1, "same"),
    ].map(way => way as (...args: tf.Tensor[]) => tf.Tensor);
    const dy = random<tf.Tensor>(ways[0](x, w).shape, "dy");
    const [strided, ours] = ways.map(way => [way(x, w), ...tf.grads(way)([x, w], dy)]);
    for (const [i, tensor] of ours.entries()) {
      const off = tf.tidy(() => tensor.sub(strided[i]).abs().max().dataSync()[0]);
      assert.ok(off <= (side % 2 === 0 ? 0 : 1e-4), `${i} of side ${side} is ${off} off`);
    }
    tf.dispose([x, w, dy, ...strided, ...ours]);
  }
});
