import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import type {Dataset} from "../../src/data/dataset";
import {readCheckpoint} from "../../src/search/checkpoint";
import {searchSpec} from "../../src/search/defaults";
import {buildFor, search} from "../../src/search/search";
import type {SearchSpec} from "../../src/search/spec";
import {fewDigits} from "../digits";

let digits: Dataset;
const folder = mkdtempSync(join(tmpdir(), "multiprize-rate-"));
before(async () => {
  await useBackend("auto");
  digits = await fewDigits(320, 200);
});
after(() => rmSync(folder, {recursive: true}));

const spec = (given: Partial<SearchSpec> = {}): SearchSpec =>
  searchSpec({arch: "digits", width: 0.25, epochs: 2, batchSize: 64, seed: 3, keepFraction: 0.3, ...given});

test("under a relative score rate the first step moves each layer's scores by the learning rate times their mean size", async () => {
  const plainSgd = {optimizer: {name: "sgd"}, learningRate: 0.01, scoreRate: "relative", epochs: 1} as const;
  const given = spec({...plainSgd, batchSize: 320});
  const fresh = buildFor(given, digits);
  const {network} = await search(given, digits);
  for (const [i, layer] of network.masked.entries()) {
    const before = fresh.masked[i].scoreValues();
    const moved = layer.scoreValues().map((score, j) => score - before[j]);
    const rms = Math.sqrt(meanOf(moved, step => step * step));
    const size = meanOf(before, Math.abs);
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
