import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {hasOperation} from "../../src/backend/operations";
import {runningStatistics} from "../../src/layers/runningStatistics";
import {backends, random} from "./tensors";

for (const backend of backends) {
  test(`${backend}: running statistics are (1 − m)·running + m·batch, the variance unbiased, in floats to the last bit`, async t => {
    const {backend: name, kernels} = await useBackend(backend);
    if (name === "tensorflow" && kernels !== "plain") assert.ok(hasOperation("MultiprizeRunningStatistics"));
    else t.diagnostic("by the composition");
    for (const [channels, momentum, count] of [
      [1, 0.1, 2],
      [65, 0.37, 1000],
      [512, 1, 7],
    ]) {
      const given = ["mean", "variance", "old mean", "old variance"].map(each => random([channels], each));
      const [mean, variance, oldMean, oldVariance] = given.map(each => each.dataSync());
      const f = Math.fround;
      const [kept, fresh, unbiased] = [f(1 - momentum), f(momentum), f(count / (count - 1))];
      const [newMean, newVariance] = runningStatistics(
        [given[0], given[1]],
        [given[2], given[3]],
        momentum,
        count,
      );
      const expected = Float32Array.from(oldMean, (old, c) => f(f(old * kept) + f(mean[c] * fresh)));
      const unbiasedOf = (c: number): number => f(f(variance[c] * unbiased) * fresh);
      const expectedVariance = Float32Array.from(oldVariance, (old, c) => f(f(old * kept) + unbiasedOf(c)));
      assert.deepEqual(newMean.dataSync(), expected);
      assert.deepEqual(newVariance.dataSync(), expectedVariance);
      tf.dispose([...given, newMean, newVariance]);
    }
  });
}
