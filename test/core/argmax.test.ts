import assert from "node:assert/strict";
import {test} from "node:test";
import {argmax} from "../../src/core/argmax";

test("argmax is the place of the largest value, of equal ones the first", () => {
  assert.deepEqual([argmax([1, 3, 3]), argmax([2]), argmax([-1, -2])], [1, 0, 0]);
  assert.equal(argmax(Float32Array.of(Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY)), 0);
  assert.equal(argmax([0, Number.POSITIVE_INFINITY]), 1);
});

test("among values that are not all numbers, and of none, there is no largest", () => {
  for (const values of [[Number.NaN, 1], [1, Number.NaN], [Number.NaN], []]) assert.equal(argmax(values), -1);
});
