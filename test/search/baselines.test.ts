import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {UserError} from "../../src/core/errors";
import {globalTopKMasks, keepCount} from "../../src/core/mask";
import type {Dataset} from "../../src/data/dataset";
import {searchSpec} from "../../src/search/defaults";
import {evaluate} from "../../src/search/evaluate";
import {keepFractionAt, keepShare} from "../../src/search/ramp";
import type {SearchResult} from "../../src/search/result";
import {buildFor, search} from "../../src/search/search";
import type {SearchSpec} from "../../src/search/spec";
import {sha256OfArrays} from "../../src/search/state";
import {fewDigits} from "../digits";

let digits: Dataset;
const folder = mkdtempSync(join(tmpdir(), "multiprize-baselines-"));
before(async () => {
  await useBackend("auto");
  digits = await fewDigits(256, 200);
});
after(() => rmSync(folder, {recursive: true}));

const random = (given: Partial<SearchSpec> = {}): SearchSpec =>
  searchSpec({
    arch: "digits",
    width: 0.25,
    batchSize: 64,
    method: "random-mask",
    keepFraction: 0.3,
    ...given,
  });
const global = (given: Partial<SearchSpec> = {}): SearchSpec =>
  searchSpec({
    ...{arch: "digits", width: 0.25, batchSize: 64, selection: "global", keepFraction: 0.3, epochs: 4},
    ramp: {epochs: 3, from: 0.8},
    ...given,
  });

test("a random mask keeps as many weights of each layer as a ticket, binarised, and is tested without a step", async () => {
  let steps = 0;
  const {network, testAccuracy, epochs, kept} = await search(random(), digits, {onStep: () => steps++});
  assert.equal(steps, 0);
  assert.deepEqual(epochs, []);
  assert.equal(testAccuracy, await evaluate(network.model, digits, "test"));
  assert.equal(
    kept,
    network.masked.reduce((sum, layer) => sum + keepCount(layer.weightValues().length, 0.3), 0),
  );
  for (const layer of network.masked) {
    const gain = Math.fround(layer.gain());
    assert.deepEqual([...new Set(layer.effectiveValues())].sort(), [-gain, 0, gain].sort());
  }
  network.model.dispose();
});

test("a random mask tells nothing of the weights: kept and pruned ones are alike in sign and size", () => {
  const network = buildFor(random({width: 1}), digits);
  const [weights, mask] = [network.masked[2].weightValues(), network.masked[2].mask()];
  const mean = (keep: 0 | 1, of: (w: number) => number): number => {
    const chosen = [...weights].filter((_, i) => mask[i] === keep);
    return chosen.reduce((sum, w) => sum + of(w), 0) / chosen.length;
  };
  const size = mean(1, Math.abs);
  assert.ok(Math.abs(mean(1, Math.abs) / mean(0, Math.abs) - 1) < 0.01);
  assert.ok(Math.abs(mean(1, w => w)) < 0.01 * size);
  network.model.dispose();
});

test("with batch norm a random mask takes one epoch for the running statistics, and the recipe's to learn γ and β", async () => {
  assert.equal(random({activation: "sign"}).epochs, 1);
  assert.equal(random({activation: "sign", batchNorm: "learned"}).epochs, 15);
  assert.equal(random({batchNorm: "learned"}).epochs, 0, "the relu net has no batch norm");
  for (const batchNorm of ["none", "learned"] as const) {
    const spec = random({activation: "sign", batchNorm, epochs: 1});
    const fresh = buildFor(spec, digits);
    const {network, scoresSha256, epochs} = await search(spec, digits);
    assert.equal(epochs.length, 1);
    assert.equal(scoresSha256, await sha256OfArrays(fresh.masked.map(layer => layer.scoreValues())));
    const {runningMean, gamma} = network.batchNorms[0].variables();
    assert.ok(runningMean.dataSync().some(value => value !== 0));
    if (batchNorm === "learned") assert.ok(gamma?.dataSync().some(value => value !== 1));
    for (const each of [fresh, network]) each.model.dispose();
  }
});

test("a random mask needs random scores, drawn layer by layer", () => {
  const refuse = (given: Partial<SearchSpec>, message: RegExp): void =>
    assert.throws(
      () => random(given),
      (error: unknown) => error instanceof UserError && message.test(error.message),
    );
  refuse({scores: "magnitude"}, /uniform or normal, not magnitude/);
  refuse({selection: "global"}, /choose layerwise/);
});

test("under a ramp every epoch keeps its own share, the last the spec's, and best counts only such", async () => {
  const k = 0.3;
  const {network, epochs, kept, weights, bestTestAccuracy} = await search(global(), digits);
  assert.deepEqual(
    epochs.map(each => each.keepFraction),
    [...[0, 1, 2].map(epoch => keepFractionAt(global(), epoch)), undefined],
  );
  assert.equal(kept, keepCount(weights, k));
  assert.equal(bestTestAccuracy, epochs[3].testAccuracy);
  assert.deepEqual(
    network.masked.map(layer => layer.mask()),
    globalTopKMasks(
      network.masked.map(layer => layer.scoreValues()),
      k,
    ),
  );
  network.model.dispose();
});

test("under a layerwise ramp every layer keeps the epoch's share, and is searched otherwise than without", async () => {
  const spec = global({selection: "layerwise"});
  const shares: number[] = [];
  const {network, epochs, scoresSha256} = await search(spec, digits);
  assert.deepEqual(
    epochs.map(each => each.keepFraction),
    [...[0, 1, 2].map(epoch => keepFractionAt(spec, epoch)), undefined],
  );
  for (const share of [0.8, 0.3]) {
    keepShare(network, share);
    for (const layer of network.masked) {
      const n = layer.weightValues().length;
      assert.equal(layer.kept(), keepCount(n, share));
      shares.push(layer.effectiveValues().filter(w => w !== 0).length / n);
    }
  }
  assert.ok(shares.every((share, i) => Math.abs(share - (i < network.masked.length ? 0.8 : 0.3)) < 0.01));
  network.model.dispose();
  const without = await search({...spec, ramp: undefined}, digits);
  assert.notEqual(without.scoresSha256, scoresSha256);
  without.network.model.dispose();
});

test("a search interrupted within its ramp and resumed ends with the same scores", async () => {
  for (const selection of ["global", "layerwise"] as const) await interrupted(selection);
});

async function interrupted(selection: SearchSpec["selection"]): Promise<void> {
  const hash = async (run: Promise<SearchResult>): Promise<string | null> => {
    const {network, scoresSha256} = await run;
    network.model.dispose();
    return scoresSha256;
  };
  const whole = await hash(search(global({selection}), digits));
  assert.notEqual(await hash(search(global({selection, ramp: {epochs: 0, from: 0.5}}), digits)), whole);
  for (const stopAfter of [3, 6]) {
    const directory = join(folder, `ramp-${selection}-${stopAfter}`);
    const controller = new AbortController();
    let steps = 0;
    const onStep = (): void => {
      if (++steps === stopAfter) controller.abort(new Error("stopped by the test"));
    };
    await assert.rejects(
      search(global({selection}), digits, {signal: controller.signal, onStep, checkpoint: {directory}}),
      /stopped by the test/,
    );
    assert.equal(
      await hash(search(global({selection}), digits, {checkpoint: {directory, resume: true}})),
      whole,
    );
  }
}

test("a search whose threshold empties a layer ends in one line that names it", async () => {
  const spec = global({keepFraction: 0.001, ramp: {epochs: 0, from: 0.5}});
  await assert.rejects(
    search(spec, digits),
    (error: unknown) => error instanceof UserError && /leaves layer conv2 empty/.test(error.message),
  );
});
