import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {type GainName, gainRules} from "../../src/core/gain";
import {topKMask} from "../../src/core/mask";
import {binarize, prune} from "../../src/core/quantize";
import {startScores} from "../../src/core/scores";
import type {ScoreGradientName} from "../../src/core/straightThrough";
import {scoreGradient} from "../../src/core/straightThrough";
import {randomWeights} from "../../src/core/weights";
import {maskedConv2d} from "../../src/layers/maskedConv2d";
import {maskedDense} from "../../src/layers/maskedDense";
import type {MaskedLayer} from "../../src/layers/maskedLayer";
import type {MaskedOptions} from "../../src/layers/maskedOptions";
import type {Method} from "../../src/layers/method";
import {assertClose} from "../core/close";
import {backends, gradientOf, random, sequence, valuesOf} from "./tensors";

const KEEP = 0.3;
const CONV = {shape: [3, 3, 3, 4], image: [6, 5, 3], fanIn: 27};
const DENSE = {shape: [7, 5], image: [7], fanIn: 7};

interface Example {
  layer: MaskedLayer;
  model: tf.LayersModel;
  x: tf.Tensor;
  dy: tf.Tensor;
  shape: number[];
  /** The layer's operation with any weights in its place. */
  plain(weights: tf.Tensor): tf.Tensor;
}

function examples(options: MaskedOptions = {}): Example[] {
  const shared = {keepFraction: KEEP, seed: 3, ...options};
  const [pixels, features] = [random<tf.Tensor4D>([2, ...CONV.image], "x"), random<tf.Tensor2D>([4, 7], "f")];
  const conv = maskedConv2d({...shared, filters: 4, kernelSize: 3, inputShape: CONV.image, name: "conv"});
  const dense = maskedDense({...shared, units: 5, inputShape: DENSE.image, name: "dense"});
  return [
    {
      layer: conv,
      model: sequence(conv),
      x: pixels,
      dy: random([2, 6, 5, 4], "dy"),
      shape: CONV.shape,
      plain: w => tf.conv2d(pixels, w as tf.Tensor4D, 1, "same"),
    },
    {
      layer: dense,
      model: sequence(dense),
      x: features,
      dy: random([4, 5], "dy"),
      shape: DENSE.shape,
      plain: w => tf.matMul(features, w as tf.Tensor2D),
    },
  ];
}

const filterGradientOf = ({plain, dy, shape}: Example, weights: Float32Array): Float32Array =>
  Float32Array.from(
    valuesOf(() => tf.grad((w: tf.Tensor) => plain(w).mul(dy).sum())(tf.tensor(weights, shape))),
  );

for (const backend of backends) {
  test(`${backend}: W_eff is core's binarize(topKMask), and the output is the plain operation with it`, async () => {
    await useBackend(backend);
    for (const example of examples()) {
      const {layer, model, x, plain, shape} = example;
      const weights = randomWeights(shape, {keepFraction: KEEP, fan: "pruned", seed: 3, name: layer.name});
      const scores = startScores(weights, shape, {seed: 3, name: layer.name});
      const mask = topKMask(scores, KEEP);
      const context = {keepFraction: KEEP, fanIn: shape.at(-2)!, selection: "layerwise"} as const;
      const gain = gainRules["mean-kept"](weights, mask, context);
      const effective = binarize(weights, mask, gain);
      assert.deepEqual(layer.weightValues(), weights);
      assert.deepEqual(layer.scoreValues(), scores);
      assert.deepEqual(layer.mask(), mask);
      assert.equal(layer.gain(), gain);
      assert.deepEqual(layer.effectiveValues(), effective);
      const output = valuesOf(() => model.apply(x) as tf.Tensor);
      assertClose(
        output,
        valuesOf(() => plain(tf.tensor(effective, shape))),
        0,
        layer.name,
      );
    }
  });

  for (const method of ["biprop", "edge-popup"] as const) {
    test(`${backend}, ${method}: dL/dS is scoreGradient of dL/dW_eff, for kept and dropped alike`, async () => {
      await useBackend(backend);
      for (const example of examples({method})) {
        const {layer, model, x, dy} = example;
        const {scores} = layer.variables();
        const ours = gradientOf(model, x, dy, scores!);
        const dEffective = filterGradientOf(example, layer.effectiveValues());
        const expected = scoreGradient(dEffective, layer.weightValues(), layer.scoreValues());
        assertClose(ours, expected, 1e-6, layer.name);
        assert.ok(layer.mask().some((m, i) => m === 0 && ours[i] !== 0));
      }
    });
  }
}

test("the identity through a masked dense layer shows its effective weights", async () => {
  await useBackend("auto");
  const layer = maskedDense({units: 3, inputShape: [4], keepFraction: 0.5, name: "shown"});
  const model = sequence(layer);
  assert.deepEqual(
    valuesOf(() => model.apply(tf.eye(4)) as tf.Tensor),
    [...layer.effectiveValues()],
  );
});

test("edge-popup keeps the weights as they are: W_eff = prune(W, M), gain 1", async () => {
  await useBackend("auto");
  for (const {layer} of examples({method: "edge-popup"})) {
    assert.deepEqual(layer.effectiveValues(), prune(layer.weightValues(), layer.mask()));
    assert.deepEqual(layer.mask(), topKMask(layer.scoreValues(), KEEP));
    assert.equal(layer.gain(), 1);
    assert.deepEqual(
      layer.trainableWeights.map(w => w.originalName),
      [`${layer.name}/scores`],
    );
  }
});

test("dense: the weights are all there, trained, and there are no scores", async () => {
  await useBackend("auto");
  for (const example of examples({method: "dense", keepFraction: undefined})) {
    const {layer, model, x, dy} = example;
    const {weights, scores} = layer.variables();
    assert.equal(scores, undefined);
    assert.deepEqual(layer.trainableWeights.length, 1);
    assert.ok(layer.mask().every(m => m === 1));
    assert.equal(layer.gain(), 1);
    assert.deepEqual(layer.effectiveValues(), layer.weightValues());
    assertClose(gradientOf(model, x, dy, weights), filterGradientOf(example, layer.weightValues()), 1e-6);
    for (const ask of [() => layer.scoreValues(), () => layer.scoresVersion()]) {
      assert.throws(ask, {name: "RangeError", message: new RegExp(`layer ${layer.name} is dense`)});
    }
  }
});

test("weights are frozen: they get no gradient, and scores alone are trainable", async () => {
  await useBackend("auto");
  for (const {layer, model} of examples()) {
    assert.deepEqual(
      model.trainableWeights.map(w => w.originalName),
      [`${layer.name}/scores`],
    );
    assert.deepEqual(
      model.nonTrainableWeights.map(w => w.originalName),
      [`${layer.name}/weights`],
    );
  }
});

test("score gradient sign-only leaves |W| out: dL/dW_eff ⊙ sign(W) ⊙ sign(S)", async () => {
  await useBackend("auto");
  for (const example of examples({scoreGradient: "sign-only"})) {
    const {layer, model, x, dy} = example;
    const dEffective = filterGradientOf(example, layer.effectiveValues());
    const signs = layer.weightValues().map(Math.sign);
    const expected = scoreGradient(dEffective, signs, layer.scoreValues());
    assertClose(gradientOf(model, x, dy, layer.variables().scores!), expected, 1e-6, layer.name);
  }
});

test("rules of the user's own are taken: weights, scores, gain, score gradient", async () => {
  await useBackend("auto");
  const layer = maskedDense({
    units: 1,
    inputShape: [4],
    keepFraction: 0.5,
    weights: i => i - 1.5,
    scores: i => i,
    gain: (weights, mask, {keepFraction, fanIn, selection}) => {
      assert.deepEqual(
        [weights.length, mask.length, keepFraction, fanIn, selection],
        [4, 4, 0.5, 4, "layerwise"],
      );
      return 3;
    },
    scoreGradient: dEffective => dEffective.mul(10),
    name: "own",
  });
  const model = sequence(layer);
  assert.deepEqual([...layer.weightValues()], [-1.5, -0.5, 0.5, 1.5]);
  assert.deepEqual([...layer.effectiveValues()], [0, 0, 3, 3]);
  const x = tf.tensor2d([[1, 2, 3, 4]]);
  const gradient = gradientOf(model, x, tf.ones([1, 1]), layer.variables().scores!);
  assert.deepEqual(gradient, [10, 20, 30, 40]);
});

test("bad options are refused with the valid ones, before anything is built", async () => {
  const make = (options: MaskedOptions) => () => maskedDense({units: 1, keepFraction: 0.5, ...options});
  const refused: [MaskedOptions, RegExp][] = [
    [{method: "biprob" as Method}, /unknown method "biprob"; choose biprop, edge-popup, random-mask, dense/],
    [{keepFraction: 0}, /keepFraction .* in \(0, 1\]; got 0/],
    [{keepFraction: 1.5}, /keepFraction .* got 1.5/],
    [{keepFraction: undefined}, /keepFraction .* got NaN/],
    [{gain: "max" as GainName}, /unknown gain rule "max"; choose mean-kept/],
    [{scoreGradient: "none" as ScoreGradientName}, /unknown score gradient "none"; choose straight-through/],
  ];
  for (const [options, message] of refused) assert.throws(make(options), {name: "RangeError", message});
});

test("a layer that is not built yet says so", () => {
  const layer = maskedDense({units: 1, keepFraction: 0.5, name: "early"});
  assert.throws(() => layer.mask(), RangeError);
  assert.throws(() => layer.variables(), {name: "RangeError", message: /layer early is not built yet/});
});
