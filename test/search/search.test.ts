import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {UserError} from "../../src/core/errors";
import {topKMask} from "../../src/core/mask";
import type {Dataset} from "../../src/data/dataset";
import {readCheckpoint} from "../../src/search/checkpoint";
import {searchSpec} from "../../src/search/defaults";
import type {SearchResult} from "../../src/search/result";
import {buildFor, search} from "../../src/search/search";
import type {SearchSpec} from "../../src/search/spec";
import {sha256OfArrays} from "../../src/search/state";
import {fewDigits} from "../digits";

let digits: Dataset;
const folder = mkdtempSync(join(tmpdir(), "multiprize-search-"));
before(async () => {
  await useBackend("auto");
  digits = await fewDigits(320, 200);
});
after(() => rmSync(folder, {recursive: true}));

const small = {arch: "digits", width: 0.25, epochs: 2, batchSize: 64, seed: 3} as const;
const spec = (given: Partial<SearchSpec> = {}): SearchSpec =>
  searchSpec({...small, keepFraction: 0.3, ...given});

async function scoresOf(run: Promise<SearchResult>): Promise<string> {
  const {network, scoresSha256} = await run;
  network.model.dispose();
  return scoresSha256 ?? "";
}

test("a search leaves every weight byte-identical and moves the scores", async () => {
  const fresh = buildFor(spec(), digits);
  const weights = await sha256OfArrays(fresh.masked.map(layer => layer.weightValues()));
  const scores = await sha256OfArrays(fresh.masked.map(layer => layer.scoreValues()));
  fresh.model.dispose();
  const result = await search(spec(), digits);
  assert.equal(result.weightsSha256, weights);
  assert.notEqual(result.scoresSha256, scores);
  result.network.model.dispose();
});

test("0 epochs change nothing", async () => {
  const fresh = buildFor(spec(), digits);
  const scores = await sha256OfArrays(fresh.masked.map(layer => layer.scoreValues()));
  fresh.model.dispose();
  assert.equal(await scoresOf(search(spec({epochs: 0}), digits)), scores);
});

test("the ticket that comes out keeps the largest scores, binarised with one gain a layer", async () => {
  const {network, kept} = await search(spec(), digits);
  let sum = 0;
  for (const layer of network.masked) {
    const mask = layer.mask();
    assert.deepEqual(mask, topKMask(layer.scoreValues(), 0.3));
    sum += mask.reduce((total, m) => total + m, 0);
    const values = new Set(layer.effectiveValues());
    const gain = Math.fround(layer.gain());
    assert.deepEqual([...values].sort(), [-gain, 0, gain].sort());
  }
  assert.equal(kept, sum);
  network.model.dispose();
});

test("two searches of one spec agree to the last bit, another seed does not", async () => {
  const first = await scoresOf(search(spec(), digits));
  assert.equal(await scoresOf(search(spec(), digits)), first);
  assert.notEqual(await scoresOf(search(spec({seed: 4}), digits)), first);
});

test("the training loss falls under biprop, edge-popup and dense, in both activations", async () => {
  for (const method of ["biprop", "edge-popup", "dense"] as const) {
    for (const activation of ["relu", "sign"] as const) {
      const keepFraction = method === "dense" ? 1 : 0.3;
      const learningRate = method === "biprop" && activation === "relu" ? 1 : undefined;
      const given = searchSpec({...small, method, activation, keepFraction, learningRate, epochs: 4});
      const {epochs, network} = await search(given, digits);
      assert.ok(
        epochs[3].loss < 0.9 * epochs[0].loss,
        `${method} ${activation}: ${epochs.map(e => e.loss.toFixed(3))}`,
      );
      network.model.dispose();
    }
  }
});

test("a search interrupted in the middle of an epoch and resumed ends with the same scores, with Adam and batch norm too", async () => {
  for (const [i, given] of [
    spec(),
    spec({activation: "sign", batchNorm: "learned"}),
    spec({selection: "global"}),
    spec({scoreRate: "relative", learningRate: 0.01}),
    spec({scoreRate: "normalised", learningRate: 0.01}),
    spec({gain: "learned", ranking: "signed"}),
  ].entries()) {
    const whole = await scoresOf(search(given, digits));
    for (const stopAfter of [1, 3, 5, 7]) {
      const directory = join(folder, `resume-${i}-${stopAfter}`);
      const controller = new AbortController();
      let steps = 0;
      const onStep = (): void => {
        steps++;
        if (steps === stopAfter) controller.abort(new Error("stopped by the test"));
      };
      const options = {signal: controller.signal, onStep, checkpoint: {directory}};
      await assert.rejects(search(given, digits, options), /stopped by the test/);
      const resumed = await search(given, digits, {checkpoint: {directory, resume: true}});
      assert.equal(resumed.resumedAt, stopAfter);
      assert.equal(resumed.scoresSha256, whole, `spec ${i}, stopped after step ${stopAfter}`);
      resumed.network.model.dispose();
    }
  }
});

test("resuming a finished search repeats its result without a step", async () => {
  const directory = join(folder, "finished");
  const first = await search(spec(), digits, {checkpoint: {directory}});
  let steps = 0;
  const again = await search(spec(), digits, {checkpoint: {directory, resume: true}, onStep: () => steps++});
  assert.equal(steps, 0);
  assert.equal(again.scoresSha256, first.scoresSha256);
  assert.deepEqual(again.epochs, first.epochs);
  for (const {network} of [first, again]) network.model.dispose();
});

test("a folder that holds a checkpoint is not overwritten unasked", async () => {
  const directory = join(folder, "finished");
  await assert.rejects(search(spec(), digits, {checkpoint: {directory}}), userError(/add --resume/));
});

test("a checkpoint of another search, or of other data, is refused with what differs", async () => {
  const directory = join(folder, "finished");
  const resume = {checkpoint: {directory, resume: true}};
  await assert.rejects(search(spec({seed: 9}), digits, resume), userError(/seed 3 there, 9 here/));
  await assert.rejects(
    search(spec({keepFraction: 0.4}), digits, resume),
    userError(/keepFraction 0.3 there, 0.4 here/),
  );
  await assert.rejects(
    search(spec(), {...digits, name: "other"}, resume),
    userError(/other data: name "mnist" there, "other" here/),
  );
});

test("a checkpoint from a machine that rounds otherwise is refused unless asked for", async () => {
  const directory = join(folder, "finished");
  const {env} = process;
  const before = env.TF_ENABLE_ONEDNN_OPTS;
  const threads = env.TF_NUM_INTRAOP_THREADS;
  env.TF_NUM_INTRAOP_THREADS = "7";
  try {
    const info = await useBackend("auto");
    if (info.backend !== "tensorflow") return;
    const checkpoint = {directory, resume: true};
    await assert.rejects(search(spec(), digits, {checkpoint}), userError(/threads \d+ there, 7 here/));
    const anyway = await search(spec(), digits, {checkpoint: {...checkpoint, otherMachine: true}});
    anyway.network.model.dispose();
  } finally {
    if (threads === undefined) delete env.TF_NUM_INTRAOP_THREADS;
    else env.TF_NUM_INTRAOP_THREADS = threads;
    if (before !== undefined) env.TF_ENABLE_ONEDNN_OPTS = before;
    await useBackend("auto");
  }
});

test("a search whose rule is a function runs, but is not checkpointed", async () => {
  const own = spec({gain: () => 0.05});
  const {network} = await search(own, digits);
  assert.equal(network.masked[0].gain(), 0.05);
  network.model.dispose();
  await assert.rejects(
    search(own, digits, {checkpoint: {directory: join(folder, "own")}}),
    userError(/gain is a function/),
  );
});

test("tuning batch norm alone leaves the scores where they started and moves γ and β", async () => {
  const given = spec({activation: "sign", batchNorm: "learned", tuneBatchNorm: true});
  const {network, scoresSha256} = await search(given, digits);
  const fresh = buildFor(given, digits);
  assert.equal(scoresSha256, await sha256OfArrays(fresh.masked.map(layer => layer.scoreValues())));
  assert.ok(
    network.batchNorms.some(layer =>
      layer
        .variables()
        .gamma?.dataSync()
        .some(value => value !== 1),
    ),
  );
  network.model.dispose();
  fresh.model.dispose();
});

test("under a relative score rate the first step moves each layer's scores by the learning rate times their mean size", async () => {
  const plainSgd = {optimizer: {name: "sgd"}, learningRate: 0.01, scoreRate: "relative", epochs: 1} as const;
  const given = spec({...plainSgd, batchSize: 320});
  const fresh = buildFor(given, digits);
  const {network} = await search(given, digits);
  for (const [i, layer] of network.masked.entries()) {
    const before = fresh.masked[i].scoreValues();
    const moved = layer.scoreValues().map((score, j) => score - before[j]);
    const rms = Math.sqrt(moved.reduce((sum, step) => sum + step * step, 0) / moved.length);
    const size = before.reduce((sum, score) => sum + Math.abs(score), 0) / before.length;
    assert.ok(Math.abs(rms / (0.01 * size) - 1) < 1e-3, `${layer.name}: ${rms / size}`);
  }
  network.model.dispose();
  fresh.model.dispose();
});

test("under a normalised score rate every step of plain SGD moves each layer's scores by the learning rate times their start's mean size", async () => {
  const plainSgd = {
    optimizer: {name: "sgd"},
    learningRate: 0.01,
    scoreRate: "normalised",
    epochs: 1,
  } as const;
  const given = spec({...plainSgd, batchSize: 80, schedule: {name: "constant"}});
  const fresh = buildFor(given, digits);
  const sizes = fresh.masked.map(layer => meanOf(layer.scoreValues(), Math.abs));
  let before = fresh.masked.map(layer => layer.scoreValues().slice());
  const directory = join(folder, "normalised");
  for (let stop = 1; stop <= 3; stop++) {
    const controller = new AbortController();
    const checkpoint = {directory, resume: stop > 1};
    const onStep = (): void => controller.abort();
    await assert.rejects(search(given, digits, {signal: controller.signal, checkpoint, onStep}));
    const {arrays} = readCheckpoint(directory)!;
    const after = fresh.masked.map(layer => arrays.get(`${layer.name}/scores`)!);
    for (const [i, layer] of fresh.masked.entries()) {
      const moved = after[i].map((score, j) => score - before[i][j]);
      const rms = Math.sqrt(meanOf(moved, step => step * step));
      assert.ok(
        Math.abs(rms / (0.01 * sizes[i]) - 1) < 1e-3,
        `${layer.name}, step ${stop}: ${rms / sizes[i]}`,
      );
    }
    before = after.map(scores => scores.slice());
  }
  fresh.model.dispose();
});

function meanOf(values: Float32Array, of: (value: number) => number): number {
  return values.reduce((sum, value) => sum + of(value), 0) / values.length;
}

test("the number of tensors is the same after every step, and none are left at the end", async () => {
  const before = tf.memory().numTensors;
  const counts = new Set<number>();
  let steps = 0;
  const onStep = (): void => {
    steps++;
    if (steps > 1) counts.add(tf.memory().numTensors);
  };
  const {network} = await search(spec({activation: "sign", batchNorm: "learned"}), digits, {onStep});
  assert.equal(counts.size, 1, `tensor counts ${[...counts]}`);
  network.model.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("a loss that is not a number ends the search with a remedy", async () => {
  const wild = spec({method: "edge-popup", learningRate: 1e30});
  await assert.rejects(search(wild, digits), /smaller learning rate/);
});

function userError(pattern: RegExp): (error: unknown) => boolean {
  return error => error instanceof UserError && !error.message.includes("\n") && pattern.test(error.message);
}
