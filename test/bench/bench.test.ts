import assert from "node:assert/strict";
import {before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {bench} from "../../src/bench/bench";
import {partNames} from "../../src/bench/parts";

before(() => useBackend("auto"));

const job = {arch: "digits", activation: "relu", precision: "float32", batch: 4, steps: 2} as const;

test("bench gives a row a job, its numbers positive and its parts the whole step", async () => {
  const jobs = [job, {...job, activation: "sign" as const}];
  const seen: number[] = [];
  const {peakGflops, rows, machine} = await bench(jobs, {gemmSize: 64, onJob: (_, i) => seen.push(i)});
  assert.deepEqual(seen, [0, 1]);
  assert.ok(peakGflops > 0);
  assert.ok(machine.libraryRssBytes > 1e7 && machine.threads > 0 && machine.cpu !== "");
  for (const [i, row] of rows.entries()) {
    assert.deepEqual(Object.keys(row), [
      "arch",
      "activation",
      "precision",
      "batch",
      "stepMs",
      "imagesPerSecond",
      "shareOfPeak",
      "parts",
      "peakRssBytes",
    ]);
    const {stepMs, imagesPerSecond, shareOfPeak, parts, peakRssBytes} = row;
    assert.equal(row.activation, jobs[i].activation);
    assert.ok(stepMs > 0 && shareOfPeak > 0);
    assert.ok(Math.abs(imagesPerSecond * stepMs - 1000 * job.batch) < 1e-6);
    assert.ok(peakRssBytes > machine.libraryRssBytes);
    assert.deepEqual(Object.keys(parts), [...partNames]);
    const values = Object.values(parts);
    assert.ok(
      values.every(value => value >= 0),
      JSON.stringify(parts),
    );
    assert.ok(values.reduce((sum, value) => sum + value, 0) <= stepMs * (1 + 1e-9));
    for (const part of ["convolutions", "matmul", "selection", "optimiser", "data"] as const) {
      assert.ok(parts[part] > 0, part);
    }
    assert.equal(parts.batchNorm > 0, row.activation === "sign");
  }
});

test("a job that fails says which and why, and an aborted bench ends with the signal's reason", async () => {
  await assert.rejects(
    bench([{...job, batch: 0}], {gemmSize: 8}),
    /^UserError: digits \(relu, float32\): .*batchSize/,
  );
  const reason = new Error("stop");
  const signal = AbortSignal.abort(reason);
  await assert.rejects(bench([job], {gemmSize: 8, signal}), reason);
});
