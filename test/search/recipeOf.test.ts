import assert from "node:assert/strict";
import {test} from "node:test";
import {type ArchitectureName, architectureNames, architectures} from "../../src/network/architectures";
import {type Given, searchSpec} from "../../src/search/defaults";
import {recipeNames} from "../../src/search/recipe";
import {recipeOf} from "../../src/search/recipeOf";

const shares = [0.05, 0.5];
const activations = ["relu", "sign"] as const;

test("a search by a recipe is said to be by that recipe, in every network and activation, whatever was chosen beside", () => {
  for (const arch of architectureNames) {
    for (const activation of activations) {
      for (const recipe of recipeNames) {
        if (recipe === "brisk" && architectures[arch].family !== "conv") continue;
        for (const keepFraction of shares) {
          const beside = {epochs: 7, seed: 3, batchSeed: 4, subset: 1000, interimTestImages: 50, width: 0.5};
          const spec = searchSpec({arch, activation, keepFraction, recipe, ...beside} as Given);
          assert.equal(recipeOf(spec), recipe, `${arch} ${activation}`);
          assert.equal(recipeOf(JSON.parse(JSON.stringify(spec))), recipe);
        }
      }
    }
  }
});

test("settings of its own are named, by the nearest recipe", () => {
  const said = (given: Omit<Given, "arch">, arch: ArchitectureName = "conv4"): string | null =>
    recipeOf(searchSpec({arch, keepFraction: 0.2, ...given} as Given));
  assert.equal(said({learningRate: 0.05}), "reference, learningRate 0.05");
  assert.equal(
    said({recipe: "unit", learningRate: 0.01, batchSize: 64}, "vgg-small"),
    "unit, learningRate 0.01, batchSize 64",
  );
  assert.equal(said({recipe: "brisk", cropReach: 4}), "brisk, cropReach 4");
  assert.equal(said({cropReach: 2}), "reference, cropReach 2");
  assert.equal(said({cropReach: 2, activation: "sign"}), "brisk");
  assert.equal(said({batchNorm: "learned"}, "conv2-bn"), "reference, batchNorm learned");
  assert.equal(said({method: "edge-popup"}), "reference, method edge-popup");
  assert.equal(
    said({optimizer: {name: "sgd", momentum: 0.9}}),
    "reference, optimizer.weightDecay none",
    "a part that is left out",
  );
});

test("what is no spec of this version has no recipe", () => {
  for (const strange of [undefined, null, 3, "conv4", {}, {arch: "conv3"}, {arch: "conv4", tomorrow: 1}])
    assert.equal(recipeOf(strange), null, JSON.stringify(strange));
});
