import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {globalTopKMasks, topKMask} from "../../src/core/mask";
import type {Ranking} from "../../src/core/ranking";
import {GlobalSelection} from "../../src/layers/globalSelection";
import {maskedDense} from "../../src/layers/maskedDense";
import {assertClose} from "../core/close";
import {assign, backends, gradientOf, random, sequence, valuesOf} from "./tensors";

const [FEATURES, UNITS] = [9, 6];
const options = {inputShape: [FEATURES], keepFraction: 0.4, ranking: "signed" as const, seed: 4};

for (const backend of backends) {
  test(`${backend}: signed scores keep the largest s, and dL/dS is dL/dW_eff ⊙ W`, async () => {
    await useBackend(backend);
    const layer = maskedDense({...options, units: UNITS, name: "fc"});
    const model = sequence(layer);
    const scores = layer.scoreValues();
    assert.deepEqual(layer.mask(), topKMask(scores, 0.4, "signed"));
    assert.notDeepEqual(layer.mask(), topKMask(scores, 0.4));
    const [x, dy] = [random([3, FEATURES], "x"), random([3, UNITS], "dy")];
    const dEffective = valuesOf(() => tf.matMul(x as tf.Tensor2D, dy as tf.Tensor2D, true));
    const expected = dEffective.map((slope, i) => slope * layer.weightValues()[i]);
    assertClose(gradientOf(model, x, dy, layer.scoreTensor()), expected, 1e-6, "dL/dS");
    const output = valuesOf(() => model.apply(tf.eye(FEATURES)) as tf.Tensor);
    assertClose(output, [...layer.effectiveValues()], 0, "W_eff");
  });
}

test("one threshold for all layers ranks signed scores too", async () => {
  await useBackend("auto");
  const selection = new GlobalSelection(0.4, "signed");
  const layers = [1, 2].map(n => maskedDense({...options, units: UNITS, selection, name: `fc${n}`}));
  for (const layer of layers) layer.build([1, FEATURES]);
  assign(
    layers[1].scoreTensor(),
    [...layers[1].scoreValues()].map(s => s + 0.1),
  );
  const scores = layers.map(layer => layer.scoreValues());
  assert.deepEqual(
    layers.map(layer => layer.mask()),
    globalTopKMasks(scores, 0.4, "signed"),
  );
});

test("an unknown ranking is refused with the valid ones", () => {
  const ranking = "rising" as Ranking;
  assert.throws(
    () => maskedDense({units: 2, keepFraction: 0.5, ranking}),
    /unknown ranking "rising"; choose magnitude, signed/,
  );
});
