import {fanOf} from "./fan";
import {Stream} from "./random";
import {type Rule, ruleNamed} from "./rule";

/** What a score initialisation may use. */
export interface ScoreContext {
  /** 1/√(fan in). */
  readonly bound: number;
  readonly weights: Float32Array;
  /** Uniform in (0, 1). */
  uniform(i: number): number;
  /** N(0, 1). */
  normal(i: number): number;
}

/** Start score i, as a double; it is rounded once to float32. */
export type ScoreFunction = (i: number, context: ScoreContext) => number;
export type ScoreName = "uniform" | "normal" | "constant" | "magnitude";
export type ScoreRule = Rule<ScoreName, ScoreFunction>;

/**
 * Where the scores start.
 * - `uniform`: on ±1/√fan, the reference's (Kaiming uniform with a = √5).
 * - `normal`: N(0, 1/(3·fan)), of the same variance.
 * - `constant`: 1/√fan: nothing is preferred, the first mask is the lower indices.
 * - `magnitude`: |W|: the first mask is magnitude pruning.
 *
 * Source: chrundle/biprop f709fc5, utils/conv_type.py.
 */
export const scoreRules: Readonly<Record<ScoreName, ScoreFunction>> = {
  uniform: (i, c) => (2 * c.uniform(i) - 1) * c.bound,
  normal: (i, c) => (c.normal(i) * c.bound) / Math.sqrt(3),
  constant: (_, c) => c.bound,
  magnitude: (i, c) => Math.abs(c.weights[i]),
};

/** Start scores of a layer, one a weight, from streams of their own. */
export function startScores(
  weights: Float32Array,
  shape: readonly number[],
  options: {readonly rule?: ScoreRule; readonly seed: number; readonly name: string},
): Float32Array {
  const stream = new Stream(options.seed, `${options.name}/scores`);
  const signs = new Stream(options.seed, `${options.name}/score signs`);
  const context: ScoreContext = {
    bound: 1 / Math.sqrt(fanOf(shape).in),
    weights,
    uniform: i => stream.uniform(i),
    normal: i => (signs.bit(i) ? -1 : 1) * stream.normalMagnitude(i),
  };
  const score = ruleNamed("score initialisation", scoreRules, options.rule ?? "uniform");
  const scores = new Float32Array(weights.length);
  for (let i = 0; i < scores.length; i++) scores[i] = score(i, context);
  return scores;
}
