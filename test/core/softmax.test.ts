import assert from "node:assert/strict";
import {test} from "node:test";
import {softmax} from "../../src/core/softmax";

test("softmax gives probabilities in the ratios of exp, whatever is added to all logits", () => {
  const probabilities = softmax([0, Math.log(2), Math.log(5)]);
  for (const [i, p] of [1 / 8, 2 / 8, 5 / 8].entries()) assert.ok(Math.abs(probabilities[i] - p) < 1e-15);
  assert.deepEqual(softmax([1000, 1001, -1000]), softmax([0, 1, -2000]));
  assert.deepEqual([...softmax([3])], [1]);
});

test("logits that are not all numbers have no probabilities", () => {
  assert.ok(softmax([1, Number.NaN]).every(Number.isNaN));
});
