import * as tf from "@tensorflow/tfjs";
import {gainRuleNamed} from "../core/gain";
import {gainRuleOf} from "../core/layerGain";
import {topKMask} from "../core/mask";
import type {Ranking} from "../core/ranking";

/**
 * A gain that is trained beside the scores: α = α₀ · e^g, g from 0, so that it stays positive and a step of g is a
 * share of it: dL/dg = Σ dL/dW_eff ⊙ W_eff. α₀ is the mean |W| over what the start scores keep. Ours; XNOR-Net++ (Bulat &
 * Tzimiropoulos 2019, arXiv:1909.13863) learns scaling factors by back-propagation too.
 */
export class LearnedGain {
  constructor(
    private readonly start: number,
    private readonly layerVariable: tf.LayerVariable,
  ) {}

  /** The live g, a scalar. */
  get variable(): tf.Variable {
    return this.layerVariable.read() as tf.Variable;
  }

  /** Another object whenever g has changed. */
  version(): object {
    return this.variable.dataId;
  }

  value(): number {
    return this.start * Math.exp(this.variable.dataSync()[0]);
  }

  /** The same as a tensor, where no number can be read in the middle of a computation. */
  tensor(): tf.Tensor {
    return tf.exp(this.variable).mul(this.start);
  }
}

/** α₀ of a layer's start scores, each layer taken by itself. */
export function learnedGainStart(
  weights: Float32Array,
  scores: Float32Array,
  fanIn: number,
  {keepFraction, ranking}: {readonly keepFraction: number; readonly ranking: Ranking},
): number {
  const mask = topKMask(scores, keepFraction, ranking);
  return gainRuleNamed(gainRuleOf("learned"))(weights, mask, {keepFraction, fanIn, selection: "layerwise"});
}

/** dL/dg of dL/dW_eff and W_eff. */
export function gainGradient(dEffective: tf.Tensor, effective: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(dEffective, effective));
}
