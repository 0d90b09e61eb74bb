import {fanRules} from "../../core/fan";
import {layerGainNames} from "../../core/layerGain";
import {scoreRules} from "../../core/scores";
import {scoreGradientNames, surrogateNames} from "../../core/straightThrough";
import {weightRules} from "../../core/weights";
import {positive, ruleOf} from "./kinds";
import type {Idle, Settings} from "./row";

/** Initialisations whose scale is their own, whatever the fan rule. */
const ownScale: readonly unknown[] = ["xavier-normal", "xavier-constant", "standard", "ones", "bernoulli"];

/** When no layer has a gain. */
const withRealWeights: readonly Idle[] = [
  {when: ({method}) => method === "dense", because: "`method: dense` leaves real weights"},
  {when: ({method}) => method === "edge-popup", because: "`method: edge-popup` leaves real weights"},
];

export const rules: Pick<
  Settings,
  "weights" | "fan" | "scores" | "gain" | "outputGain" | "scoreGradient" | "surrogate"
> = {
  weights: {
    about: "random weights",
    flag: "--init <name>",
    kind: ruleOf("weight initialisation", Object.keys(weightRules)),
    usual: "kaiming-normal",
    neutral: "kaiming-normal",
    knob: true,
  },
  fan: {
    about: "the fan that they are scaled by; pruned is 1−k of it, as in the reference",
    flag: "--fan <name>",
    kind: ruleOf("fan rule", Object.keys(fanRules)),
    usual: {
      depends: "pruned; none for dense and some ImageNet networks",
      on: ({method}) => (method === "dense" ? "none" : "pruned"),
    },
    neutral: "pruned",
    knob: true,
    idle: [
      {when: ({weights}) => ownScale.includes(weights), because: "such weights have a scale of their own"},
    ],
  },
  scores: {
    about: "start scores",
    flag: "--scores <name>",
    kind: ruleOf("score initialisation", Object.keys(scoreRules)),
    usual: "uniform",
    neutral: "uniform",
    knob: true,
    idle: [{when: ({method}) => method === "dense", because: "`method: dense` has none"}],
  },
  gain: {
    about: "the one scalar of a layer",
    flag: "--gain <name>",
    kind: ruleOf("gain rule", layerGainNames),
    usual: "mean-kept",
    neutral: "mean-kept",
    knob: true,
    idle: withRealWeights,
  },
  outputGain: {
    about: "times the last layer's gain, and so the logits",
    flag: "--output-gain <factor>",
    kind: positive({from: -2, to: 0, step: 0.1, log: true}),
    absent: 1,
    neutral: 1,
    knob: true,
    idle: withRealWeights,
  },
  scoreGradient: {
    about: "how the loss reaches the scores; sign-only leaves |W| out",
    flag: "--score-gradient <name>",
    kind: ruleOf("score gradient", scoreGradientNames),
    usual: "straight-through",
    neutral: "straight-through",
    knob: true,
    idle: [
      {when: ({method}) => method === "dense", because: "`method: dense` has no scores"},
      {
        when: ({method}) => method === "random-mask",
        because: "`method: random-mask` leaves the scores as they are",
      },
      {
        when: ({method, tuneBatchNorm}) => tuneBatchNorm && method !== "dense" && method !== "random-mask",
        because: "`tuneBatchNorm: true` leaves the scores as they are",
      },
    ],
  },
  surrogate: {
    about: "slope of the binary activation",
    flag: "--surrogate <name>",
    kind: ruleOf("activation surrogate", surrogateNames),
    usual: "bi-real",
    neutral: "bi-real",
    knob: true,
    idle: [{when: ({activation}) => activation === "relu", because: "goes with `activation: sign`"}],
  },
};
