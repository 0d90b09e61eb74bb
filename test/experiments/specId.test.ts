import assert from "node:assert/strict";
import {test} from "node:test";
import {matching, shardOf} from "../../src/experiments/define/choose";
import {cellsOf, distinct} from "../../src/experiments/define/experiment";
import {experiments} from "../../src/experiments/define/experiments";
import {presetNames} from "../../src/experiments/define/preset";
import {specId} from "../../src/experiments/records/specId";
import {searchSpec} from "../../src/search/defaults";
import type {SearchSpec} from "../../src/search/spec";

const run = (given: Partial<SearchSpec> = {}): Parameters<typeof specId>[0] => ({
  dataset: "cifar10",
  spec: searchSpec({arch: "conv2", keepFraction: 0.2, ...given}),
});

test("a run's name is these 12 digits: it must never change, recorded runs are named by it", () => {
  assert.equal(specId(run()), "98fbf7ab6ca3");
  assert.equal(specId(run({method: "dense", keepFraction: undefined})), "956e156c59c3");
});

test("specId does not depend on the order of keys, on undefined fields or on neutral values left out", () => {
  const {dataset, spec} = run();
  const turned = Object.fromEntries(Object.entries(spec).reverse()) as unknown as SearchSpec;
  assert.equal(specId({dataset, spec: turned}), specId(run()));
  assert.equal(specId({dataset, spec: {...spec, subset: undefined}}), specId(run()));
  const {gain: _, selection: __, ...older} = spec;
  assert.equal(specId({dataset, spec: older as SearchSpec}), specId(run()));
});

test("every field changes specId", () => {
  const changes: Partial<SearchSpec>[] = [
    {arch: "conv4"},
    {activation: "sign"},
    {width: 2},
    {method: "edge-popup"},
    {keepFraction: 0.3},
    {selection: "global"},
    {weights: "signed-constant"},
    {fan: "kept"},
    {scores: "normal"},
    {gain: "unit"},
    {scoreGradient: "sign-only"},
    {surrogate: "tanh"},
    {batchNorm: "learned"},
    {optimizer: {name: "adam"}},
    {optimizer: {name: "sgd", momentum: 0.8, weightDecay: 1e-4}},
    {learningRate: 0.2},
    {scoreRate: "relative"},
    {scoreRate: "normalised"},
    {outputGain: 0.3},
    {cropReach: 2},
    {schedule: {name: "constant"}},
    {scheduleBy: "step"},
    {ranking: "signed"},
    {ramp: {epochs: 1, from: 0.5}},
    {batchParts: 2},
    {labelSmoothing: 0.1},
    {epochs: 3},
    {batchSize: 64},
    {seed: 1},
    {batchSeed: 1},
    {subset: 100},
    {interimTestImages: 100},
    {precision: "bfloat16"},
  ];
  const ids = [run(), ...changes.map(run), {...run(), dataset: "mnist" as const}].map(specId);
  assert.equal(new Set(ids).size, ids.length);
});

test("a spec with a function has no name", () => {
  assert.throws(() => specId(run({gain: () => 1})), /gain is a function/);
});

test("a night takes gradients in bfloat16 where it sets the length, and the paper's length none; a record in float32 serves a night's cell", () => {
  for (const experiment of experiments) {
    const short = new Set(cellsOf(experiment, "laptop").map(({id}) => id));
    for (const {id, float32Id, dataset, spec} of cellsOf(experiment, "night")) {
      if (spec.epochs === 20) {
        assert.equal(spec.precision, "bfloat16", spec.arch);
        assert.equal(float32Id, specId({dataset, spec: {...spec, precision: "float32"}}));
        assert.notEqual(float32Id, id);
      } else assert.ok(short.has(id), "of its own length it is the laptop's cell");
    }
    for (const {spec, float32Id} of cellsOf(experiment, "paper"))
      assert.deepEqual([spec.precision, float32Id], ["float32", undefined]);
  }
});

test("a precision that is asked for is served by no other", () => {
  const [{curve, x, given}] = experiments[0].settings;
  const asked = {
    ...experiments[0],
    settings: [{curve, x, given: {...given, precision: "bfloat16" as const}}],
  };
  const [cell] = cellsOf(asked, "night");
  assert.deepEqual([cell.spec.precision, cell.float32Id], ["bfloat16", undefined]);
});

test("every experiment has cells in every preset, with a label for each id", () => {
  for (const experiment of experiments) {
    for (const preset of presetNames) {
      const cells = cellsOf(experiment, preset);
      assert.ok(cells.length > 0, experiment.name);
      const labels = new Set(distinct(cells).map(cell => cell.label));
      if (preset !== "smoke")
        assert.equal(labels.size, distinct(cells).length, `${experiment.name} ${preset}`);
    }
  }
});

test("equal cells of two experiments have one id", () => {
  const named = (name: string) => cellsOf(experiments.find(each => each.name === name)!, "laptop");
  const depth = new Set(named("depth").map(cell => cell.id));
  const shared = named("scaling").filter(cell => depth.has(cell.id));
  assert.ok(shared.length >= 12);
});

test("shards part the cells: each in one of them", () => {
  const all = Array.from({length: 11}, (_, i) => i);
  const parts = [1, 2, 3].flatMap(i => shardOf(all, i, 3));
  assert.deepEqual(
    [...parts].sort((a, b) => a - b),
    all,
  );
});

test("matching takes cells whose label has all words, or whose id begins so", () => {
  const cells = [
    {id: "abcdef012345", label: "Conv2 k 0.5"},
    {id: "bbcdef012345", label: "Conv2 k 0.05"},
  ];
  assert.deepEqual(matching(cells, "conv2 0.5"), [cells[0]]);
  assert.deepEqual(matching(cells, "bbcd"), [cells[1]]);
  assert.deepEqual(matching(cells, "conv2"), cells);
});
