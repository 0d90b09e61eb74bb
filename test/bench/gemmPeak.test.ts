import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {precisionHere} from "../../src/backend/arithmetic";
import {useBackend} from "../../src/backend/backend";
import {gemmPeak, gemmPeakBfloat16} from "../../src/bench/gemmPeak";

before(() => useBackend("auto"));

test("the GEMM peak is a finite speed, and its matrices are gone afterwards", async () => {
  const before = tf.memory().numTensors;
  const peak = await gemmPeak(32, {repeats: 2});
  assert.ok(peak > 0 && Number.isFinite(peak), String(peak));
  await assert.rejects(gemmPeak(32, {signal: AbortSignal.abort(new Error("stop"))}), /stop/);
  assert.equal(tf.memory().numTensors, before);
});

test("so is that of bfloat16, where the processor has it", async t => {
  const lacking = precisionHere("bfloat16").notice;
  if (lacking) return t.skip(lacking);
  const before = tf.memory();
  const peak = await gemmPeakBfloat16(32, {repeats: 2});
  assert.ok(peak > 0 && Number.isFinite(peak), String(peak));
  await assert.rejects(gemmPeakBfloat16(32, {signal: AbortSignal.abort(new Error("stop"))}), /stop/);
  assert.deepEqual(tf.memory(), before);
});
