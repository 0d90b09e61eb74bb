import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {Stream} from "../../src/core/random";
import {operationsOf} from "../../src/network/architectures";
import {foldRelu} from "../../src/network/foldRelu";
import {activate, halve, norm, type Operation, relu} from "../../src/network/operations";

before(() => useBackend("auto"));

test("ReLU and max-pooling give the same values and gradients in either order, to the last bit", () => {
  const random = new Stream(1, "pool first");
  // Coarse values make many ties, and windows without a positive entry.
  const values = (n: number, from: number): number[] =>
    Array.from({length: n}, (_, i) => Math.round(4 * random.uniform(from + i) - 2.5) / 2);
  const x = tf.tensor4d(values(2 * 8 * 8 * 5, 0), [2, 8, 8, 5]);
  const dy = tf.tensor4d(values(2 * 4 * 4 * 5, 5000), [2, 4, 4, 5]);
  const orders = [
    (input: tf.Tensor) => tf.maxPool(tf.relu(input) as tf.Tensor4D, 2, 2, "valid"),
    (input: tf.Tensor) => tf.relu(tf.maxPool(input as tf.Tensor4D, 2, 2, "valid")),
  ];
  const [reluFirst, poolFirst_] = orders.map(order =>
    tf.tidy(() => [order(x), tf.grad(order)(x, dy)].map(tensor => tensor.dataSync().map(v => v + 0))),
  );
  assert.deepEqual(poolFirst_, reluFirst);
  assert.ok(reluFirst[1].some(value => value !== 0));
});

test("foldRelu takes in only a ReLU right before or behind a max-pooling, or right behind a batch norm", () => {
  const names = (operations: readonly Operation[]): string =>
    operations.map(each => ("relu" in each ? `${each.op}+relu` : each.op)).join(" ");
  assert.equal(
    names(foldRelu(operationsOf({arch: "conv2", activation: "relu"}), "relu")),
    "conv activation conv maxpool+relu flatten dense activation dense activation dense",
  );
  const sign = operationsOf({arch: "conv2", activation: "sign"});
  assert.deepEqual(foldRelu(sign, "sign"), sign);
  assert.equal(
    names(foldRelu([norm("a"), activate, norm("b"), relu], "sign")),
    "batchnorm activation batchnorm+relu",
  );
  const nested: Operation = {op: "residual", main: [relu, halve], shortcut: [halve, relu]};
  const folded: Operation[] = [{op: "maxpool", size: 2, stride: 2, pad: 0, relu: true}];
  assert.deepEqual(foldRelu([nested], "sign"), [{...nested, main: folded, shortcut: folded}]);
});
