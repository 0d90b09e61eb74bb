import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {signOfActivation} from "../../src/core/sign";
import type {SurrogateName} from "../../src/core/straightThrough";
import {binaryActivation} from "../../src/layers/binaryActivation";
import {type SurrogateRule, surrogates} from "../../src/layers/surrogates";
import {assertClose} from "../core/close";
import rules from "../golden/rules.json";
import {backends, gradientOf, valuesOf} from "./tensors";

const golden = rules.binaryActivation;

function activated(x: number[], surrogate?: SurrogateRule): {y: number[]; slope: number[]} {
  const input = tf.input({shape: [1]});
  const outputs = binaryActivation({surrogate}).apply(input) as tf.SymbolicTensor;
  const model = tf.model({inputs: input, outputs});
  const v = tf.variable(tf.tensor2d(x, [x.length, 1]));
  const y = valuesOf(() => model.apply(v) as tf.Tensor);
  const slope = gradientOf(model, v, tf.onesLike(v), v);
  v.dispose();
  return {y, slope};
}

const formulas: Record<SurrogateName, (x: number) => number> = {
  "bi-real": x => (Math.abs(x) <= 1 ? 2 * (1 - Math.abs(x)) : 0),
  clipped: x => (Math.abs(x) <= 1 ? 1 : 0),
  identity: () => 1,
  tanh: x => 1 - Math.tanh(x) ** 2,
};

for (const backend of backends) {
  test(`${backend}: sign is the reference's but at 0, where it is +1; its slope is the reference's`, async () => {
    await useBackend(backend);
    const {y, slope} = activated(golden.x);
    assert.deepEqual(
      y,
      golden.referenceForward.map(s => (s === 0 ? 1 : s)),
    );
    assertClose(slope, golden.surrogateGradient, 1e-7);
  });

  test(`${backend}: each surrogate is its formula, and leaves the forward pass alone`, async () => {
    await useBackend(backend);
    const x = [-3, -1.5, -1, -0.75, -1e-6, -0, 0, 1e-30, 0.125, 0.5, 1, 1.0001, 20].map(Math.fround);
    assert.deepEqual(Object.keys(formulas).sort(), Object.keys(surrogates).sort());
    for (const [name, formula] of Object.entries(formulas)) {
      const {y, slope} = activated(x, name as SurrogateName);
      assert.deepEqual(y, x.map(signOfActivation), name);
      assertClose(slope, x.map(formula), 3e-7, name);
    }
  });
}

test("both zeros become +1", async () => {
  await useBackend("auto");
  assert.deepEqual(activated([0, -0]).y, [1, 1]);
});

test("the slope multiplies what arrives from above", async () => {
  await useBackend("auto");
  const layer = binaryActivation();
  const x = tf.tensor2d([[0.25, -0.5, 2]]);
  const dx = valuesOf(() =>
    tf.grad((v: tf.Tensor) => (layer.apply(v) as tf.Tensor).mul([[4, 10, 7]]).sum())(x),
  );
  assert.deepEqual(dx, [6, 10, 0]);
});

test("a surrogate of the user's own is taken, an unknown one refused with the list", async () => {
  await useBackend("auto");
  assert.deepEqual(activated([3, -4], x => x.mul(2)).slope, [6, -8]);
  assert.throws(() => binaryActivation({surrogate: "ste" as SurrogateName}), {
    name: "RangeError",
    message: /unknown activation surrogate "ste"; choose bi-real, clipped, identity, tanh/,
  });
});
