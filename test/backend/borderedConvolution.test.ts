import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {vectorWidth} from "../../src/backend/nativeOperations";
import {recordOperations} from "./recordOperations";
import {worst} from "./worst";

let ran: string[];
before(async () => {
  ran = await recordOperations();
});

type Sides = [number, number];
const border: [Sides, Sides, Sides, Sides] = [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0],
];

test("at stride 2 a border of zeros, given in numbers, is that of padded images to the last bit, as are the gradients", () => {
  for (const [height, width, channels] of [
    [32, 32, 4],
    [7, 10, 2],
    [1, 2, 1],
    [9, 16, 3],
  ]) {
    const lanes = vectorWidth();
    const normal = (shape: number[], seed: number): tf.Tensor =>
      tf.randomNormal(shape, 0, 1, "float32", seed);
    const x = normal([3, height, width, channels * lanes], 1);
    const w = normal([3, 3, channels * lanes, 2 * lanes], 2);
    const ways = [
      (a: tf.Tensor, b: tf.Tensor) =>
        tf.conv2d(tf.pad4d(a as tf.Tensor4D, border), b as tf.Tensor4D, 2, "valid") as tf.Tensor,
      (a: tf.Tensor, b: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, border) as tf.Tensor,
    ];
    const dy = normal([3, Math.ceil(height / 2), Math.ceil(width / 2), 2 * lanes], 3);
    const given = tf.memory().numTensors;
    const [padded, bordered] = ways.map(way => {
      ran.length = 0;
      const results = [tf.tidy(() => way(x, w)), ...tf.grads(way)([x, w], dy)];
      assert.deepEqual(
        new Set(ran.filter(name => /Conv|Pad/.test(name))).size,
        way === ways[0] ? 4 : 3,
        String(ran),
      );
      return results;
    });
    for (const [i, tensor] of bordered.entries()) assert.deepEqual(tensor.dataSync(), padded[i].dataSync());
    tf.dispose([...padded, ...bordered]);
    assert.equal(tf.memory().numTensors, given);
    tf.dispose([x, w, dy]);
  }
});

test("other convolutions with a border in numbers, and their gradients, are those of padded images", () => {
  for (const [kernel, stride, channels] of [
    [3, 2, 5],
    [5, 2, 16],
    [3, 3, 16],
  ]) {
    const x = tf.randomNormal([2, 12, 9, channels], 0, 1, "float32", 1);
    const w = tf.randomNormal([kernel, kernel, channels, 7], 0, 1, "float32", 2);
    const ways = [
      (a: tf.Tensor, b: tf.Tensor) =>
        tf.conv2d(tf.pad4d(a as tf.Tensor4D, border), b as tf.Tensor4D, stride, "valid") as tf.Tensor,
      (a: tf.Tensor, b: tf.Tensor) =>
        tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, border) as tf.Tensor,
    ];
    const [padded, bordered] = ways.map(way => {
      const y = way(x, w);
      return [y, ...tf.grads(way)([x, w], y)];
    });
    for (const [i, tensor] of bordered.entries()) assert.ok(worst(tensor, padded[i]) < 1e-5, `${i}`);
    tf.dispose([x, w, ...padded, ...bordered]);
  }
});
