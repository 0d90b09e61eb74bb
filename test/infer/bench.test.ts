import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {floatNetwork} from "../../src/bench/floatNetwork";
import {benchInference} from "../../src/bench/inferenceBench";
import {inferenceBenchText, whereBitsLose} from "../../src/bench/inferenceBenchText";
import {readInferenceRecord} from "../../src/bench/inferenceRecord";
import {interleaved} from "../../src/bench/interleaved";
import {createInference} from "../../src/infer/inference";
import {type ArchitectureName, operationsOf} from "../../src/network/architectures";
import {writeTicket} from "../../src/ticket/file";
import {withFolder} from "../data/synthetic";
import {randomTicket} from "../ticket/randomTicket";
import {randomImages, randomNetwork} from "./randomNetwork";

const bin = join(__dirname, "..", "..", "bin", "multiprize.js");
before(() => useBackend("auto"));

for (const arch of ["conv2", "vgg-small", "vgg-small-bn", "cifar-resnet20"] satisfies ArchitectureName[]) {
  test(`the baseline computes what a ticket of ${arch} does, slopes of either sign`, () => {
    const operations = operationsOf({arch, activation: "relu", width: 0.25});
    const network = randomNetwork({operations, activation: "relu", image: [16, 16, 3]});
    const images = randomImages(network.image, 2);
    const {predict, dispose} = floatNetwork(network);
    const float = predict(images, 2);
    dispose();
    const ours = createInference(network, {engine: "reference"}).logits(images, 2);
    const largest = ours.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    assert.ok(ours.every((value, i) => Math.abs(value - float[i]) < 1e-4 * largest));
  });
}

test("interleaved gives each contender its turns, its shortest call and every turn's median, of promises too", async () => {
  const calls: string[] = [];
  const contender = (name: string, ms: number) => ({
    prepare: async () => void calls.push(`prepare ${name}`),
    run: () => {
      calls.push(name);
      for (const began = performance.now(); performance.now() - began < ms; );
    },
  });
  const [a, b] = await interleaved([contender("a", 1), contender("b", 2)], {rounds: 2, turnMs: 0});
  const later = {run: () => new Promise(resolve => setTimeout(resolve, 20)), threads: true};
  const [slow] = await interleaved([later], {rounds: 3, turnMs: 0});
  // A timer counts from where the event loop's turn began, which on a busy machine lies before the call.
  assert.ok(slow.shortest >= 5 && slow.medians.length === 3 && slow.medians.every(ms => ms >= slow.shortest));
  const turn = (name: string): string[] => [`prepare ${name}`, name, name];
  assert.deepEqual(calls, [...turn("a"), ...turn("b"), ...turn("a"), ...turn("b")]);
  assert.ok(a.shortest >= 1 && b.shortest >= 2 && a.medians.length === 2);
});

test("tickets take the place of random masks, those of one network in one row", async () => {
  const tickets = (["relu", "sign"] as const).map(activation => ({
    name: `${activation}.mpt`,
    ticket: randomTicket({width: 0.25, activation}),
  }));
  const {networks} = await benchInference({
    ...{batches: [1], layers: [], networks: [], tickets},
    ...{rounds: 1, turnMs: 0},
  });
  assert.deepEqual(
    networks.map(({name}) => name),
    ["digits × 0.25"],
  );
  const [relu, sign] = networks[0].timings.map(({what}) => what);
  assert.deepEqual([relu, sign], ["1/32 k = 0.2 (relu.mpt)", "1/1 k = 0.2 (sign.mpt)"]);
});

test("bench-inference --out leaves a record that can be read; none is undefined, another file an error", async () => {
  await withFolder(async folder => {
    const path = join(folder, "below", "inference.json");
    assert.equal(readInferenceRecord(path), undefined);
    const file = join(folder, "digits.mpt");
    writeTicket(file, randomTicket({width: 0.25}));
    const args = [
      "bench-inference",
      file,
      "--only",
      "networks,first-calls",
      "--against",
      "tensorflow,ternary-csc",
      "--batch",
      "1",
      "--rounds",
      "1",
      "--turn",
      "0",
    ];
    const {status, stderr} = spawnSync(process.execPath, [bin, ...args, "--out", path], {encoding: "utf8"});
    assert.equal(status, 0, stderr);
    const record = readInferenceRecord(path)!;
    assert.match(record.date, /^\d{4}-\d\d-\d\dT/);
    assert.equal(record.networks[0].timings[0].what, "1/32 k = 0.2 (digits.mpt)");
    const {totalMs, spread, ...times} = record.firstCalls[0].ticket;
    assert.deepEqual(Object.keys(times), ["load", "read", "compile", "predict"]);
    assert.ok(Object.values(times).every(ms => ms > 0) && spread[0] <= totalMs && totalMs <= spread[1]);
    assert.ok(record.networks[0].timings.some(({what}) => what.startsWith("ternary CSC")));
    assert.ok(record.machine.cores > 0 && record.machine.cpu !== "");
    writeFileSync(path, "{}");
    assert.throws(() => readInferenceRecord(path), {name: "UserError", message: /lacks layers/});
    writeFileSync(path, "");
    assert.throws(() => readInferenceRecord(path), {name: "UserError", message: /is no record/});
    const mixed = spawnSync(process.execPath, [bin, "bench-inference", file, "--arch", "digits"], {
      encoding: "utf8",
    });
    assert.equal(mixed.status, 2);
  });
});

const timing = (what: string, ms: number) => ({
  what,
  ms,
  ratio: 4 / ms,
  medianMs: ms,
  ratios: [4 / ms, 4 / ms, 4 / ms] as const,
});

test("where bits lose is told against the baseline and against rivals on floats and bytes", () => {
  const timings = [
    timing("1/1", 1),
    timing("1/32", 3),
    timing("1/32 k = 1", 5),
    timing("float32, native", 2),
    timing("int8, native", 1.5),
    timing("export of 1/32, native", 0.5),
  ];
  assert.deepEqual(whereBitsLose({name: "net", batch: 32, baselineMs: 4, baselineMedianMs: 4, timings}), [
    "net, batch 32: 1/32 is slower than float32, native (2.000 ms) and int8, native (1.500 ms)",
    "net, batch 32: 1/32 k = 1 is slower than the baseline",
  ]);
});

test("benchInference reports every contender beside its named baseline, and says where bits do not win", async () => {
  const report = await benchInference({
    batches: [1],
    layers: [[8, 16]],
    networks: ["digits"],
    rivals: ["onnxruntime-web", "ternary-csc"],
    rounds: 1,
    turnMs: 0,
  });
  assert.match(report.baseline, /float32 on TensorFlow.js .*one thread/);
  for (const {baselineMs, timings} of [...report.layers, ...report.networks]) {
    for (const {ms, ratio, medianMs, ratios} of timings) {
      assert.ok(ms > 0 && ms <= medianMs && ratio === baselineMs / ms);
      assert.ok(ratios[0] <= ratios[1] && ratios[1] <= ratios[2]);
    }
  }
  const whats = report.networks[0].timings.map(({what}) => what);
  assert.deepEqual(whats.slice(4), [
    "float32, ONNX Runtime 1.30.0 on WebAssembly, one thread",
    "int8, ONNX Runtime 1.30.0 on WebAssembly, one thread",
    "ternary CSC, 1/32 k = 0.2",
    "ternary CSC, 1/32 k = 0.05",
  ]);
  assert.ok(report.layers[0].timings.some(({what}) => what === "XNOR-popcount, bits in"));
  const text = inferenceBenchText(report);
  for (const part of [
    report.baseline,
    "8×8, 16 channels, batch 1",
    "digits, batch 1",
    "Where bits do not win",
  ]) {
    assert.ok(text.includes(part), part);
  }
});
