import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {topKMask} from "../../src/core/mask";
import type {Dataset} from "../../src/data/dataset";
import {searchSpec} from "../../src/search/defaults";
import type {SearchResult} from "../../src/search/result";
import {buildFor, search} from "../../src/search/search";
import type {SearchSpec} from "../../src/search/spec";
import {sha256OfArrays} from "../../src/search/state";
import {fewDigits} from "../digits";

let digits: Dataset;
before(async () => {
  await useBackend("auto");
  digits = await fewDigits(320, 200);
});

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

test("an abort gives the search so far to whoever keeps the unfinished, and rejects otherwise", async () => {
  const until = (last: number, given: {keepUnfinished?: boolean}): Promise<SearchResult> => {
    const enough = new AbortController();
    const onStep = ({batch}: {batch: number}): void => {
      if (batch === last) enough.abort();
    };
    return search(spec(), digits, {...given, onStep, signal: enough.signal});
  };
  await assert.rejects(until(3, {}), {name: "AbortError"});
  const {network, scoresSha256, interruptedAt, testAccuracy} = await until(3, {keepUnfinished: true});
  network.model.dispose();
  assert.equal(interruptedAt, 3);
  assert.ok(Number.isNaN(testAccuracy));
  assert.equal(scoresSha256, await scoresOf(until(3, {keepUnfinished: true})));
  assert.notEqual(scoresSha256, await scoresOf(until(2, {keepUnfinished: true})));
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
