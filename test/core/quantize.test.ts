import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {binarize, prune} from "../../src/core/quantize";

fc.configureGlobal({seed: 1});

const weights = Float32Array.of(0.5, -2, 0, 3, -0.25);
const mask = Uint8Array.of(1, 1, 1, 0, 1);

test("binarize gives α·sign(w) where the mask is 1 and 0 elsewhere; a zero weight stays 0", () => {
  assert.deepEqual(
    [...binarize(weights, mask, 1.5)].map(w => w + 0),
    [1.5, -1.5, 0, 0, -1.5],
  );
});

test("binarize rounds the gain once to float32 and gives three values at most", () => {
  const values = new Set(binarize(Float32Array.of(1, -2, 3, -4), Uint8Array.of(1, 1, 1, 0), 0.1));
  assert.deepEqual(values, new Set([Math.fround(0.1), -Math.fround(0.1), 0]));
});

test("prune keeps weights as they are where the mask is 1", () => {
  assert.deepEqual([...prune(weights, mask)], [0.5, -2, 0, 0, -0.25]);
});

test("neither changes its inputs", () => {
  binarize(weights, mask, 2);
  prune(weights, mask);
  assert.deepEqual([...weights], [0.5, -2, 0, 3, -0.25]);
  assert.deepEqual([...mask], [1, 1, 1, 0, 1]);
});

test("arrays of other lengths are refused", () => {
  const wrong = {name: "RangeError", message: /5 weights do not match 4 entries/};
  assert.throws(() => binarize(weights, mask.subarray(1), 1), wrong);
  assert.throws(() => prune(weights, mask.subarray(1)), wrong);
});
