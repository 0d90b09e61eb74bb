import * as tf from "@tensorflow/tfjs";
import {hasOperation, runOperation} from "../backend/operations";
import {type Rule, ruleNamed} from "../core/rule";
import type {ScoreGradientName} from "../core/straightThrough";

/** dL/dS from dL/dW_eff, W and S, all of the layer's shape. */
export type ScoreGradientFunction = (
  dEffective: tf.Tensor,
  weights: tf.Tensor,
  scores: tf.Tensor,
) => tf.Tensor;
export type ScoreGradientRule = Rule<ScoreGradientName, ScoreGradientFunction>;

/**
 * How the loss reaches the scores through the selection.
 * - `straight-through`: dL/dW_eff ⊙ W ⊙ sign(S), see `scoreGradient` in core/straightThrough.
 * - `sign-only`: dL/dW_eff ⊙ sign(W) ⊙ sign(S): without |W|, as the reference's first public version had it.
 * - `sigmoid`: as if W_eff were W ⊙ 4·σ(|S|), whose slope is 1 at 0 and fades as a score grows:
 *   dL/dW_eff ⊙ W ⊙ sign(S) ⊙ 4·σ(|S|)·(1 − σ(|S|)).
 * - `clipped`: as if W_eff were W ⊙ min(|S|, 1): straight-through for |S| ≤ 1, else 0.
 *
 * Source: chrundle/biprop f709fc5 and, for `sign-only`, its state before ce6a364, utils/conv_type.py; the last two are
 * ablations.
 */
export const scoreGradients: Readonly<Record<ScoreGradientName, ScoreGradientFunction>> = {
  "straight-through": (dEffective, weights, scores) =>
    hasOperation("MultiprizeScoreGradient")
      ? runOperation("MultiprizeScoreGradient", [dEffective, weights, scores])[0]
      : dEffective.mul(weights).mul(tf.sign(scores)),
  "sign-only": (dEffective, weights, scores) => dEffective.mul(tf.sign(weights)).mul(tf.sign(scores)),
  sigmoid: (dEffective, weights, scores) => {
    const gate = tf.sigmoid(tf.abs(scores));
    return dEffective
      .mul(weights)
      .mul(tf.sign(scores))
      .mul(gate.mul(tf.sub(1, gate)).mul(4));
  },
  clipped: (dEffective, weights, scores) =>
    dEffective.mul(weights).mul(tf.sign(scores)).mul(tf.abs(scores).lessEqual(1).toFloat()),
};

export function scoreGradientNamed(rule: ScoreGradientRule): ScoreGradientFunction {
  return ruleNamed("score gradient", scoreGradients, rule);
}
