import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {binarize} from "../../src/core/quantize";
import {maskedDense} from "../../src/layers/maskedDense";
import {exactSums, nearZeroIsZero} from "../../src/layers/settle";
import {assign, random, valuesOf} from "./tensors";

before(() => useBackend("auto"));

test("sums become the nearest whole multiple of the gain times the step; the gradient is the sums' own", () => {
  const weights = tf.tensor1d([0.3, 0, -0.3]);
  const gain = Math.fround(0.3);
  const y = tf.tensor1d([0.3000001, -0.8999997, 1e-7, -0.4500001, 0.6]);
  assert.deepEqual(
    valuesOf(() => exactSums(y, weights, 0.5)),
    [2, -6, 0, -3, 4].map(count => Math.fround(count * Math.fround(gain * 0.5))),
  );
  const gradient = tf.grad(x => exactSums(x, weights, 0.5).mul([1, 2, 3, 4, 5]).sum());
  assert.deepEqual(
    valuesOf(() => gradient(y)),
    [1, 2, 3, 4, 5],
  );
});

test("without a kept weight exact sums are 0", () => {
  assert.deepEqual(
    valuesOf(() => exactSums(tf.zeros([3]), tf.zeros([4]), 1)),
    [0, 0, 0],
  );
});

test("a dense layer over means of 16 signs gives the count of their sum, times gain / 16, to the last bit", () => {
  const [rows, features, units] = [6, 512, 10];
  const layer = maskedDense({units, keepFraction: 0.2, seed: 3, inputStep: 1 / 16, inputShape: [features]});
  layer.build([rows, features]);
  const counts = random([rows, features], "counts").mul(8).round().clipByValue(-16, 16);
  const given = counts.dataSync();
  const gain = Math.fround(layer.gain());
  const signs = binarize(layer.weightValues(), layer.mask(), 1);
  const expected = Array.from({length: rows * units}, (_, i) => {
    const [row, unit] = [Math.floor(i / units), i % units];
    const sum = signs.reduce(
      (total, sign, w) =>
        w % units === unit ? total + sign * given[row * features + (w - unit) / units] : total,
      0,
    );
    return Math.fround(sum * Math.fround(gain / 16));
  });
  const found = valuesOf(() => layer.apply(counts.div(16)) as tf.Tensor);
  assert.deepEqual(
    found.map(v => v + 0),
    expected.map(v => v + 0),
  );
  const scores = layer.scoreTensor();
  assign(
    scores,
    [...scores.dataSync()].map(s => -s),
  );
  assert.deepEqual(
    valuesOf(() => layer.apply(counts.div(16)) as tf.Tensor).map(v => v + 0),
    expected.map(v => v + 0),
  );
});

test("a step that is none, or for weights without a gain, is refused", () => {
  for (const inputStep of [0, -1, Number.NaN]) {
    assert.throws(() => maskedDense({units: 2, keepFraction: 0.5, inputStep}), /inputStep is positive/);
  }
  assert.throws(
    () => maskedDense({units: 2, keepFraction: 0.5, method: "edge-popup", inputStep: 1}),
    RangeError,
  );
});

test("sums within a thousandth of the gain become 0, others stay; the gradient is the sums' own", () => {
  const weights = tf.tensor1d([0.5, 0, -0.5]);
  const y = tf.tensor1d([0.5, -1.5, 3e-4, -3e-4, 0, 6e-4, -6e-4]);
  assert.deepEqual(
    valuesOf(() => nearZeroIsZero(y, weights)),
    [0.5, -1.5, 0, 0, 0, 6e-4, -6e-4].map(Math.fround),
  );
  const gradient = tf.grad(x => nearZeroIsZero(x, weights).mul([1, 2, 3, 4, 5, 6, 7]).sum());
  assert.deepEqual(
    valuesOf(() => gradient(y)),
    [1, 2, 3, 4, 5, 6, 7],
  );
});

test("without a kept weight there is nothing to take the gain of, and 0 stays 0", () => {
  assert.deepEqual(
    valuesOf(() => nearZeroIsZero(tf.zeros([3]), tf.zeros([4]))),
    [0, 0, 0],
  );
});
