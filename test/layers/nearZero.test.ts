import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {nearZeroIsZero} from "../../src/layers/nearZero";
import {valuesOf} from "./tensors";

before(() => useBackend("auto"));

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
