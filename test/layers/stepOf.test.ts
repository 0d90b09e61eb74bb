import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {binaryActivation} from "../../src/layers/binaryActivation";
import {paddedMaxPool} from "../../src/layers/paddedMaxPool";
import {stepOf} from "../../src/layers/stepOf";

const through = (size: number, ...layers: tf.layers.Layer[]): tf.SymbolicTensor =>
  layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, tf.input({shape: [size, size, 3]}));
const sign = (): tf.layers.Layer => binaryActivation({});
const halve = (): tf.layers.Layer => paddedMaxPool({size: 2, strides: 2, padding: 0});
const mean = (): tf.layers.Layer => tf.layers.globalAveragePooling2d({});

test("signs have step 1, pooled and flattened too; their mean over 16 pixels 1/16", () => {
  assert.equal(stepOf(through(4, sign())), 1);
  assert.equal(stepOf(through(4, sign(), halve(), tf.layers.flatten())), 1);
  assert.equal(stepOf(through(4, sign(), mean())), 1 / 16);
  assert.equal(stepOf(through(8, sign(), halve(), mean())), 1 / 16);
});

test("images, ReLUs, means of them and means over 49 pixels have none", () => {
  assert.equal(stepOf(tf.input({shape: [4, 4, 3]})), undefined);
  assert.equal(stepOf(through(4, tf.layers.reLU(), tf.layers.flatten())), undefined);
  assert.equal(stepOf(through(4, mean())), undefined);
  assert.equal(stepOf(through(7, sign(), mean())), undefined);
  assert.equal(stepOf(through(4, sign(), tf.layers.reLU())), undefined);
});
