import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {Stream} from "../../src/core/random";
import {operationsOf} from "../../src/network/architectures";
import {foldActivations} from "../../src/network/foldActivations";
import {activate, conv3x3, halve, norm, type Operation, relu} from "../../src/network/operations";

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

const names = (operations: readonly Operation[]): string =>
  operations
    .map(each => {
      const taken = ["adds", "relu", "sign", "twice"].filter(name => name in each).map(name => `+${name}`);
      const inside = each.op === "residual" ? `(${names(each.main)} | ${names(each.shortcut)})` : "";
      return `${each.op}${taken.join("")}${inside}`;
    })
    .join(" ");

test("foldActivations takes in only a ReLU right before or behind a max-pooling, or right behind a batch norm", () => {
  assert.equal(
    names(foldActivations(operationsOf({arch: "conv2", activation: "relu"}), "relu")),
    "conv activation conv maxpool+relu flatten dense activation dense activation dense",
  );
  const sign = operationsOf({arch: "conv2", activation: "sign"});
  assert.deepEqual(foldActivations(sign, "sign"), sign);
  assert.equal(
    names(foldActivations([norm("a"), activate, norm("b"), relu], "sign")),
    "batchnorm activation batchnorm+relu",
  );
  const nested: Operation = {op: "residual", main: [relu, halve], shortcut: [halve, relu]};
  const folded: Operation[] = [{op: "maxpool", size: 2, stride: 2, pad: 0, relu: true}];
  assert.deepEqual(foldActivations([nested], "sign"), [{...nested, main: folded, shortcut: folded}]);
});

test("where it is asked for, a batch norm takes in the binary activation behind it, but no pooling does", () => {
  assert.equal(
    names(foldActivations([norm("a"), activate, halve, activate], "sign", true)),
    "batchnorm+sign maxpool activation",
  );
  assert.equal(names(foldActivations([norm("a"), activate], "relu", true)), "batchnorm+relu");
});

test("a residual's sum and the ReLU behind it go into the batch norm that ends its main branch, and nowhere else", () => {
  const block = (...end: Operation[]): Operation => ({
    op: "residual",
    main: [conv3x3("a", 8), ...end],
    shortcut: [norm("s")],
  });
  const folded = (activation: "relu" | "sign", ...operations: Operation[]): string =>
    names(foldActivations(operations, activation, true));
  assert.equal(folded("relu", block(norm("b")), activate), "residual(conv batchnorm+adds+relu | batchnorm)");
  assert.equal(folded("relu", block(norm("b"))), "residual(conv batchnorm+adds | batchnorm)");
  assert.equal(
    folded("sign", block(norm("b")), activate),
    "residual(conv batchnorm+adds | batchnorm) activation",
  );
  assert.equal(folded("relu", block(), activate), "residual(conv | batchnorm) activation");
  assert.equal(
    folded("relu", block(norm("b"), relu), activate),
    "residual(conv batchnorm+relu | batchnorm) activation",
  );
});

test("a batch norm with a ReLU whose values go to both branches of a residual is marked, whatever it stands in, and no other", () => {
  const block: Operation = {op: "residual", main: [conv3x3("a", 8), norm("b")], shortcut: []};
  const folded = (...operations: Operation[]): string => names(foldActivations(operations, "relu"));
  assert.equal(
    folded(norm("n"), activate, block, activate, block, activate),
    "batchnorm+relu+twice residual(conv batchnorm+adds+relu+twice | ) residual(conv batchnorm+adds+relu | )",
  );
  assert.equal(folded(norm("n"), block), "batchnorm residual(conv batchnorm+adds | )");
  assert.equal(
    folded(norm("n"), activate, halve, block),
    "batchnorm+relu maxpool residual(conv batchnorm+adds | )",
  );
});
