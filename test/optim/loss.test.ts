import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {useBackend} from "../../src/backend/backend";
import {adam} from "../../src/optim/adam";
import {categoricalCrossEntropy, correctCount, crossEntropy} from "../../src/optim/loss";
import {sgd} from "../../src/optim/sgd";
import rules from "../golden/rules.json";

before(() => useBackend("auto"));

const {logits, labels, byEpsilon} = rules.labelSmoothing;

/** Loss and its gradient to the logits, as plain numbers. */
function valueAndGradient(
  rows: number[][],
  at: number[],
  labelSmoothing: number,
): {value: number; gradient: number[]} {
  const [value, gradient] = tf.tidy(() => {
    const y = tf.tensor1d(at, "int32");
    const result = tf.valueAndGrad(z => crossEntropy(z as tf.Tensor2D, y, {labelSmoothing}))(
      tf.tensor2d(rows),
    );
    return [result.value, result.grad];
  });
  const plain = {value: value.dataSync()[0], gradient: Array.from(gradient.dataSync())};
  tf.dispose([value, gradient]);
  return plain;
}

/** The same loss in doubles, term by term. */
function slowLoss(rows: number[][], at: number[], e: number): number {
  const losses = rows.map((z, n) => {
    const top = Math.max(...z);
    const logSum = top + Math.log(z.reduce((sum, v) => sum + Math.exp(v - top), 0));
    const smooth = z.reduce((sum, v) => sum + logSum - v, 0) / z.length;
    return (1 - e) * (logSum - z[at[n]]) + e * smooth;
  });
  return losses.reduce((a, b) => a + b, 0) / rows.length;
}

for (const [e, expected] of Object.entries(byEpsilon)) {
  test(`label smoothing ${e}: loss and gradient equal PyTorch's within 1e-6`, () => {
    const {value, gradient} = valueAndGradient(logits, labels, Number(e));
    assert.ok(Math.abs(value - expected.value) <= 1e-6 * expected.value, `${value} vs ${expected.value}`);
    for (const [i, g] of expected.gradient.flat().entries()) {
      assert.ok(Math.abs(gradient[i] - g) <= 1e-7, `entry ${i}: ${gradient[i]} vs ${g}`);
    }
  });
}

test("the gradient is the slope of the loss, by central differences in doubles", () => {
  const row = fc.array(fc.double({min: -8, max: 8, noNaN: true}).map(Math.fround), {
    minLength: 4,
    maxLength: 4,
  });
  const example = fc.tuple(row, fc.integer({min: 0, max: 3}));
  const batches = fc.array(example, {minLength: 1, maxLength: 3});
  fc.assert(
    fc.property(batches, fc.constantFrom(0, 0.1, 1), (batch, e) => {
      const rows = batch.map(([z]) => z);
      const at = batch.map(([, y]) => y);
      const {value, gradient} = valueAndGradient(rows, at, e);
      assert.ok(Math.abs(value - slowLoss(rows, at, e)) <= 1e-5);
      const h = 1e-5;
      const nudged = (k: number, by: number) =>
        rows.map((z, n) => z.map((v, c) => (n * 4 + c === k ? v + by : v)));
      for (const [k, g] of gradient.entries()) {
        const slope = (slowLoss(nudged(k, h), at, e) - slowLoss(nudged(k, -h), at, e)) / (2 * h);
        assert.ok(Math.abs(g - slope) <= 1e-6, `entry ${k}: ${g} vs ${slope}`);
      }
    }),
    {seed: 1, numRuns: 50},
  );
});

test("huge logits overflow neither loss nor gradient", () => {
  const {value, gradient} = valueAndGradient([[1e4, 0, -1e4]], [1], 0);
  assert.equal(value, 1e4);
  assert.deepEqual(gradient, [1, -1, 0]);
});

test("the loss scales its gradient by what follows it", () => {
  const y = tf.tensor1d(labels, "int32");
  const z = tf.tensor2d(logits);
  const plain = tf
    .grad(x => crossEntropy(x as tf.Tensor2D, y))(z)
    .dataSync();
  const tripled = tf
    .grad(x => tf.mul(crossEntropy(x as tf.Tensor2D, y), 3))(z)
    .dataSync();
  for (const [i, g] of plain.entries()) assert.ok(Math.abs(tripled[i] - 3 * g) <= 1e-7);
});

test("the model.compile form gives one loss for each example, whose mean and gradient are crossEntropy's", () => {
  const z = tf.tensor2d(logits);
  const oneHot = tf.oneHot(tf.tensor1d(labels, "int32"), 10);
  const loss = categoricalCrossEntropy({labelSmoothing: 0.1});
  assert.deepEqual(loss(oneHot, z).shape, [labels.length]);
  const {value, grad} = tf.valueAndGrad(x => tf.mean(loss(oneHot, x)))(z);
  const expected = valueAndGradient(logits, labels, 0.1);
  assert.ok(Math.abs(value.dataSync()[0] - expected.value) <= 1e-6);
  for (const [i, g] of grad.dataSync().entries()) assert.ok(Math.abs(g - expected.gradient[i]) <= 1e-7);
});

test("correctCount counts the rows whose first largest logit is at the label", () => {
  const z = tf.tensor2d([
    [1, 3, 2],
    [5, 5, 0],
    [5, 5, 0],
    [0, 0, 1],
  ]);
  const count = correctCount(z, tf.tensor1d([1, 0, 1, 2], "int32"));
  assert.equal(count.dtype, "int32");
  assert.equal(count.dataSync()[0], 3);
});

test("loss, gradient and count leave no tensor behind", () => {
  const z = tf.tensor2d(logits);
  const y = tf.tensor1d(labels, "int32");
  const {numTensors} = tf.memory();
  for (let i = 0; i < 20; i++) {
    const {value, grad} = tf.valueAndGrad(x => crossEntropy(x as tf.Tensor2D, y, {labelSmoothing: 0.1}))(z);
    tf.dispose([value, grad, correctCount(z, y), crossEntropy(z, y)]);
  }
  assert.equal(tf.memory().numTensors, numTensors);
});

test("labels and logits of unlike batches, of other types and smoothing beyond 1 are refused", () => {
  const z = tf.zeros<tf.Rank.R2>([2, 3]);
  const y = tf.tensor1d([0, 1], "int32");
  assert.throws(() => crossEntropy(z, tf.tensor1d([0], "int32")), /got \[2,3\] and \[1\]/);
  assert.throws(() => correctCount(z, tf.tensor1d([0, 1])), /TypeError: labels must be int32, got float32/);
  assert.throws(
    () => crossEntropy(z, y, {labelSmoothing: 1.5}),
    /labelSmoothing must be in \[0, 1\], got 1.5/,
  );
  assert.throws(() => categoricalCrossEntropy()(tf.zeros([2, 4]), z), /must both be \[batch, classes\]/);
});

for (const optimizer of [sgd({learningRate: 0.1, momentum: 0.9}), adam({learningRate: 0.05})]) {
  test(`${optimizer.getClassName()} in model.compile and fit lowers the loss of a small dense net`, async () => {
    const model = tf.sequential();
    model.add(tf.layers.dense({units: 3, inputShape: [2], kernelInitializer: "zeros"}));
    model.compile({optimizer, loss: categoricalCrossEntropy({labelSmoothing: 0.1}), metrics: ["accuracy"]});
    const x = tf.tensor2d([
      [1, 0],
      [0, 1],
      [-1, -1],
    ]);
    const y = tf.eye(3);
    const {history} = await model.fit(x, y, {epochs: 30, batchSize: 3, shuffle: false, verbose: 0});
    assert.ok(Math.abs((history.loss[0] as number) - Math.log(3)) < 1e-6);
    assert.ok((history.loss[29] as number) < 0.6, `${history.loss[29]}`);
    assert.equal(history.acc[29], 1);
    tf.dispose([x, y]);
  });
}
