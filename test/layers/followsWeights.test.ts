// What a masked layer derives from its scores and weights follows them, and is derived no oftener than they change.
import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {maskedDense} from "../../src/layers/maskedDense";
import type {MaskedLayer} from "../../src/layers/maskedLayer";
import {assign, gradientOf, random, sequence, valuesOf} from "./tensors";

/** A layer that counts how often it selects. */
function counted(name: string): {layer: MaskedLayer; model: tf.LayersModel; count: () => number} {
  let count = 0;
  const gain = (): number => {
    count++;
    return 1;
  };
  const layer = maskedDense({units: 2, inputShape: [4], keepFraction: 0.5, gain, name});
  return {layer, model: sequence(layer), count: () => count};
}

test("the selection is made anew only when the scores have changed", async () => {
  await useBackend("auto");
  const [a, b] = [counted("a"), counted("b")];
  const x = random([3, 4], "x");
  const ask = ({layer, model}: typeof a): void => {
    valuesOf(() => model.apply(x) as tf.Tensor);
    valuesOf(() => model.apply(x, {training: true}) as tf.Tensor);
    gradientOf(model, x, tf.ones([3, 2]), layer.variables().scores!);
    layer.mask();
    layer.gain();
    layer.effectiveValues();
  };
  ask(a);
  ask(a);
  assert.equal(a.count(), 1);
  assign(a.layer.variables().scores, [8, -7, 6, -5, 4, 3, 2, 1]);
  ask(a);
  assert.equal(a.count(), 2);
  ask(b);
  assert.deepEqual([a.count(), b.count()], [2, 1], "another layer's scores are its own affair");
});

test("mask, effective weights and output follow an assignment to the scores", async () => {
  await useBackend("auto");
  const layer = maskedDense({units: 2, inputShape: [2], keepFraction: 0.5, gain: "one", name: "follows"});
  const model = sequence(layer);
  const signs = [...layer.weightValues()].map(Math.sign);
  const masks = [
    [
      [4, 3, 2, 1],
      [1, 1, 0, 0],
    ],
    [
      [1, -2, 3, -4],
      [0, 0, 1, 1],
    ],
  ];
  for (const [scores, mask] of masks) {
    assign(layer.variables().scores, scores);
    assert.deepEqual([...layer.mask()], mask);
    const expected = signs.map((s, i) => s * mask[i] + 0);
    assert.deepEqual(
      [...layer.effectiveValues()].map(w => w + 0),
      expected,
    );
    assert.deepEqual(
      valuesOf(() => model.apply(tf.eye(2)) as tf.Tensor).map(w => w + 0),
      expected,
    );
  }
});

test("effective weights follow an assignment to the weights", async () => {
  await useBackend("auto");
  const layer = maskedDense({units: 2, inputShape: [2], keepFraction: 1, fan: "none", name: "reassigned"});
  sequence(layer);
  layer.effectiveValues();
  assign(layer.variables().weights, [2, -4, 6, -8]);
  assert.deepEqual([...layer.weightValues()], [2, -4, 6, -8]);
  assert.equal(layer.gain(), 5);
  assert.deepEqual([...layer.effectiveValues()], [5, -5, 5, -5]);
});
