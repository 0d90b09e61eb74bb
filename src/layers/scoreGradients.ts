import * as tf from "@tensorflow/tfjs";
import {hasOperation, runOperation} from "../backend/nativeOperations";
import {type Rule, ruleNamed} from "../core/rule";

/** dL/dS from dL/dW_eff, W and S, all of the layer's shape. */
export type ScoreGradientFunction = (
  dEffective: tf.Tensor,
  weights: tf.Tensor,
  scores: tf.Tensor,
) => tf.Tensor;
export type ScoreGradientName = "straight-through" | "sign-only";
export type ScoreGradientRule = Rule<ScoreGradientName, ScoreGradientFunction>;

/**
 * How the loss reaches the scores through the selection.
 * - `straight-through`: dL/dW_eff ⊙ W ⊙ sign(S), see `scoreGradient` in core/quantize.
 * - `sign-only`: dL/dW_eff ⊙ sign(W) ⊙ sign(S): without |W|, as the reference's first public version had it.
 *
 * Source: chrundle/biprop f709fc5 and, for `sign-only`, its state before ce6a364, utils/conv_type.py.
 */
export const scoreGradients: Readonly<Record<ScoreGradientName, ScoreGradientFunction>> = {
  "straight-through": (dEffective, weights, scores) =>
    hasOperation("MultiprizeScoreGradient")
      ? runOperation("MultiprizeScoreGradient", [dEffective, weights, scores])[0]
      : dEffective.mul(weights).mul(tf.sign(scores)),
  "sign-only": (dEffective, weights, scores) => dEffective.mul(tf.sign(weights)).mul(tf.sign(scores)),
};

export function scoreGradientNamed(rule: ScoreGradientRule): ScoreGradientFunction {
  return ruleNamed("score gradient", scoreGradients, rule);
}
