import assert from "node:assert/strict";
import {before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {floatNetwork} from "../../src/bench/floatNetwork";
import {benchInference} from "../../src/bench/inferenceBench";
import {inferenceBenchText} from "../../src/bench/inferenceBenchText";
import {interleaved} from "../../src/bench/interleaved";
import {createInference} from "../../src/infer/inference";
import {type ArchitectureName, operationsOf} from "../../src/models/architectures";
import {randomImages, randomNetwork} from "./randomNetwork";

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

test("interleaved gives each contender its turns and its shortest call", async () => {
  const calls: string[] = [];
  const contender = (name: string, ms: number) => ({
    prepare: async () => void calls.push(`prepare ${name}`),
    run: () => {
      calls.push(name);
      for (const began = performance.now(); performance.now() - began < ms; );
    },
  });
  const [a, b] = await interleaved([contender("a", 1), contender("b", 2)], {rounds: 2, turnMs: 0});
  const turn = (name: string): string[] => [`prepare ${name}`, name, name];
  assert.deepEqual(calls, [...turn("a"), ...turn("b"), ...turn("a"), ...turn("b")]);
  assert.ok(a >= 1 && b >= 2);
});

test("benchInference reports every contender beside its named baseline, and says where bits do not win", async () => {
  const report = await benchInference({
    batches: [1],
    layers: [[8, 16]],
    networks: ["digits"],
    rounds: 1,
    turnMs: 0,
  });
  assert.match(report.baseline, /float32 on TensorFlow.js .*one thread/);
  for (const {baselineMs, timings} of [...report.layers, ...report.networks]) {
    for (const {ms, ratio} of timings) assert.ok(ms > 0 && ratio === baselineMs / ms);
  }
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
