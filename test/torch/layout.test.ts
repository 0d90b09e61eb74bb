import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {useBackend} from "../../src/backend/backend";
import {hwioFromOihw, nhwcFromNchw, rowsFromChannelMajor} from "../../src/torch/layout";

fc.configureGlobal({seed: 1});
before(() => useBackend("cpu"));

const extents = (n: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({min: 1, max: 4}), {minLength: n, maxLength: n});
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

/** ours[to[i]] = theirs[i] for theirs = 0, 1, 2, … */
function scatter(to: Uint32Array): number[] {
  const ours = new Array<number>(to.length).fill(Number.NaN);
  to.forEach((at, i) => {
    ours[at] = i;
  });
  return ours;
}

/** The same numbers moved by tf.transpose. */
function transposed(shape: number[], axes: number[]): number[] {
  const moved = tf.tidy(() => tf.range(0, sizeOf(shape)).reshape(shape).transpose(axes));
  const values = [...moved.dataSync()];
  moved.dispose();
  return values;
}

test("OIHW to HWIO by hand: two outputs of one input, one row, two columns", () => {
  // theirs: o0x0, o0x1, o1x0, o1x1; ours: x0o0, x0o1, x1o0, x1o1
  assert.deepEqual([...hwioFromOihw([2, 1, 1, 2])], [0, 2, 1, 3]);
});

test("NCHW to NHWC by hand: two channels of a 1×2 image", () => {
  // theirs: c0x0, c0x1, c1x0, c1x1; ours: x0c0, x0c1, x1c0, x1c1
  assert.deepEqual([...nhwcFromNchw(1, [2, 1, 2])], [0, 2, 1, 3]);
});

test("hwioFromOihw and nhwcFromNchw move numbers as a transposition does, each to a place of its own", () => {
  fc.assert(
    fc.property(extents(4), shape => {
      assert.deepEqual(scatter(hwioFromOihw(shape)), transposed(shape, [2, 3, 1, 0]));
      assert.deepEqual(scatter(nhwcFromNchw(shape[0], shape.slice(1))), transposed(shape, [0, 2, 3, 1]));
    }),
  );
});

test("a fully connected layer behind a flatten gives the same output in both layouts", () => {
  fc.assert(
    fc.property(extents(3), fc.integer({min: 1, max: 4}), (image, outputs) => {
      const features = sizeOf(image);
      const to = rowsFromChannelMajor([outputs, features, 1, 1], image);
      assert.deepEqual(
        [...to].sort((a, b) => a - b),
        [...new Array(outputs * features).keys()],
      );
      const pixels = Array.from({length: features}, (_, f) => f + 1);
      const weight = (i: number): number => (i * 7) % 11;
      const theirs = Array.from({length: outputs}, (_, o) =>
        pixels.reduce((sum, pixel, f) => sum + pixel * weight(o * features + f), 0),
      );
      const [moved, ours] = [scatter(nhwcFromNchw(1, image)).map(f => pixels[f]), scatter(to).map(weight)];
      const sums = Array.from({length: outputs}, (_, o) =>
        moved.reduce((sum, pixel, f) => sum + pixel * ours[f * outputs + o], 0),
      );
      assert.deepEqual(sums, theirs);
    }),
  );
});
