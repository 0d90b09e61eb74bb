import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {readBack} from "../../../src/backend/readBack";
import {UserError} from "../../../src/core/errors";
import {type GainName, gainRules} from "../../../src/core/gain";
import {globalTopKMasks, topKMask} from "../../../src/core/mask";
import {Stream} from "../../../src/core/random";
import type {Ranking} from "../../../src/core/ranking";
import {GlobalSelection} from "../../../src/layers/globalSelection";
import type {Selectable} from "../../../src/layers/selection";
import {gainAttributes} from "../../../src/layers/selectOperation";
import {SelectTogether, type TogetherLayer} from "../../../src/layers/selectTogether";
import {atLength} from "../../atLength";
import {onWebgpu} from "./adapter";

const CASES = atLength(200, 1000);
const fractions = [0.001, 0.1, 0.2, 0.37, 0.5, 0.9, 1];
const gains: readonly GainName[] = ["mean-kept", "rms-kept", "mean-all", "one", "unit"];
const lengths = [1, 2, 255, 4095, 4096, 4097, 9000];

/** Scores of every kind that a boundary can meet. */
const kinds: Readonly<Record<string, (normal: number, uniform: number) => number>> = {
  normal: x => x,
  few: x => Math.round(2 * x) / 2,
  constant: () => -0.25,
  zeros: (_, u) => (u < 0.5 ? 0 : -0),
  subnormal: x => x * 1e-39,
  wide: (x, u) => x * 10 ** Math.floor(60 * u - 30),
  infinite: (x, u) => (u < 0.1 ? Number.POSITIVE_INFINITY : u < 0.2 ? Number.NEGATIVE_INFINITY : x),
};

interface Case {
  readonly scores: readonly Float32Array[];
  readonly weights: readonly Float32Array[];
  readonly keepFraction: number;
  readonly gain: GainName;
  readonly ranking: Ranking;
  readonly global: boolean;
}

function randomCase(number: number): Case {
  const draws = new Stream(17, `select/${number}`);
  let drawn = 0;
  const uniform = (): number => draws.uniform(drawn++);
  const from = <T>(list: readonly T[]): T => list[Math.floor(uniform() * list.length)];
  const layers = Array.from({length: 1 + Math.floor(uniform() * 3)}, () => {
    const [n, kind] = [from(lengths), from(Object.keys(kinds))];
    const normal = (): number => uniform() + uniform() + uniform() + uniform() - 2;
    const scores = Float32Array.from({length: n}, () => kinds[kind](normal(), uniform()));
    return {scores, weights: Float32Array.from({length: n}, () => (uniform() < 0.01 ? 0 : normal()))};
  });
  return {
    scores: layers.map(({scores}) => scores),
    weights: layers.map(({weights}) => weights),
    keepFraction: from(fractions),
    gain: from(gains),
    ranking: from(["magnitude", "magnitude", "signed"]),
    global: uniform() < 0.4,
  };
}

function variable(values: Float32Array): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor1d(values)));
}

/** Layers as the selection sees them, over tensors of their own. */
function layersOf({
  scores,
  weights,
  keepFraction,
  gain,
  ranking,
  global,
}: Case): (TogetherLayer & {dispose(): void})[] {
  return scores.map((values, i) => {
    const variables = {
      weights: variable(weights[i]),
      scores: variable(values),
    };
    return {
      keepFraction,
      variables: () => variables,
      ranking,
      gainAttributes: kept => {
        const context = {keepFraction, fanIn: 9, selection: global ? "global" : "layerwise"} as const;
        const settings = {method: "biprop", gain, context, boundary: {kept}} as const;
        return gainAttributes(settings, values.length, () => weights[i]);
      },
      dispose: () => tf.dispose(Object.values(variables)),
    };
  });
}

function togetherOf(layers: readonly TogetherLayer[], {keepFraction, ranking, global}: Case): SelectTogether {
  const selection = global ? new GlobalSelection(keepFraction, ranking) : undefined;
  layers.forEach((_, i) => {
    selection?.add({name: `layer ${i}`} as Selectable);
  });
  const together = new SelectTogether(selection);
  for (const layer of layers) together.add(layer);
  return together;
}

async function check(given: Case, what: string): Promise<void> {
  const {scores, weights, keepFraction, gain, ranking, global} = given;
  const masks = global
    ? globalTopKMasks(scores, keepFraction, ranking)
    : scores.map(layer => topKMask(layer, keepFraction, ranking));
  const layers = layersOf(given);
  const together = togetherOf(layers, given);
  const found = layers.map(layer => together.of(layer));
  try {
    if (!global && gain === "mean-kept" && weights.some(w => Math.trunc(keepFraction * w.length) === 0)) {
      assert.ok(found.includes(undefined), `${what}: a gain over nothing is left to the plain path`);
      return;
    }
    const tensors = found.map(tensor => tensor as tf.Tensor);
    if (masks.some(mask => !mask.includes(1))) {
      await assert.rejects(readBack(tensors), UserError, what);
      return;
    }
    await readBack(tensors);
    tensors.forEach((tensor, layer) => {
      const context = {keepFraction, fanIn: 9, selection: global ? "global" : "layerwise"} as const;
      const alpha = gainRules[gain](weights[layer], masks[layer], context);
      tensor.dataSync().forEach((value, i) => {
        const expected = masks[layer][i] === 1 ? alpha * Math.sign(weights[layer][i]) : 0;
        if (Math.abs(value - expected) > 1e-6 * alpha)
          assert.fail(`${what}, layer ${layer}, ${i}: ${value}, not ${expected}`);
      });
    });
  } finally {
    together.release();
    tf.dispose(found.filter(tensor => tensor !== undefined));
    for (const layer of layers) layer.dispose();
  }
}

test(`the selection of all layers at once is mask, gain and binarisation of core in ${CASES} random cases`, async t => {
  if (!(await onWebgpu(t))) return;
  const {numTensors} = tf.memory();
  for (let i = 0; i < CASES; i++) {
    const given = randomCase(i);
    const {keepFraction, gain, ranking, global, scores} = given;
    await check(
      given,
      `case ${i}: k ${keepFraction}, ${gain}, ${ranking}, ${global}, ${scores.map(s => s.length)}`,
    );
  }
  assert.equal(tf.memory().numTensors, numTensors, "no tensor is left");
});

test("scores that are no numbers are refused when numbers are next read back", async t => {
  if (!(await onWebgpu(t))) return;
  const scores = [Float32Array.of(1, Number.NaN, 3), Float32Array.of(1, 2)];
  const weights = scores.map(layer => layer.map(() => 1));
  const given = {
    scores,
    weights,
    keepFraction: 0.5,
    gain: "one",
    ranking: "magnitude",
    global: false,
  } as const;
  const layers = layersOf(given);
  const together = togetherOf(layers, given);
  const chosen = together.of(layers[0])!;
  await assert.rejects(readBack([chosen]), /scores contain NaN: the search has diverged/);
  await readBack([chosen]);
  together.release();
  chosen.dispose();
  for (const layer of layers) layer.dispose();
});
