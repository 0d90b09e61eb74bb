import * as tf from "@tensorflow/tfjs";
import {hasOperation, runOperation} from "../backend/operations";
import {checkDecayRate, checkNonNegative} from "./check";
import {type CommonOptions, TorchOptimizer, type Update} from "./optimizer";
import type {SlotName} from "./state";

/** Options of Adam. */
export interface AdamOptions extends CommonOptions {
  /** Decay rate of the first moment, in [0, 1). Default 0.9. */
  beta1?: number;
  /** Decay rate of the second moment, in [0, 1). Default 0.999. */
  beta2?: number;
  /** Added to the root of the second moment, outside the root. Default 1e-8. */
  epsilon?: number;
}

/**
 * Adam (Kingma & Ba, arXiv:1412.6980), as torch.optim.Adam: at a variable's t-th update, t from 1,
 *
 *     m = m + (1 - beta1) * (g - m)             v = beta2 * v + (1 - beta2) * g^2
 *     p = p - learningRate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
 *
 * Weight decay is the L2 form (added to g), not AdamW's. The powers are computed in doubles.
 */
export class AdamOptimizer extends TorchOptimizer {
  static readonly className = "TorchAdam";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;

  constructor({beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, ...common}: AdamOptions) {
    super(common);
    this.beta1 = checkDecayRate("beta1", beta1);
    this.beta2 = checkDecayRate("beta2", beta2);
    this.epsilon = checkNonNegative("epsilon", epsilon);
  }

  protected override slotNames(): readonly SlotName[] {
    return ["m", "v"];
  }

  protected override rule(p: tf.Tensor, g: tf.Tensor, slots: Update["slots"], update: number): Update {
    const {beta1, beta2, epsilon, learningRate} = this;
    const oldM = slots.m ?? tf.zerosLike(p);
    const oldV = slots.v ?? tf.zerosLike(p);
    const m = tf.add(oldM, tf.mul(tf.sub(g, oldM), 1 - beta1));
    const v = tf.add(tf.mul(oldV, beta2), tf.mul(tf.mul(g, 1 - beta2), g));
    const denominator = tf.add(tf.div(tf.sqrt(v), Math.sqrt(1 - beta2 ** update)), epsilon);
    const step = tf.div(tf.mul(m, learningRate / (1 - beta1 ** update)), denominator);
    return {value: tf.sub(p, step), slots: {m, v}};
  }

  protected override nativeRule(
    p: tf.Tensor,
    gradient: tf.Tensor,
    slots: Update["slots"],
    update: number,
    decay: number,
  ): Update | undefined {
    if (!hasOperation("MultiprizeAdam")) return undefined;
    const {beta1, beta2, epsilon, learningRate, clipValue = 0} = this;
    const rate = learningRate / (1 - beta1 ** update);
    const root = Math.sqrt(1 - beta2 ** update);
    const hyper = tf.tensor1d([rate, 1 - beta1, beta2, 1 - beta2, root, epsilon, decay, clipValue]);
    const inputs = [p, gradient, slots.m ?? tf.zerosLike(p), slots.v ?? tf.zerosLike(p), hyper];
    const [value, m, v] = runOperation("MultiprizeAdam", inputs);
    return {value, slots: {m, v}};
  }

  override getConfig(): tf.serialization.ConfigDict {
    const {beta1, beta2, epsilon} = this;
    return {...super.getConfig(), beta1, beta2, epsilon};
  }
}
tf.serialization.registerClass(AdamOptimizer);

/** `adam({learningRate: 0.1})`; see AdamOptimizer. */
export function adam(options: AdamOptions): AdamOptimizer {
  return new AdamOptimizer(options);
}
