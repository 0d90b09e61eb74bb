import * as tf from "@tensorflow/tfjs";
import {type Rule, ruleNamed} from "../core/rule";
import type {SurrogateName} from "../core/straightThrough";

/** A stand-in for the derivative of sign, which is 0 almost everywhere: elementwise, any shape. */
export type SurrogateFunction = (x: tf.Tensor) => tf.Tensor;
export type SurrogateRule = Rule<SurrogateName, SurrogateFunction>;

/**
 * What the backward pass of a binary activation pretends.
 * - `bi-real`: 2·(1 − |x|) for |x| ≤ 1, else 0: the slope of Bi-Real Net's piecewise quadratic, the reference's.
 * - `clipped`: 1 for |x| ≤ 1, else 0: the straight-through estimator of Courbariaux et al. (arXiv:1602.02830).
 * - `identity`: 1.
 * - `tanh`: 1 − tanh²(x).
 *
 * Source: chrundle/biprop f709fc5, models/frankle.py, F_BinAct; Bi-Real Net, arXiv:1808.00278.
 */
export const surrogates: Readonly<Record<SurrogateName, SurrogateFunction>> = {
  "bi-real": x => tf.relu(tf.sub(2, tf.abs(x).mul(2))),
  clipped: x => tf.abs(x).lessEqual(1).toFloat(),
  identity: x => tf.onesLike(x),
  tanh: x => tf.sub(1, tf.square(tf.tanh(x))),
};

export function surrogateNamed(rule: SurrogateRule): SurrogateFunction {
  return ruleNamed("activation surrogate", surrogates, rule);
}
