import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {useBackend} from "../../src/backend/backend";
import {reluGradient} from "../../src/backend/relu";

test("ReLU's gradient is dy where its output is positive, else 0, on the native backend as composed", async () => {
  await useBackend("auto");
  // TensorFlow flushes subnormal numbers to zero.
  const value = fc.float({noNaN: true, noDefaultInfinity: true}).map(v => (Math.abs(v) < 1e-30 ? 0 : v));
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), {minLength: 1, maxLength: 65}), pairs => {
      const [x, dy] = [0, 1].map(side => Float32Array.from(pairs, pair => pair[side]));
      const expected = dy.map((d, i) => (x[i] > 0 ? d : 0));
      const direct = tf.tidy(() => reluGradient(tf.tensor1d(dy), tf.relu(tf.tensor1d(x))).dataSync());
      const taped = tf.tidy(() => tf.grad(tf.relu)(tf.tensor1d(x), tf.tensor1d(dy)).dataSync());
      const composed = tf.tidy(() =>
        tf
          .tensor1d(dy)
          .mul(tf.step(tf.tensor1d(x)))
          .dataSync(),
      );
      for (const [i, want] of expected.entries()) {
        assert.equal(direct[i] + 0, want + 0);
        assert.equal(taped[i] + 0, want + 0);
        assert.equal(composed[i] + 0, want + 0);
      }
    }),
  );
});

test("so is it, with ReLU itself, where there are more values than the cache is given, and any number of them", async () => {
  await useBackend("auto");
  for (const size of [2 ** 22, 2 ** 22 + 13]) {
    const [x, dy] = [1, 2].map(rate => tf.tensor1d(new Float32Array(size).map((_, i) => Math.sin(rate * i))));
    const results = [tf.relu(x), tf.grad(tf.relu)(x, dy)];
    const [y, dx] = results.map(each => each.dataSync());
    const [given, back] = [x.dataSync(), dy.dataSync()];
    assert.equal(
      given.findIndex((value, i) => y[i] !== Math.max(value, 0) || dx[i] + 0 !== (value > 0 ? back[i] : 0)),
      -1,
    );
    tf.dispose([x, dy, ...results]);
  }
});
