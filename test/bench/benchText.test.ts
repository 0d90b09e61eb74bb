import assert from "node:assert/strict";
import {test} from "node:test";
import type {BenchReport, BenchRow} from "../../src/bench/bench";
import {benchText} from "../../src/bench/benchText";

const row: BenchRow = {
  arch: "conv6",
  activation: "relu",
  precision: "float32",
  batch: 128,
  stepMs: 542,
  imagesPerSecond: 236.16,
  shareOfPeak: 0.875,
  parts: {
    convolutions: 400,
    matmul: 20,
    selection: 10,
    optimiser: 12,
    batchNorm: 0,
    pooling: 40,
    activations: 40,
    data: 8,
    rest: 12,
  },
  peakRssBytes: 1.2e9,
};
const report: BenchReport = {
  peakGflops: 400,
  rows: [row, {...row, arch: "digits"}],
  machine: {
    cpu: "A Processor",
    threads: 2,
    backend: "tensorflow",
    version: "2.21.0",
    device: "cpu",
    kernels: "winograd",
    gemmSize: 4096,
    libraryRssBytes: 4e8,
    loadBefore: 0.1,
  },
};

test("the text gives each row's speed, its share of the peak and its memory beyond the library", () => {
  const lines = benchText(report).split("\n");
  assert.match(lines[0], /A Processor, 2 threads, tensorflow 2\.21\.0, winograd .* 400\.0 GFLOP\/s/);
  const conv6 = lines.find(line => line.startsWith("conv6"))!.split(/\s+/);
  const speed = ["conv6", "relu", "float32", "128", "542", "236", "0.875", "1,200", "800"];
  assert.deepEqual(conv6, speed);
  const digits = lines.find(line => line.startsWith("digits"))!;
  assert.match(digits, /1,200\s+800$/);
  assert.ok(lines.some(line => /^conv6\s.*\s400\s+20\s+10\s+12\s+0\s+40\s+40\s+8\s+12$/.test(line)));
});

test("a machine that was busy is named as such", () => {
  assert.doesNotMatch(benchText(report), /busy/);
  const busy = {...report, machine: {...report.machine, loadBefore: 1.5}};
  assert.match(benchText(busy), /load average was 1\.5 .* busy/);
});
