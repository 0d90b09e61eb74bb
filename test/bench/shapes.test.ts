import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {benchShapes} from "../../src/bench/shapes";
import {readShapes, type ShapesReport, shapesOf} from "../../src/bench/shapesReport";
import {comparedText, shapesText} from "../../src/bench/shapesText";
import {architectures, operationsOf} from "../../src/network/architectures";
import {modelFlops} from "../../src/network/cost";

const folder = mkdtempSync(join(tmpdir(), "multiprize-shapes-"));
before(() => useBackend("tensorflow"));
after(() => rmSync(folder, {recursive: true}));

const network = {
  operations: operationsOf({arch: "digits", activation: "relu"}),
  image: architectures.digits.image,
};

test("the shapes of ResNet-18 are its different layers, counted; only the first sees the image", () => {
  const {image} = architectures["cifar-resnet18"];
  const shapes = shapesOf([{operations: operationsOf({arch: "cifar-resnet18", activation: "relu"}), image}]);
  assert.equal(shapes.length, 12);
  assert.equal(
    shapes.reduce((sum, {layers}) => sum + layers, 0),
    21,
  );
  assert.deepEqual(
    shapes.filter(({first}) => first).map(({input}) => input),
    [[32, 32, 3]],
  );
  const [strided] = shapes.filter(({kernel, stride}) => kernel === 3 && stride === 2);
  assert.deepEqual([strided.input, strided.outputs, strided.layers], [[32, 32, 64], 128, 1]);
});

test("the directions' FLOPs add up to the network's step, and shares are of the peaks of the record", async () => {
  const batch = 8;
  const tensors = tf.memory().numTensors;
  const options = {batch, precisions: ["float32"] as const, rounds: 1, turnMs: 0, gemmSize: 64};
  const report = await benchShapes(shapesOf([network]), options);
  assert.equal(tf.memory().numTensors, tensors);
  const {rows, machine} = report;
  const flops = rows.reduce((sum, {gflops, ms, layers}) => sum + gflops * ms * 1e6 * layers, 0);
  const {step} = modelFlops(network.operations, network.image);
  assert.ok(Math.abs(flops / (step * batch) - 1) < 1e-9);
  for (const {gflops, shareOfPeak, shareOfBandwidth, precision} of rows) {
    assert.ok(Math.abs(shareOfPeak * machine.gemmGflops[precision]! - gflops) < 1e-9);
    assert.ok(shareOfBandwidth > 0);
  }
  assert.ok(machine.bandwidth > 0.1 && machine.threads > 0);
});

const row: ShapesReport["rows"][number] = {
  ...{input: [16, 16, 128], outputs: 256, kernel: 3, stride: 2, pad: 1, dense: false, layers: 1},
  ...{
    direction: "forward",
    precision: "float32",
    ms: 10,
    gflops: 500,
    shareOfPeak: 1.25,
    shareOfBandwidth: 0.1,
  },
};
const report: ShapesReport = {
  machine: {
    ...{
      cpu: "A Processor",
      features: ["avx2", "avx512f"],
      threads: 2,
      version: "2.21.0",
      kernels: "winograd",
    },
    ...{gemmGflops: {float32: 400}, bandwidth: 38, loadBefore: 0.1},
  },
  batch: 128,
  rows: [{...row, direction: "filter gradient", ms: 40, gflops: 125, shareOfPeak: 0.31}, row],
};

test("the table has the worst shapes last, and two records stand side by side where both have a shape", () => {
  const lines = shapesText(report).trim().split("\n");
  assert.match(lines[0], /A Processor \(avx2 avx512f\), 2 threads.* float32 400; 38\.0 GB\/s/);
  assert.match(lines.at(-1)!, /^3×3 \/ 2, 16×16×128 to 256 +filter gradient .* 40\.00 +125 +0\.31 +0\.10$/);
  const other = {...report, rows: [{...row, ms: 5, shareOfPeak: 0.5}]};
  const compared = comparedText(report, other).trim().split("\n");
  assert.match(compared.at(-1)!, /forward +float32 +10\.00 +5\.00 +2\.00 +1\.25 +0\.50$/);
  assert.equal(compared.filter(line => line.includes("gradient")).length, 0);
});

test("a record reads back; another file is an error in one line", () => {
  const path = join(folder, "shapes.json");
  writeFileSync(path, JSON.stringify(report));
  assert.deepEqual(readShapes(path), report);
  for (const text of ["{}", "no JSON"]) {
    writeFileSync(path, text);
    assert.throws(() => readShapes(path), /^UserError: .*shapes\.json is no record of bench-shapes: /);
  }
});
