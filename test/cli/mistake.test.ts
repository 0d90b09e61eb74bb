import assert from "node:assert/strict";
import {readdirSync} from "node:fs";
import {test} from "node:test";
import {inFlags, refusedByDisk} from "../../src/cli/mistake";

test("a field's name becomes the flag's, and other words stay", () => {
  assert.equal(inFlags("leave keepFraction out, or give 1"), "leave --keep out, or give 1");
  assert.equal(inFlags("warmupEpochs must be whole"), "--warmup must be whole");
  assert.equal(inFlags("no toString, no CIFAR-10"), "no toString, no CIFAR-10");
});

test("what the disk refused is one line; another error is none", () => {
  assert.throws(
    () => readdirSync(__filename),
    error => refusedByDisk(error) === `cannot use ${__filename}: ENOTDIR: not a directory`,
  );
  assert.equal(refusedByDisk(new Error("a bug")), undefined);
});
