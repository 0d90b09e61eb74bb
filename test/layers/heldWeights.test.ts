import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {GlobalSelection} from "../../src/layers/globalSelection";
import {maskedDense} from "../../src/layers/maskedDense";
import {assign, gradientOf, random, sequence, valuesOf} from "./tensors";

before(() => useBackend("auto"));

for (const selection of ["layerwise", "global"] as const) {
  test(`held weights are those selected anew, follow changed scores, pass the gradient on and leave nothing (${selection})`, () => {
    const rule = selection === "global" ? new GlobalSelection(0.4) : selection;
    const shared = {keepFraction: 0.4, selection: rule};
    const layers = [
      maskedDense({...shared, units: 6, inputShape: [7], name: "first"}),
      maskedDense({...shared, units: 5, name: "second"}),
    ];
    const model = sequence(...layers);
    const [x, dy] = [random([4, 7], "x"), random([4, 5], "dy")];
    const {scores} = layers[0].variables();
    const output = (): number[] => valuesOf(() => model.apply(x) as tf.Tensor);
    const gradient = (): number[] => gradientOf(model, x, dy, scores!);
    const fresh = [output(), gradient()];
    const tensors = tf.memory().numTensors;
    for (const layer of layers) layer.hold();
    for (const layer of layers) layer.hold();
    assert.deepEqual([output(), gradient()], fresh);
    assign(scores, layers[0].scoreValues().reverse());
    const moved = output();
    for (const layer of layers) layer.release();
    assert.equal(tf.memory().numTensors, tensors);
    assert.notDeepEqual(moved, fresh[0]);
    assert.deepEqual(output(), moved);
  });
}
