import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {type GainName, gainRules} from "../../src/core/gain";
import {globalTopKMasks} from "../../src/core/mask";
import {binarize, prune} from "../../src/core/quantize";
import {GlobalSelection} from "../../src/layers/globalSelection";
import {selectOperation} from "../../src/layers/selectOperation";
import {native, noMinus, normal} from "./operations";

/** Runs global selection over layers of these scores natively, and compares each layer with src/core. */
function check(scores: readonly Float32Array[], keepFraction: number, what: string): void {
  const masks = globalTopKMasks(scores, keepFraction);
  const selection = new GlobalSelection(keepFraction);
  const layers = scores.map((values, i) => {
    const tensor = tf.tensor1d(values);
    const layer = {
      name: `layer ${i}`,
      scoresVersion: () => tensor.dataId,
      scoreValues: () => values,
      scoreTensor: () => tensor,
    };
    selection.add(layer);
    return layer;
  });
  for (const [i, layer] of layers.entries()) {
    const boundary = selection.boundaryOf(layer);
    assert.ok(boundary);
    assert.equal(boundary.kept, masks[i].filter(Boolean).length, `${what}, layer ${i}: kept`);
    const weights = normal(scores[i].length, `weights ${i}`);
    const w = tf.tensor1d(weights);
    const context = {keepFraction, fanIn: 9, selection: "global"} as const;
    for (const gain of Object.keys(gainRules) as GainName[]) {
      const value = gainRules[gain](weights, masks[i], context);
      const settings = {method: "biprop", gain, context, boundary} as const;
      const found = selectOperation(layer.scoreTensor(), w, () => weights, settings);
      const expected = binarize(weights, masks[i], value);
      assert.deepEqual(found?.dataSync().map(noMinus), expected.map(noMinus), `${what}, layer ${i}, ${gain}`);
      found?.dispose();
    }
    const settings = {method: "edge-popup", gain: "one", context, boundary} as const;
    const pruned = selectOperation(layer.scoreTensor(), w, () => weights, settings);
    assert.deepEqual(pruned?.dataSync(), prune(weights, masks[i]), `${what}, layer ${i}, edge-popup`);
    tf.dispose([w, pruned as tf.Tensor]);
  }
  tf.dispose(layers.map(layer => layer.scoreTensor()));
}

const sizes = [27, 65537, 640, 131073];

test("global selection natively keeps and scales exactly what its masks do, layer by layer", async () => {
  if (!(await native())) return;
  for (const keepFraction of [0.1, 0.2, 0.5, 0.99, 1]) {
    const scores = sizes.map((n, i) => normal(n, `scores ${i}`).map(s => s * (sizes.length - i)));
    check(scores, keepFraction, `k ${keepFraction}`);
  }
});

test("ties with the global threshold go to the earlier layer and lower index", async () => {
  if (!(await native())) return;
  for (const keepFraction of [0.3, 0.61, 0.9]) {
    const coarse = sizes.map((n, i) => normal(n, `scores ${i}`).map(s => Math.round(2 * s) / 2));
    check(coarse, keepFraction, `coarse, k ${keepFraction}`);
  }
  check([Float32Array.of(1, 3, 1, 1), Float32Array.of(1, 2, 1), Float32Array.of(2, 1, 1)], 0.61, "equal");
});

test("a score that is not a number is refused, and so is a layer left empty", async () => {
  if (!(await native())) return;
  assert.throws(() => check([Float32Array.of(1, 2), Float32Array.of(Number.NaN)], 0.5, ""), /NaN/);
  const scores = [Float32Array.of(1, 2), Float32Array.of(0.5)].map(values => tf.tensor1d(values));
  const selection = new GlobalSelection(0.5);
  const layers = scores.map((tensor, i) => ({
    name: ["wide", "narrow"][i],
    scoresVersion: () => tensor.dataId,
    scoreValues: () => tensor.dataSync() as Float32Array,
    scoreTensor: () => tensor,
  }));
  for (const layer of layers) selection.add(layer);
  assert.throws(() => selection.boundaryOf(layers[0]), /leaves layer narrow empty/);
  tf.dispose(scores);
});
