import type {LayerGainName} from "../../core/layerGain";
import type {ScoreName} from "../../core/scores";
import {scoreGradientNames, surrogateNames} from "../../core/straightThrough";
import type {Given} from "../../search/defaults";
import {sgd} from "../../search/recipe";
import type {Experiment, Setting} from "../define/experiment";
import {fanNames, ownScale, weightNames} from "./ablations";

/**
 * A quarter of the width, 5,000 pictures, 628 steps: 7 s of one core a search, and settings are told apart. Over three
 * seeds the default reaches 33.5 ± 1.1 % in batches of 32 (28.6 ± 1.7 % in batches of 64); a tenth of its learning rate
 * is 19.2 ± 2.0 points below, and what does not move stays at 10 %.
 */
export const size = {width: 0.25, subset: 5000, batchSize: 32, epochs: 4, interimTestImages: 1000} as const;
const slimConv2: Given = {arch: "conv2", keepFraction: 0.2, ...size};
/** Of every slim ablation. */
export const seeds = [0, 1, 2] as const;

/** The first step moves every layer's scores by this share of their mean size; the middle of `slim-optimiser`'s sweep. */
const relative = {scoreRate: "relative", learningRate: 0.001} as const;

/** What a group changes, its default first: the word for it, and the change. */
type Group = readonly (readonly [word: string, change: Partial<Given>])[];

function group(curve: string, variants: Group, shared: Given = slimConv2): Setting[] {
  return variants.map(([x, change]) => ({
    curve,
    x,
    label: `slim ${curve} ${x}`,
    given: {...shared, ...change},
    seeds,
  }));
}

const gainNames: readonly LayerGainName[] = ["mean-kept", "rms-kept", "mean-all", "one", "unit", "learned"];

export const slimGain: Experiment = {
  name: "slim-gain",
  title: "The gain, slim Conv2",
  question: "What does the one scalar of a layer change, at a fixed rate and at one relative to the scores?",
  x: "gain",
  settings: [
    ...group(
      "learning rate 0.1 (reference)",
      gainNames.map(gain => [gain, {gain}]),
    ),
    ...group(
      "relative rate 0.001",
      gainNames.map(gain => [gain, {gain, ...relative}]),
    ),
  ],
};

export const slimWeights: Experiment = {
  name: "slim-weights",
  title: "Random weights and their scale, slim Conv2",
  question: "Does the distribution of the random weights matter, or their scale alone?",
  x: "value",
  settings: [
    ...group(
      "fan",
      fanNames.map(fan => [fan, {fan}]),
    ),
    ...group("weights", [
      ...weightNames.map(weights => [weights, {weights}] as const),
      ...ownScale.map(weights => [weights, {weights, fan: "none"}] as const),
    ]),
    ...group("weights, relative rate", [
      ...(["kaiming-normal", "signed-constant"] as const).map(
        weights => [weights, {weights, ...relative}] as const,
      ),
      ["standard", {weights: "standard", fan: "none", ...relative}],
    ]),
  ],
};

const scoreNames: readonly ScoreName[] = ["uniform", "normal", "constant", "magnitude"];

export const slimScores: Experiment = {
  name: "slim-scores",
  title: "Scores and their gradient, slim Conv2",
  question: "Does it matter where the scores start, and how the loss reaches them?",
  x: "value",
  settings: [
    ...group(
      "start scores",
      scoreNames.map(scores => [scores, {scores}]),
    ),
    ...group(
      "gradient",
      scoreGradientNames.map(scoreGradient => [scoreGradient, {scoreGradient}]),
    ),
    ...group("gradient, relative rate", [
      ["straight-through", relative],
      ["sign-only", {scoreGradient: "sign-only", ...relative}],
    ]),
    ...group("ranking", [
      ["magnitude", {}],
      ["signed", {ranking: "signed"}],
    ]),
    ...group("ranking, relative rate", [
      ["magnitude", relative],
      ["signed", {ranking: "signed", ...relative}],
    ]),
  ],
};

const adam = (learningRate: number): Partial<Given> => ({optimizer: {name: "adam"}, learningRate});

export const slimOptimiser: Experiment = {
  name: "slim-optimiser",
  title: "How the scores are updated, slim Conv2",
  question: "Which learning rate, optimiser and schedule suit the scores?",
  x: "value",
  settings: [
    ...group("learning rate", [
      ["0.1", {}],
      ...[0.01, 0.03, 0.3, 1, 3].map(learningRate => [`${learningRate}`, {learningRate}] as const),
    ]),
    ...group("relative rate", [
      ...[0.001, 0.00003, 0.0001, 0.0003, 0.003, 0.01].map(
        learningRate => [`${learningRate}`, {...relative, learningRate}] as const,
      ),
    ]),
    ...group("unit gain, rate", [
      ...[0.1, 0.01, 0.03, 0.3].map(
        learningRate => [`${learningRate}`, {gain: "unit", learningRate}] as const,
      ),
    ]),
    ...group("unit gain, relative rate", [
      ...[0.001, 0.0003, 0.003, 0.01].map(
        learningRate => [`${learningRate}`, {gain: "unit", ...relative, learningRate}] as const,
      ),
    ]),
    ...group("optimiser", [
      ["SGD 0.1", {}],
      ...[0.001, 0.01, 0.1].map(rate => [`Adam ${rate}`, adam(rate)] as const),
    ]),
    ...group("momentum", [
      ["0.9", {}],
      ["0", {optimizer: {...sgd(1e-4), momentum: 0}}],
      ["0, rate 1", {optimizer: {...sgd(1e-4), momentum: 0}, learningRate: 1}],
    ]),
    ...group("weight decay", [
      ["1e-4", {}],
      ["0", {optimizer: sgd(0)}],
      ["1e-3", {optimizer: sgd(1e-3)}],
      ["1e-2", {optimizer: sgd(1e-2)}],
    ]),
    ...group("schedule", [
      ["cosine", {}],
      ["constant", {schedule: {name: "constant"}}],
    ]),
  ],
};

const ramped = (selection: "layerwise" | "global", epochs: number): Partial<Given> => ({
  selection,
  ramp: {epochs, from: 0.5},
});

export const slimMask: Experiment = {
  name: "slim-mask",
  title: "Where weights are kept, slim Conv2",
  question: "One threshold a layer or one for all, and how fast down to the share kept?",
  x: "selection",
  settings: [0.2, 0.05].flatMap(keepFraction =>
    group(`k ${keepFraction}`, [
      ["layerwise", {keepFraction}],
      ["layerwise, ramp 1", {keepFraction, ...ramped("layerwise", 1)}],
      ["layerwise, ramp 3", {keepFraction, ...ramped("layerwise", 3)}],
      ["global", {keepFraction, ...ramped("global", 0)}],
      ["global, ramp 1", {keepFraction, ...ramped("global", 1)}],
      ["global, ramp 3", {keepFraction, ...ramped("global", 3)}],
    ]),
  ),
};

const binary: Given = {...slimConv2, activation: "sign"};

export const slimSurrogate: Experiment = {
  name: "slim-surrogate",
  title: "The slope of a binary activation, slim Conv2 1/1",
  question: "What should the backward pass pretend that a sign's slope is?",
  x: "surrogate",
  settings: [
    ...group(
      "Adam 0.1 (reference)",
      surrogateNames.map(surrogate => [surrogate, {surrogate}]),
      binary,
    ),
    ...group(
      "relative rate 0.001",
      surrogateNames.map(surrogate => [surrogate, {surrogate, optimizer: sgd(1e-4), ...relative}]),
      binary,
    ),
  ],
};
