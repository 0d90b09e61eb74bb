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
  assert.throws(() => valuesOf("keepFraction", ["30%"]), /keepFraction must be .*, got "30%"/);
  for (const seeds of [0, -1, 2.5, Number.NaN, 1e9])
    await assert.rejects(ablationPanel("gain", {seeds}), /seeds must be a whole number from 1 to 1000, got/);
  for (const values of ["one", {}])
    await assert.rejects(ablationPanel("gain", {values: values as never}), /values must be a list, got/);
  await assert.rejects(
    ablationPanel("gain", {setting: {...setting, arch: "conv2"} as never}),
    /an ablation searches digits: leave arch "conv2" out/,
  );
});

test("a value is searched once a seed however often it is named, from the seed that is given", () => {
  const values = valuesOf("keepFraction", ["0.1", "1e-1", "0.3", "0.1"]);
  assert.deepEqual(values, [0.1, 0.3]);
  assert.deepEqual(
    pairedCells("keepFraction", values, 2, {...setting, seed: 7}).map(({x, spec}) => [x, spec.seed]),
    [7, 8].flatMap(seed => ["default", "0.1", "0.3"].map(x => [x, seed])),
  );
});

test("the default is not held against itself, nor a knob that moves nothing against it", () => {
  assert.throws(
    () => pairedCells("gain", ["one", "mean-kept"], 1, setting),
    /gain mean-kept is the default here/,
  );
  assert.throws(
    () => pairedCells("gain", ["one"], 1, {...setting, gain: "one"}),
    /gain one is the default here/,
  );
  assert.equal(pairedCells("gain", ["mean-kept"], 1, {...setting, gain: "one"}).length, 2);
  const constant = {...setting, schedule: {name: "constant"}} as const;
  assert.throws(
    () => pairedCells("scheduleBy", ["step"], 1, constant),
    /scheduleBy has no effect here: a constant schedule moves nothing/,
  );
});

test("a difference is plain over three seeds, and not where one value is open", () => {
  const facts = (verdict: string, seeds: number) => ({value: "a", effect: "", verdict, seeds});
  assert.equal(isPlain([facts("higher", 3), facts("lower", 4)]), true);
  assert.equal(isPlain([facts("higher", 3), facts("not resolved", 3)]), false);
  assert.equal(isPlain([facts("higher", 2)]), false);
  assert.equal(isPlain([]), false);
});
