import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {instrument} from "../../src/bench/instrument";
import {partNames, partOfKernel} from "../../src/bench/parts";
import {Stopwatch} from "../../src/bench/stopwatch";
import {median} from "../../src/core/statistics";
import {maskedDense} from "../../src/layers/maskedDense";

before(() => useBackend("auto"));

/** Computes for about so long. */
function busy(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test("median is the middle of the values, or the mean of the two in the middle", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(median([7]), 7);
  assert.ok(Number.isNaN(median([])));
});

test("a kernel belongs to the part its name tells, tfjs's own where-selection to none", () => {
  const expected = {
    Conv2D: "convolutions",
    Conv2DBackpropFilter: "convolutions",
    BatchMatMul: "matmul",
    MultiprizeSelect: "selection",
    MultiprizeScoreGradient: "optimiser",
    MultiprizeSgd: "optimiser",
    MultiprizeBatchNormGrad: "batchNorm",
    MultiprizeMaxPool2Grad: "pooling",
    MaxPool: "pooling",
    ReluGrad: "activations",
    MultiprizeSign: "activations",
    Select: undefined,
    Sign: undefined,
    Add: undefined,
  };
  for (const [name, part] of Object.entries(expected)) assert.equal(partOfKernel(name), part, name);
});

test("the time before a step's first task is data, a task within a task is the outer one's, the remainder is rest", () => {
  const stopwatch = new Stopwatch();
  for (let step = 0; step < 3; step++) {
    stopwatch.beginStep();
    busy(4);
    stopwatch.time("optimiser", () => stopwatch.time("matmul", () => busy(4)));
    stopwatch.time(undefined, () => stopwatch.time("convolutions", () => busy(4)));
    busy(4);
    stopwatch.endStep();
  }
  const parts = stopwatch.partsOf(100);
  const sum = partNames.reduce((total, part) => total + parts[part], 0);
  assert.ok(Math.abs(sum - 100) < 1e-9, `${sum}`);
  assert.equal(parts.matmul, 0);
  for (const part of ["data", "optimiser", "convolutions", "rest"] as const) assert.ok(parts[part] > 0, part);
  assert.ok(partNames.every(part => parts[part] >= 0));
});

test("a part's time is its median over the steps: one slow step tells nothing", () => {
  const stopwatch = new Stopwatch();
  for (const milliseconds of [1, 100, 1, 1, 1]) {
    stopwatch.beginStep();
    stopwatch.time("selection", () => busy(milliseconds));
    stopwatch.time("matmul", () => busy(4));
    stopwatch.endStep();
  }
  const {selection, matmul} = stopwatch.partsOf(5);
  assert.ok(selection < matmul, `selection ${selection}, matmul ${matmul}`);
});

test("instrument times kernels and layers' methods, changes no result, and leaves nothing behind", () => {
  const kernels = tf.getKernelsForBackend(tf.getBackend());
  const layer = maskedDense({units: 3, keepFraction: 0.5});
  const input = tf.tensor2d([[1, 2, 3, 4]]);
  const result = (): Float32Array => {
    const output = layer.apply(input) as tf.Tensor;
    const values = output.dataSync() as Float32Array;
    output.dispose();
    return values;
  };
  const plain = result();
  const stopwatch = new Stopwatch();
  const restore = instrument(stopwatch);
  stopwatch.beginStep();
  const timed = result();
  stopwatch.endStep();
  restore();
  assert.deepEqual(timed, plain);
  const parts = stopwatch.partsOf(1);
  assert.ok(parts.matmul > 0 && parts.selection > 0, JSON.stringify(parts));
  assert.deepEqual(new Set(tf.getKernelsForBackend(tf.getBackend())), new Set(kernels));
  tf.dispose([input, ...layer.getWeights()]);
});
