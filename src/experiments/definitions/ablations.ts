import type {FanName} from "../../core/fan";
import type {WeightName} from "../../core/weights";
import type {Given} from "../../search/defaults";
import {sgd} from "../../search/recipe";
import {type Experiment, grid, type Setting} from "../define/experiment";

/** Conv2 at k = 0.2: quick, and at the reference's scaling it leaves chance within a laptop's budget. */
const base: Given = {arch: "conv2", keepFraction: 0.2};

/** The reference's own first. */
export const weightNames: readonly WeightName[] = ["kaiming-normal", "kaiming-uniform", "signed-constant"];
/** These have a scale of their own, whatever the fan rule. */
export const ownScale: readonly WeightName[] = ["xavier-normal", "xavier-constant", "standard"];
export const fanNames: readonly FanName[] = ["pruned", "kept", "none"];

export const initialisation: Experiment = {
  name: "initialisation",
  title: "Random weights and fan scaling",
  question: "From which distribution, and at which scale, should the random weights be drawn?",
  x: "fan scaling",
  settings: [
    ...grid<{weights: WeightName; fan: FanName}>({weights: weightNames, fan: fanNames}).map(
      ({weights, fan}): Setting => ({curve: weights, x: fan, given: {...base, weights, fan}}),
    ),
    ...ownScale.map(
      (weights): Setting => ({curve: weights, x: "its own", given: {...base, weights, fan: "none"}}),
    ),
  ],
};

/** One setting changed at a time, the reference's own at the head of each group. */
const variants: readonly (readonly [string, string, Partial<Given>])[] = [
  ["learning rate", "0.1 (reference)", {}],
  ["learning rate", "0.01", {learningRate: 0.01}],
  ["learning rate", "0.03", {learningRate: 0.03}],
  ["learning rate", "0.3", {learningRate: 0.3}],
  ["learning rate", "1", {learningRate: 1}],
  ["momentum", "0", {optimizer: {...sgd(1e-4), momentum: 0}}],
  ["weight decay", "0", {optimizer: sgd(0)}],
  ["weight decay", "5e-4", {optimizer: sgd(5e-4)}],
  ["optimiser", "Adam 0.01", {optimizer: {name: "adam"}, learningRate: 0.01}],
  ["schedule", "constant", {schedule: {name: "constant"}}],
  ["batch size", "64", {batchSize: 64}],
  ["batch size", "256", {batchSize: 256}],
  ["start scores", "normal", {scores: "normal"}],
  ["start scores", "magnitude", {scores: "magnitude"}],
  ["score gradient", "without |W|", {scoreGradient: "sign-only"}],
  ["gain", "rms of the kept", {gain: "rms-kept"}],
  ["gain", "mean over all", {gain: "mean-all"}],
  ["gain", "unit", {gain: "unit"}],
];

export const hyperParameters: Experiment = {
  name: "hyper-parameters",
  title: "Hyper-parameters",
  question: "Which of the reference's settings matter, each changed alone?",
  x: "value",
  settings: variants.map(([curve, x, change]) => ({
    curve,
    x,
    label: `${curve} ${x}`,
    given: {...base, ...change},
  })),
};

const SEEDS = [0, 1, 2, 3, 4] as const;

export const stability: Experiment = {
  name: "stability",
  title: "Stability over seeds, and overlap of masks",
  question:
    "How much of a ticket is decided by its random weights, and how much by the order of the batches?",
  x: "seed",
  points: true,
  settings: SEEDS.flatMap(seed => [
    {curve: "other weights, scores and batches", x: seed, label: `seed ${seed}`, given: base, seeds: [seed]},
    {
      curve: "other batches alone",
      x: seed,
      label: `batches ${seed}`,
      // Batches of the weights' own seed are those of the run above.
      given: seed === 0 ? base : {...base, batchSeed: seed},
      seeds: [0],
    },
  ]),
};
