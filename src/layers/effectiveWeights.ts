import * as tf from "@tensorflow/tfjs";
import {type GainContext, gainRuleNamed} from "../core/gain";
import {gainRuleOf} from "../core/layerGain";
import {binarize, prune} from "../core/quantize";
import type {Ranking} from "../core/ranking";
import {Latest} from "./latest";
import {gainGradient, type LearnedGain} from "./learnedGain";
import type {Resolved} from "./maskedOptions";
import {binarises} from "./method";
import {scoreGradientNamed} from "./scoreGradients";
import type {MaskSource, Selectable} from "./selection";
import {
  type GainAttributes,
  gainAttributes,
  type LayerBoundary,
  type SelectSettings,
  selectOperation,
} from "./selectOperation";
import {SelectTogether, type TogetherLayer} from "./selectTogether";

/** What W_eff is made from. */
export interface Ingredients {
  /** Its scores S. */
  readonly layer: Selectable;
  readonly weights: tf.Variable;
  readonly weightValues: () => Float32Array;
  readonly shape: number[];
  readonly fanIn: number;
  readonly selection: MaskSource;
  readonly learnedGain: LearnedGain | undefined;
  /** Of this moment: a gain may be turned. */
  readonly options: () => Resolved;
}

/** M, α (1 where weights stay real) and W_eff as numbers, flattened from the layer's shape. */
export interface Selected {
  readonly mask: Uint8Array;
  readonly gain: number;
  readonly effective: Float32Array;
}

/** W_eff of a layer with scores, recomputed only when weights, scores, gain or the share kept have changed. */
export class EffectiveWeights implements TogetherLayer {
  private readonly selected = new Latest<Selected>();
  private readonly held = new Latest<tf.Tensor>(tensor => tensor.dispose());
  private together: SelectTogether | undefined;

  constructor(private readonly from: Ingredients) {}

  /** Has it selected together with others, where the backend can. */
  join(together: SelectTogether): void {
    together.add(this);
    this.together = together;
  }

  /** W_eff, shape as W, differentiable in the scores and a learned gain. Call it inside tf.tidy. */
  tensor(): tf.Tensor {
    const {layer, weights, learnedGain} = this.from;
    const options = this.from.options();
    const toScores = scoreGradientNamed(options.scoreGradient);
    const select = tf.customGrad((...args: unknown[]) => {
      const [scores] = args as tf.Tensor[];
      const save = args.at(-1) as tf.GradSaveFunc;
      const value = this.held.peek(() => this.madeFrom())?.clone() ?? this.selectedWeights();
      save(learnedGain ? [scores, value] : [scores]);
      const gradFunc = (dEffective: tf.Tensor, [s, effective]: tf.Tensor[]): tf.Tensor | tf.Tensor[] => {
        const dScores = toScores(dEffective, weights, options.ranking === "signed" ? tf.abs(s) : s);
        return learnedGain ? [dScores, gainGradient(dEffective, effective)] : dScores;
      };
      return {value, gradFunc};
    });
    return learnedGain ? select(layer.scoreTensor(), learnedGain.variable) : select(layer.scoreTensor());
  }

  /** The same as numbers. RangeError for a gain that is none. */
  values(): Selected {
    const {layer, weightValues, selection, learnedGain} = this.from;
    const options = this.from.options();
    const mask = selection.maskOf(layer);
    const weights = weightValues();
    return this.selected.of([mask, weights, learnedGain?.version()], () => {
      if (!binarises(options.method)) return {mask, gain: 1, effective: prune(weights, mask)};
      const rule = gainRuleNamed(gainRuleOf(options.gain));
      const gain = options.gainFactor * (learnedGain?.value() ?? rule(weights, mask, this.gainContext()));
      if (!Number.isFinite(gain))
        throw new RangeError(`the gain of layer ${layer.name} must be a finite number, got ${gain}`);
      return {mask, gain, effective: binarize(weights, mask, gain)};
    });
  }

  /** Computes W_eff now and keeps it for all calls until `release`, or until what it is made from changes. */
  hold(): void {
    this.held.of(this.madeFrom(), () => tf.tidy(() => tf.keep(this.selectedWeights())));
  }

  release(): void {
    this.held.forget();
  }

  /** Lets go of everything. */
  forget(): void {
    this.release();
    this.selected.forget();
    this.together?.release();
    this.from.selection.forget?.();
  }

  /** A selection gives another object when a layer or a share that it depends on has changed. */
  private madeFrom(): readonly unknown[] {
    const {layer, weights, selection, learnedGain} = this.from;
    const together = this.selectsTogether();
    if (together) return [...together.madeFrom(), learnedGain?.version()];
    const kept = selection.boundaryOf?.(layer) ?? selection.maskOf(layer);
    return [weights.dataId, layer.scoresVersion(), learnedGain?.version(), kept];
  }

  private selectedWeights(): tf.Tensor {
    const {shape, learnedGain} = this.from;
    const chosen = this.selectsTogether()?.of(this);
    if (chosen) return this.timesFactor(learnedGain ? chosen.mul(learnedGain.tensor()) : chosen);
    const native = this.selectNatively();
    if (native === undefined) return tf.tensor(this.values().effective, shape);
    return this.timesFactor(learnedGain ? native.mul(learnedGain.value()) : native);
  }

  /** A network whose weights stay real has no gain, and so no factor. */
  private timesFactor(effective: tf.Tensor): tf.Tensor {
    const {gainFactor, method} = this.from.options();
    return gainFactor === 1 || !binarises(method) ? effective : effective.mul(gainFactor);
  }

  /** Undefined where the native operation cannot do it. */
  private selectNatively(): tf.Tensor | undefined {
    const {layer, weights, weightValues, selection} = this.from;
    const boundary = selection.boundaryOf?.(layer);
    if (boundary === undefined) return undefined;
    return selectOperation(layer.scoreTensor(), weights, weightValues, this.settings(boundary));
  }

  private selectsTogether(): SelectTogether | undefined {
    if (!SelectTogether.serves()) return undefined;
    if (this.together === undefined && this.from.selection.kind === "layerwise")
      this.join(new SelectTogether());
    return this.together;
  }

  get keepFraction(): number {
    return this.from.selection.keepFraction;
  }

  variables(): {readonly weights: tf.Variable; readonly scores: tf.Tensor} {
    return {weights: this.from.weights, scores: this.from.layer.scoreTensor()};
  }

  gainAttributes(kept: number): GainAttributes | undefined {
    const {weights, weightValues} = this.from;
    return gainAttributes(this.settings({kept}), weights.size, weightValues);
  }

  get ranking(): Ranking {
    return this.from.options().ranking;
  }

  /** What an operation is told; a learned gain it leaves to be multiplied in. */
  private settings(boundary: LayerBoundary): SelectSettings {
    const {learnedGain} = this.from;
    const options = this.from.options();
    const gain = learnedGain ? "one" : gainRuleOf(options.gain);
    return {method: options.method, gain, context: this.gainContext(), boundary};
  }

  private gainContext(): GainContext {
    const {fanIn, selection} = this.from;
    const {keepFraction, kind = "global"} = selection;
    return {keepFraction, fanIn, selection: kind};
  }
}
