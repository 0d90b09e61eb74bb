import assert from "node:assert/strict";
import {test} from "node:test";
import {meansOverSeeds, resultRow, sizeBytes} from "../../src/experiments/show/rows";
import {found} from "./madeUp";
import {someRecord} from "./someRecord";

test("meansOverSeeds gives mean and standard deviation (n − 1) by curve and x", () => {
  const [half, tenth, dense, missing] = meansOverSeeds(found.map(resultRow));
  assert.deepEqual([half.mean, half.sd, half.runs, half.leftChance], [41, Math.SQRT2, 2, true]);
  assert.deepEqual([tenth.mean, tenth.leftChance], [10.5, false]);
  assert.equal(dense.sd, 0);
  assert.deepEqual([missing.mean, missing.runs, missing.asked], [null, 0, 1]);
});

test("a ticket costs its masks' entropy and a gain a layer, a dense network four bytes a weight", () => {
  const ticket = someRecord({arch: "conv2", keepFraction: 0.5}, {maskEntropyBytes: 1000});
  assert.equal(sizeBytes(ticket), 1004);
  assert.equal(sizeBytes(someRecord({arch: "conv2", method: "dense"}, {weights: 10})), 40);
});
