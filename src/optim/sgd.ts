import * as tf from "@tensorflow/tfjs";
import {hasOperation, runOperation} from "../backend/operations";
import {checkDecayRate, checkNumber} from "./check";
import {type CommonOptions, TorchOptimizer, type Update} from "./optimizer";
import type {SlotName} from "./state";

/** Options of SGD. */
export interface SgdOptions extends CommonOptions {
  /** Share of the old buffer that stays, in [0, 1). Default 0: no buffer. */
  momentum?: number;
  /** Share of the new gradient that is left out of the buffer, in [0, 1]. Default 0. */
  dampening?: number;
  /** Looks one step ahead; needs momentum > 0 and dampening 0. Default false. */
  nesterov?: boolean;
}

/**
 * Stochastic gradient descent, as torch.optim.SGD:
 *
 *     b = g at a variable's first update, then momentum * b + (1 - dampening) * g
 *     p = p - learningRate * b            nesterov: p - learningRate * (g + momentum * b)
 */
export class SgdOptimizer extends TorchOptimizer {
  static readonly className = "TorchSgd";
  readonly momentum: number;
  readonly dampening: number;
  readonly nesterov: boolean;

  constructor({momentum = 0, dampening = 0, nesterov = false, ...common}: SgdOptions) {
    super(common);
    this.momentum = checkDecayRate("momentum", momentum);
    this.dampening = checkNumber("dampening", dampening, "in [0, 1]", d => d >= 0 && d <= 1);
    this.nesterov = nesterov;
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new RangeError(
        `nesterov needs momentum > 0 and dampening 0, got momentum ${momentum} and dampening ${dampening}`,
      );
    }
  }

  protected override slotNames(): readonly SlotName[] {
    return this.momentum > 0 ? ["momentum"] : [];
  }

  protected override rule(p: tf.Tensor, g: tf.Tensor, slots: Update["slots"]): Update {
    const {momentum, dampening, learningRate} = this;
    if (momentum === 0) return {value: tf.sub(p, tf.mul(g, learningRate)), slots: {}};
    const fresh = dampening === 0 ? g : tf.mul(g, 1 - dampening);
    const buffer = slots.momentum === undefined ? g : tf.add(tf.mul(slots.momentum, momentum), fresh);
    const direction = this.nesterov ? tf.add(g, tf.mul(buffer, momentum)) : buffer;
    return {value: tf.sub(p, tf.mul(direction, learningRate)), slots: {momentum: buffer}};
  }

  protected override nativeRule(
    p: tf.Tensor,
    gradient: tf.Tensor,
    slots: Update["slots"],
    _update: number,
    decay: number,
  ): Update | undefined {
    const {momentum, nesterov, learningRate, clipValue = 0} = this;
    if (momentum === 0 || !hasOperation("MultiprizeSgd")) return undefined;
    const dampening = slots.momentum === undefined ? 0 : this.dampening;
    const hyper = tf.tensor1d([learningRate, momentum, dampening, nesterov ? 1 : 0, decay, clipValue]);
    const inputs = [p, gradient, slots.momentum ?? tf.zerosLike(p), hyper];
    const [value, buffer] = runOperation("MultiprizeSgd", inputs);
    return {value, slots: {momentum: buffer}};
  }

  override getConfig(): tf.serialization.ConfigDict {
    const {momentum, dampening, nesterov} = this;
    return {...super.getConfig(), momentum, dampening, nesterov};
  }
}
tf.serialization.registerClass(SgdOptimizer);

/** `sgd({learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4})`; see SgdOptimizer. */
export function sgd(options: SgdOptions): SgdOptimizer {
  return new SgdOptimizer(options);
}
