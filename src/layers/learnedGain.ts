import * as tf from "@tensorflow/tfjs";

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

  value(): number {
    return this.start * Math.exp(this.variable.dataSync()[0]);
  }
}

/** dL/dg of dL/dW_eff and W_eff. */
export function gainGradient(dEffective: tf.Tensor, effective: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(dEffective, effective));
}
