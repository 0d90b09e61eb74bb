import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import type {ScoreGradientName} from "../../src/core/straightThrough";
import {scoreGradients} from "../../src/layers/scoreGradients";

const dEffective = [0.3, -1, 2, 0.7, -0.4];
const weights = [1, -2, 0.5, -0.3, 1.5];
const scores = [0.7, -0.2, 1.4, -3, 0.05];

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
/** What the gradient of each rule belongs to: W_eff as a smooth function of one score. */
const surrogates: Readonly<Record<ScoreGradientName, (weight: number, score: number) => number>> = {
  "straight-through": (w, s) => w * Math.abs(s),
  "sign-only": (w, s) => Math.sign(w) * Math.abs(s),
  sigmoid: (w, s) => w * 4 * sigmoid(Math.abs(s)),
  clipped: (w, s) => w * Math.min(Math.abs(s), 1),
};

for (const name of Object.keys(surrogates) as ScoreGradientName[]) {
  test(`${name} is the derivative of its surrogate, by central differences`, async () => {
    await useBackend("auto");
    const actual = tf.tidy(() =>
      scoreGradients[name](tf.tensor1d(dEffective), tf.tensor1d(weights), tf.tensor1d(scores)).dataSync(),
    );
    const h = 1e-6;
    scores.forEach((s, i) => {
      const at = (score: number): number => dEffective[i] * surrogates[name](weights[i], score);
      const expected = (at(s + h) - at(s - h)) / (2 * h);
      assert.ok(Math.abs(actual[i] - expected) < 1e-5, `entry ${i}: ${actual[i]}, not ${expected}`);
    });
  });
}

test("a score of 0 gets no gradient under any rule: |s| has slope 0 there, as in PyTorch", async () => {
  await useBackend("auto");
  for (const rule of Object.values(scoreGradients)) {
    const zero = tf.tidy(() => rule(tf.tensor1d([1]), tf.tensor1d([2]), tf.tensor1d([0])).dataSync()[0]);
    assert.equal(Math.abs(zero), 0);
  }
});
