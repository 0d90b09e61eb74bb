import assert from "node:assert/strict";
import {mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {failurePath} from "../../src/experiments/run/state";
import {effectsOf} from "../../src/experiments/show/effects";
import {resultRow} from "../../src/experiments/show/rows";
import {ablationPanel} from "../../src/panels/ablationPanel";
import {isPlain, knobRows, pairedCells, pairLines, valuesOf} from "../../src/panels/paired";
import {rows} from "../../src/search/settings";

const setting = {width: 0.25, subset: 128, epochs: 2, interimTestImages: 100} as const;
const folder = mkdtempSync(join(tmpdir(), "ablation-panel-"));
const places = {results: join(folder, "results"), runs: join(folder, "runs")};

before(() => useBackend("auto"));
after(() => rmSync(folder, {recursive: true, force: true}));

test("an ablation's panel leaves an ordinary record set, paired by seeds, and finds it again", async () => {
  const options = {values: ["one", "unit"], setting, seeds: 2, places};
  const found = await ablationPanel("gain", options);
  assert.deepEqual(
    found.map(({cell, record}) => [cell.x, cell.spec.seed, record?.outcome]),
    [0, 1].flatMap(seed => ["default", "one", "unit"].map(x => [x, seed, "done"])),
  );
  for (const {cell, record} of found) {
    assert.equal(record?.specId, cell.id);
    assert.equal(cell.spec.gain, cell.x === "default" ? "mean-kept" : cell.x);
  }
  assert.deepEqual(readdirSync(places.results), ["panel-gain.jsonl"]);
  const effects = effectsOf(found.map(resultRow), ["gain", "default"]);
  assert.deepEqual(
    effects.map(({x, seeds}) => [x, seeds]),
    ["default", "one", "unit"].map(x => [x, 2]),
  );
  const again = await ablationPanel("gain", options);
  assert.deepEqual(
    again.map(({record}) => record?.finished),
    found.map(({record}) => record?.finished),
  );
});

test("a search that failed the last time is run again", async () => {
  const options = {values: ["rms-kept"], setting, seeds: 1, places};
  const [first] = pairedCells("gain", options.values, 1, {...setting, epochs: 1});
  mkdirSync(places.runs, {recursive: true});
  writeFileSync(failurePath(places.runs, first.id), JSON.stringify({reason: "no backend was chosen"}));
  const found = await ablationPanel("gain", {...options, setting: {...setting, epochs: 1}});
  assert.deepEqual(
    found.map(({record}) => record?.outcome),
    ["done", "done"],
  );
});

test("a pair's line is the accuracy less that of the default with the same seed, as far as both have come", () => {
  const cells = pairedCells("keepFraction", [0.1], 2, setting);
  const curves: Record<string, number[]> = {};
  for (const [i, cell] of cells.entries()) curves[cell.id] = [[10, 20], [13], [30, 40], [29, 44]][i];
  assert.deepEqual(
    pairLines(cells, ({id}) => curves[id]),
    [
      {value: "0.1", seed: 0, differences: [3]},
      {value: "0.1", seed: 1, differences: [-1, 4]},
    ],
  );
});

test("it offers every knob of one value, and refuses what a knob does not take in one line", async () => {
  for (const {name, choices} of knobRows) {
    const row = rows.find(({path}) => path === name)!.row;
    assert.deepEqual(choices, row.kind.choices);
  }
  assert.deepEqual(valuesOf("keepFraction", ["0.25"]), [0.25]);
  assert.throws(() => valuesOf("keepFraction", ["2"]), /keepFraction must be/);
  assert.throws(() => valuesOf("gain", ["uint"]), /did you mean unit/);
  await assert.rejects(ablationPanel("optimizer", {values: ["adam"]}), /panel turns/);
  await assert.rejects(ablationPanel("keepFraction"), /name the values/);
});

test("a difference is plain over three seeds, and not where one value is open", () => {
  const facts = (verdict: string, seeds: number) => ({value: "a", effect: "", verdict, seeds});
  assert.equal(isPlain([facts("higher", 3), facts("lower", 4)]), true);
  assert.equal(isPlain([facts("higher", 3), facts("not resolved", 3)]), false);
  assert.equal(isPlain([facts("higher", 2)]), false);
  assert.equal(isPlain([]), false);
});
