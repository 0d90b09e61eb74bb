import {type FanRule, fanOf, fanRuleNamed} from "./fan";
import {checkKeepFraction} from "./mask";
import {Stream} from "./random";
import {type Rule, ruleNamed} from "./rule";

/** What a weight initialisation may use. */
export interface WeightContext {
  /** √2/√fan, the fan scaled by the fan rule: the standard deviation of Kaiming's initialisation for ReLU. */
  readonly sd: number;
  /** √(2/(fan in + fan out)), never scaled. */
  readonly xavierSd: number;
  /** 1/√(fan in), never scaled: PyTorch's default bound. */
  readonly defaultBound: number;
  /** ±1, from one integer bit: the same on every engine. */
  sign(i: number): number;
  /** |N(0, 1)|, never 0. */
  normal(i: number): number;
  /** Uniform in (0, 1). */
  uniform(i: number): number;
}

/** Weight i, as a double; it is rounded once to float32. */
export type WeightFunction = (i: number, context: WeightContext) => number;
export type WeightName =
  | "kaiming-normal"
  | "kaiming-uniform"
  | "signed-constant"
  | "unsigned-constant"
  | "xavier-normal"
  | "xavier-constant"
  | "standard"
  | "ones"
  | "bernoulli"
  | "scaled-bernoulli";
export type WeightRule = Rule<WeightName, WeightFunction>;

/**
 * The initialisations of chrundle/biprop f709fc5, utils/builder.py. The last two draw zeros, which stay zero in the
 * network; a ticket refuses them.
 */
export const weightRules: Readonly<Record<WeightName, WeightFunction>> = {
  "kaiming-normal": (i, c) => c.sign(i) * c.sd * c.normal(i),
  "kaiming-uniform": (i, c) => c.sign(i) * Math.sqrt(3) * c.sd * c.uniform(i),
  "signed-constant": (i, c) => c.sign(i) * c.sd,
  "unsigned-constant": (_, c) => c.sd,
  "xavier-normal": (i, c) => c.sign(i) * c.xavierSd * c.normal(i),
  "xavier-constant": (i, c) => c.sign(i) * c.xavierSd,
  standard: (i, c) => c.sign(i) * c.defaultBound * c.uniform(i),
  ones: () => 1,
  bernoulli: (i, c) => (c.sign(i) > 0 ? 1 : 0),
  "scaled-bernoulli": (i, c) => (c.sign(i) > 0 ? c.sd : 0),
};

/** How a layer's weights are drawn. */
export interface WeightOptions {
  readonly rule?: WeightRule;
  readonly fan?: FanRule;
  readonly keepFraction: number;
  readonly seed: number;
  /** The layer's name: it addresses the streams, so a layer's weights do not depend on the layers around it. */
  readonly name: string;
}

/**
 * Random weights of a layer, shape HWIO or IO, flattened. Magnitude and sign come from streams of their own.
 * RangeError for an unknown rule and for a k that is no share.
 */
export function randomWeights(shape: readonly number[], options: WeightOptions): Float32Array {
  const {rule = "kaiming-normal", fan = "none", keepFraction, seed, name} = options;
  checkKeepFraction(keepFraction);
  const fans = fanOf(shape);
  const signs = new Stream(seed, `${name}/signs`);
  const magnitudes = new Stream(seed, `${name}/magnitudes`);
  const context: WeightContext = {
    sd: Math.SQRT2 / Math.sqrt(fanRuleNamed(fan)(fans.in, keepFraction)),
    xavierSd: Math.sqrt(2 / (fans.in + fans.out)),
    defaultBound: 1 / Math.sqrt(fans.in),
    sign: i => (signs.bit(i) ? -1 : 1),
    normal: i => magnitudes.normalMagnitude(i),
    uniform: i => magnitudes.uniform(i),
  };
  const weight = ruleNamed("weight initialisation", weightRules, rule);
  const weights = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < weights.length; i++) weights[i] = weight(i, context);
  return weights;
}
