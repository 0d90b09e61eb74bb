import assert from "node:assert/strict";
import {existsSync, mkdtempSync, readdirSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import type {Dataset} from "../../src/data/dataset";
import type {Cell} from "../../src/experiments/define/experiment";
import {sketchOverlap} from "../../src/experiments/records/maskFacts";
import {provenance} from "../../src/experiments/records/provenance";
import {specId} from "../../src/experiments/records/specId";
import {loadRecords} from "../../src/experiments/records/store";
import {type CellOptions, runCell} from "../../src/experiments/run/runCell";
import {failurePath, stateOf} from "../../src/experiments/run/state";
import {searchSpec} from "../../src/search/defaults";
import type {SearchSpec} from "../../src/search/spec";
import {fewDigits} from "../digits";

const folder = mkdtempSync(join(tmpdir(), "multiprize-cell-"));
after(() => rmSync(folder, {recursive: true}));

let digits: Dataset;
before(async () => {
  await useBackend("auto");
  digits = await fewDigits(320, 200);
});

function cell(given: Partial<SearchSpec> = {}): Cell {
  const spec = searchSpec({arch: "digits", width: 0.25, epochs: 2, keepFraction: 0.3, ...given});
  const run = {dataset: "mnist", spec} as const;
  return {id: specId(run), experiment: "some", label: "a cell", curve: "curve", x: 1, ...run};
}

const options = (name: string, more: Partial<CellOptions> = {}): CellOptions => ({
  places: {results: join(folder, name, "results"), runs: join(folder, name, "runs")},
  provenance: provenance(),
  ...more,
});

test("a cell is run once, and its record has every layer's count, first score step and mask", async () => {
  const {places} = options("once");
  const asked = cell({interimTestImages: 50});
  const first = await runCell(asked, digits, options("once"));
  assert.equal(first.outcome, "ran");
  assert.equal((await runCell(asked, digits, options("once"))).outcome, "recorded");
  const [record] = loadRecords(places.results).records;
  assert.deepEqual(readdirSync(places.results), ["some.jsonl"], "the file is its experiment's");
  assert.equal(record.outcome, "done");
  assert.deepEqual(
    record.epochs.map(epoch => epoch.testImages),
    [50, 200],
  );
  assert.equal(record.testAccuracy, record.epochs[1].testAccuracy);
  assert.equal(record.bestTestAccuracy, record.testAccuracy, "epochs on fewer images are not compared");
  for (const {name, weights, kept, scoreStep, newInMask, sketch} of record.layers) {
    assert.equal(kept, weights - Math.trunc(0.7 * weights), name);
    assert.ok(scoreStep! > 0 && newInMask! >= 0 && newInMask! < 0.5, name);
    const share = sketchOverlap("f".repeat(sketch!.length), sketch!);
    assert.ok(Math.abs(share - 0.3) < 0.1, `${name}: ${share} of the sketch are kept`);
  }
  assert.ok(!existsSync(join(places.runs, asked.id)), "the checkpoint is let go");
});

test("a cell that fails is noted, left alone, and run again on request", async () => {
  const asked = cell({arch: "conv8", epochs: 1, subset: 64});
  const blind: Dataset = {...digits, imageShape: [4, 4, 1]};
  const failed = await runCell(asked, blind, options("fails"));
  assert.equal(failed.outcome, "failed");
  const {places} = options("fails");
  assert.equal(stateOf(asked, [], places.runs).state, "failed");
  const again = await runCell(asked, digits, options("fails"));
  assert.deepEqual([again.outcome, again.outcome === "failed" && again.earlier], ["failed", true]);
  assert.equal((await runCell(asked, digits, options("fails", {retry: true}))).outcome, "ran");
  assert.ok(!existsSync(failurePath(places.runs, asked.id)));
});

test("a search that diverges is an outcome, recorded with its reason", async () => {
  const result = await runCell(cell({method: "edge-popup", learningRate: 1e30}), digits, options("diverges"));
  assert.equal(result.outcome === "ran" && result.record.outcome, "diverged");
  const [record] = loadRecords(options("diverges").places.results).records;
  assert.match(record.outcome === "diverged" ? record.reason : "", /smaller learning rate/);
});

test("dense networks and random masks are recorded too", async () => {
  for (const given of [{method: "dense", keepFraction: 1} as const, {method: "random-mask"} as const]) {
    const result = await runCell(cell({...given, epochs: undefined}), digits, options("baselines"));
    assert.equal(result.outcome === "ran" && result.record.outcome, "done");
  }
});
