import * as tf from "@tensorflow/tfjs";
import {type BatchNormMode, batchNormModes} from "../network/batchNormMode";
import {signActivation} from "./binaryActivation";
import {layerArguments, onlyShape, onlyTensor} from "./layerParts";
import {normalizeBatch, normalizeBatchTwice} from "./normalizeBatch";
import {keepOther} from "./otherWay";
import {runningStatistics} from "./runningStatistics";
import {surrogates} from "./surrogates";

/** Options of a batch norm. */
export interface BatchNormOptions {
  readonly mode?: BatchNormMode;
  /** Share of the batch's statistics in the running ones, PyTorch's `momentum` (Keras gives 1 minus this). */
  readonly momentum?: number;
  readonly epsilon?: number;
  /** ReLU behind it: max(y, 0). */
  readonly relu?: boolean;
  /** The binary activation behind it, with the surrogate `bi-real`. */
  readonly sign?: boolean;
  /** It takes a second input of the same shape, which is added to what it gives, before a ReLU. */
  readonly adds?: boolean;
  /** What it gives, behind a ReLU, goes two ways, the other by `otherWay`; it sums their gradients in its own passes. */
  readonly twice?: boolean;
  readonly name?: string;
}

/**
 * Batch normalisation over all axes but the last (channels), as PyTorch's: x̂ = (x − mean)/√(variance + ε) with the
 * batch's biased variance in training; running ← (1−m)·running + m·batch with the *unbiased* variance; at test time
 * the running values. Input [batch, h, w, c] or [batch, c].
 */
export class BatchNorm extends tf.layers.Layer {
  /** What TensorFlow.js registers the layer as, and saved models name it by. */
  static className = "MultiprizeBatchNorm";
  readonly mode: BatchNormMode;
  readonly momentum: number;
  readonly epsilon: number;
  readonly relu: boolean;
  readonly sign: boolean;
  readonly adds: boolean;
  readonly twice: boolean;
  private gamma: tf.LayerVariable | undefined;
  private beta: tf.LayerVariable | undefined;
  private runningMean!: tf.LayerVariable;
  private runningVariance!: tf.LayerVariable;

  constructor(options: BatchNormOptions = {}) {
    super(layerArguments(options));
    this.mode = options.mode ?? "none";
    this.momentum = options.momentum ?? 0.1;
    this.epsilon = options.epsilon ?? 1e-5;
    this.relu = options.relu ?? false;
    this.sign = options.sign ?? false;
    this.adds = options.adds ?? false;
    this.twice = options.twice ?? false;
    if (this.sign && (this.relu || this.adds)) {
      throw new RangeError("a batch norm with a sign behind it has neither ReLU nor sum");
    }
    if (this.twice && !this.relu) throw new RangeError("a batch norm gives twice behind a ReLU alone");
    if (!batchNormModes.includes(this.mode)) {
      throw new RangeError(`unknown batch norm mode "${this.mode}"; choose ${batchNormModes.join(", ")}`);
    }
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = onlyShape(inputShape).at(-1);
    if (channels == null) throw new RangeError(`${this.name} needs a known channel count`);
    const value = (name: string, start: "ones" | "zeros", trained: boolean): tf.LayerVariable =>
      this.addWeight(name, [channels], "float32", tf.initializers[start]() as never, undefined, trained);
    if (this.mode !== "none") {
      this.gamma = value("gamma", "ones", this.mode === "learned");
      this.beta = value("beta", "zeros", this.mode !== "frozen");
    }
    this.runningMean = value("runningMean", "zeros", false);
    this.runningVariance = value("runningVariance", "ones", false);
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor {
    const [y, again] = tf.tidy(() => [this.normalized(inputs, kwargs)].flat());
    if (again) keepOther(y, again);
    return y;
  }

  /** y, and y again where it is wanted twice. */
  private normalized(
    inputs: tf.Tensor | tf.Tensor[],
    kwargs: Record<string, unknown>,
  ): tf.Tensor | tf.Tensor[] {
    const {x, addend} = this.taken(inputs);
    const gamma = this.gamma?.read() ?? tf.ones([x.shape.at(-1)!]);
    const beta = this.beta?.read() ?? tf.zeros([x.shape.at(-1)!]);
    if (kwargs.training) {
      const {epsilon, relu, sign} = this;
      const observe = (mean: tf.Tensor, variance: tf.Tensor): void =>
        this.updateRunning(mean, variance, x.size / mean.size);
      return this.twice
        ? normalizeBatchTwice(x, gamma, beta, {epsilon, addend}, observe)
        : normalizeBatch(x, gamma, beta, {epsilon, addend, relu, sign}, observe);
    }
    const scale = gamma.div(tf.sqrt(this.runningVariance.read().add(this.epsilon)));
    const shift = beta.sub(this.runningMean.read().mul(scale));
    const normal = x.mul(scale).add(shift);
    const y = addend ? normal.add(addend) : normal;
    if (this.sign) return signActivation(y, surrogates["bi-real"]);
    return this.relu ? tf.relu(y) : y;
  }

  /** The live variables; γ and β are there unless the mode is `none`. */
  variables(): Record<"runningMean" | "runningVariance", tf.Variable> &
    Partial<Record<"gamma" | "beta", tf.Variable>> {
    const live = (variable: tf.LayerVariable): tf.Variable => variable.read() as tf.Variable;
    return {
      runningMean: live(this.runningMean),
      runningVariance: live(this.runningVariance),
      ...(this.gamma && this.beta ? {gamma: live(this.gamma), beta: live(this.beta)} : {}),
    };
  }

  override getConfig(): tf.serialization.ConfigDict {
    const {mode, momentum, epsilon, relu, sign, adds, twice} = this;
    return {...super.getConfig(), mode, momentum, epsilon, relu, sign, adds, twice};
  }

  private taken(inputs: tf.Tensor | tf.Tensor[]): {x: tf.Tensor; addend?: tf.Tensor} {
    if (!this.adds) return {x: onlyTensor(inputs)};
    if (!Array.isArray(inputs) || inputs.length !== 2) {
      throw new RangeError(`${this.name} takes two inputs: what it normalises and what it adds`);
    }
    return {x: inputs[0], addend: inputs[1]};
  }

  /** `count` values went into each mean and variance; with one alone the unbiased variance does not exist. */
  private updateRunning(mean: tf.Tensor, variance: tf.Tensor, count: number): void {
    if (count < 2)
      throw new RangeError(`${this.name}: batch norm needs more than one value a channel to train`);
    const running = [this.runningMean.read(), this.runningVariance.read()] as const;
    const [newMean, newVariance] = runningStatistics([mean, variance], running, this.momentum, count);
    this.runningMean.write(newMean);
    this.runningVariance.write(newVariance);
  }
}
tf.serialization.registerClass(BatchNorm);

/** A batch norm over the last axis: [batch, …, channels] to the same shape. RangeError for an unknown mode. */
export function batchNorm(options: BatchNormOptions = {}): BatchNorm {
  return new BatchNorm(options);
}
