import assert from "node:assert/strict";
import {test} from "node:test";
import {layerGainNames} from "../../src/core/layerGain";
import {scoreRules} from "../../src/core/scores";
import {cellsOf, type Experiment} from "../../src/experiments/define/experiment";
import {experiments} from "../../src/experiments/define/experiments";
import {scoreGradients} from "../../src/layers/scoreGradients";
import {surrogates} from "../../src/layers/surrogates";
import {operationsOf} from "../../src/network/architectures";
import {layerShapes} from "../../src/network/shapes";

const slim = experiments.filter(({name}) => name.startsWith("slim-"));
const named = (name: string): Experiment => slim.find(each => each.name === name)!;
const curvesOf = (experiment: Experiment): string[] => [
  ...new Set(experiment.settings.map(setting => setting.curve)),
];

test("every slim ablation is run with the seeds 0, 1 and 2, and with one under smoke", () => {
  assert.equal(slim.length, 8);
  for (const experiment of slim) {
    for (const preset of ["laptop", "paper"] as const) {
      const cells = cellsOf(experiment, preset);
      assert.equal(cells.length, 3 * experiment.settings.length);
      assert.deepEqual([...new Set(cells.map(({spec}) => spec.seed))], [0, 1, 2]);
    }
    assert.equal(cellsOf(experiment, "smoke").length, experiment.settings.length);
  }
});

test("slim nets have one size: a quarter of the width and 5,000 pictures in batches of 32, whatever the preset", () => {
  for (const {spec} of slim.flatMap(each => cellsOf(each, "laptop"))) {
    assert.deepEqual([spec.width, spec.subset, spec.batchSize], [0.25, 5000, 32]);
    assert.ok([3, 4].includes(spec.epochs));
  }
});

test("under smoke every layer of every slim net keeps weights to take a gain over", () => {
  for (const {spec, label} of slim.flatMap(each => cellsOf(each, "smoke"))) {
    const {layers} = layerShapes(operationsOf({...spec, classes: 10}), [28, 28, 1]);
    for (const {name, weights} of layers)
      assert.ok(Math.trunc(spec.keepFraction * weights) > 0, `${label}, ${name}`);
  }
});

test("the default is at the head of each group at the reference's rate", () => {
  const head = cellsOf(named("slim-gain"), "laptop")[0].id;
  for (const name of ["slim-weights", "slim-scores", "slim-optimiser"])
    for (const curve of curvesOf(named(name)).filter(each => !/relative|unit/.test(each))) {
      const first = cellsOf(named(name), "laptop").find(cell => cell.curve === curve)!;
      assert.equal(first.id, head, `${name}, ${curve}`);
    }
});

test("a place of a group is given once", () => {
  for (const {name, settings} of slim) {
    const places = settings.map(({curve, x}) => `${curve}: ${x}`);
    assert.equal(new Set(places).size, places.length, name);
  }
});

test("every gain, start of the scores, score gradient and surrogate is tried", () => {
  const tried = (name: string, curve: string): unknown[] =>
    named(name).settings.flatMap(setting => (setting.curve === curve ? setting.x : []));
  assert.deepEqual(tried("slim-gain", "learning rate 0.1 (reference)"), layerGainNames);
  assert.deepEqual(tried("slim-scores", "start scores"), Object.keys(scoreRules));
  assert.deepEqual(tried("slim-scores", "gradient"), Object.keys(scoreGradients));
  assert.deepEqual(tried("slim-surrogate", "Adam 0.1 (reference)"), Object.keys(surrogates));
});
