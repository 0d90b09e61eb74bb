import assert from "node:assert/strict";
import {test} from "node:test";
import {specId} from "../../src/experiments/records/specId";
import {changed} from "../../src/search/changed";
import {searchSpec} from "../../src/search/defaults";
import {recipes} from "../../src/search/recipe";

test("a recipe fills in what is not given, and is no part of the spec or its name", () => {
  const unit = searchSpec({arch: "conv8", activation: "sign", keepFraction: 0.1, recipe: "unit"});
  const {gain, scoreRate, learningRate, optimizer} = unit;
  assert.deepEqual(
    {gain, scoreRate, learningRate, optimizer},
    {
      gain: "unit",
      scoreRate: "relative",
      learningRate: 0.003,
      optimizer: {name: "sgd", momentum: 0.9, weightDecay: 1e-4},
    },
  );
  assert.ok(!("recipe" in unit));
  const byHand = searchSpec({
    arch: "conv8",
    activation: "sign",
    keepFraction: 0.1,
    gain,
    scoreRate,
    learningRate,
    optimizer,
  });
  assert.equal(specId({dataset: "cifar10", spec: unit}), specId({dataset: "cifar10", spec: byHand}));
  assert.equal(
    searchSpec({arch: "conv8", keepFraction: 0.1, recipe: "unit", learningRate: 0.01}).learningRate,
    0.01,
  );
});

test("the reference is the recipe unless another is named; a name that is none comes back with those that are", () => {
  assert.deepEqual(searchSpec({arch: "conv4", recipe: "reference"}), searchSpec({arch: "conv4"}));
  assert.throws(
    () => searchSpec({arch: "conv4", recipe: "unti" as "unit"}),
    new RegExp(`unknown recipe "unti" \\(did you mean unit\\?\\); choose ${Object.keys(recipes).join(", ")}`),
  );
  assert.throws(
    () => searchSpec({arch: "conv4", recipe: "unit", method: "dense"}),
    /recipe unit is for method biprop, not dense/,
  );
});

test("a part changed by its path leaves the others, unless the name changes", () => {
  const parts = (changes: Record<string, unknown>) => changed({arch: "conv2", keepFraction: 0.2}, changes);
  assert.deepEqual(parts({"optimizer.momentum": 0.5}).optimizer, {
    name: "sgd",
    momentum: 0.5,
    weightDecay: 1e-4,
  });
  assert.deepEqual(parts({"optimizer.name": "sgd"}).optimizer, {
    name: "sgd",
    momentum: 0.9,
    weightDecay: 1e-4,
  });
  assert.deepEqual(parts({"optimizer.name": "adam"}).optimizer, {name: "adam"});
  assert.deepEqual(parts({"ramp.epochs": 3}).ramp, {epochs: 3, from: 0.5});
  assert.deepEqual(parts({selection: "global", "ramp.from": 0.9}).ramp, {epochs: 10, from: 0.9});
  assert.throws(() => parts({"optimizer.speed": 1}), /optimizer has no "speed"/);
  assert.throws(() => parts({"engine.speed": 1}), /a spec has no "engine.speed"/);
});

test("brisk is for tickets of Conv2 to Conv8: another gain, rate and crop where activations are real, crops alone where binary", () => {
  const {gain, outputGain, weights, scoreRate, learningRate, cropReach} = searchSpec({
    ...{arch: "conv6", keepFraction: 0.2, recipe: "brisk"},
  });
  assert.deepEqual(
    [gain, outputGain, weights, scoreRate, learningRate, cropReach],
    ["unit", 0.3, "signed-constant", "normalised", 0.003, 2],
  );
  const binary = {arch: "conv6", keepFraction: 0.2, activation: "sign"} as const;
  assert.deepEqual(searchSpec({...binary, recipe: "brisk"}), {...searchSpec(binary), cropReach: 2});
  assert.throws(
    () => searchSpec({arch: "vgg-small", recipe: "brisk"}),
    /measured on Conv2 to Conv8, not on vgg-small/,
  );
  assert.throws(
    () => searchSpec({arch: "conv2", recipe: "brisk", method: "edge-popup"}),
    /for method biprop/,
  );
});
