import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";

before(() => useBackend("wasm"));

test("on WebAssembly the sign of a tiny number is its sign, down to the smallest float", () => {
  const values = [1e-6, 1e-8, 1e-20, 1.2e-38, 2 ** -149, 5, Number.POSITIVE_INFINITY];
  const signs = (x: number[]): number[] => {
    const sign = tf.tidy(() => tf.sign(tf.tensor1d(x)));
    const result = [...sign.dataSync()];
    sign.dispose();
    return result;
  };
  assert.deepEqual(
    signs(values),
    values.map(() => 1),
  );
  assert.deepEqual(
    signs(values.map(v => -v)),
    values.map(() => -1),
  );
  assert.deepEqual(
    signs([0, -0]).map(s => s + 0),
    [0, 0],
  );
});

test("the sign keeps shape and type, leaves no tensors behind and its input intact", () => {
  const x = tf.tensor2d([[1, -2, 0]]);
  const before = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) {
    const sign = tf.tidy(() => tf.sign(x));
    assert.deepEqual([sign.shape, sign.dtype], [[1, 3], "float32"]);
    assert.equal(tf.memory().numTensors, before + 1);
    sign.dispose();
  }
  assert.deepEqual([...x.dataSync()], [1, -2, 0]);
  x.dispose();
});
