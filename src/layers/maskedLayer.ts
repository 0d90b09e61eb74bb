import * as tf from "@tensorflow/tfjs";
import {fanOf} from "../core/fan";
import {gainRuleNamed} from "../core/gain";
import {gainRuleOf} from "../core/layerGain";
import {checkKeepFraction, topKMask} from "../core/mask";
import {binarize, prune} from "../core/quantize";
import {startScores} from "../core/scores";
import {randomWeights} from "../core/weights";
import {HeldTensor} from "./heldTensor";
import {GivenValues, type LayerArguments, layerArguments} from "./layerParts";
import {gainGradient, LearnedGain} from "./learnedGain";
import {type MaskedOptions, optionsConfig, type Resolved, resolvedOptions} from "./maskedOptions";
import {binarises} from "./method";
import {scoreGradientNamed} from "./scoreGradients";
import type {Selectable} from "./selection";
import {selectOperation} from "./selectOperation";
import {forgetSortedGraphs} from "./sortedGraphs";

/** A selection, and what it was made from. */
interface Selected {
  readonly version: object;
  readonly gainVersion: object | undefined;
  readonly weights: Float32Array;
  readonly mask: Uint8Array;
  readonly gain: number;
  readonly effective: Float32Array;
}

/**
 * What masked convolutions and masked dense layers share: frozen random weights W, scores S of the same shape, and
 * the effective weights W_eff that the forward pass uses. For biprop W_eff = α · M ⊙ sign(W), backward
 * dL/dS = dL/dW_eff ⊙ W ⊙ sign(S). The mask is selected anew only when scores or weights have changed.
 */
export abstract class MaskedLayer extends tf.layers.Layer implements Selectable {
  readonly options: Resolved;
  private weightVariable!: tf.LayerVariable;
  private scoreVariable: tf.LayerVariable | undefined;
  private learnedGain: LearnedGain | undefined;
  private share: number;
  private weightShape: number[] = [];
  private weightArray: {version: object; values: Float32Array} | undefined;
  private selected: Selected | undefined;
  private readonly held = new HeldTensor();

  protected constructor(options: MaskedOptions & LayerArguments) {
    super(layerArguments(options));
    this.options = resolvedOptions(options);
    this.share = this.options.keepFraction;
  }

  protected buildWeights(shape: number[]): void {
    const {method, keepFraction, seed, selection, weights: rule, fan, scores} = this.options;
    this.weightShape = shape;
    const values = randomWeights(shape, {rule, fan, keepFraction, seed, name: this.name});
    this.weightVariable = this.addWeight(
      "weights",
      shape,
      "float32",
      new GivenValues(values) as never,
      undefined,
      method === "dense",
    );
    if (method !== "dense") {
      const start = startScores(values, shape, {rule: scores, seed, name: this.name});
      this.scoreVariable = this.addWeight(
        "scores",
        shape,
        "float32",
        new GivenValues(start) as never,
        undefined,
        method !== "random-mask",
      );
      if (selection !== "layerwise") selection.add(this);
      if (this.options.gain === "learned" && binarises(method)) this.buildLearnedGain(values, start);
    }
    this.built = true;
  }

  private buildLearnedGain(weights: Float32Array, scores: Float32Array): void {
    const {keepFraction, method, ranking} = this.options;
    const context = {keepFraction, fanIn: fanOf(this.weightShape).in, selection: "layerwise"} as const;
    const start = gainRuleNamed(gainRuleOf("learned"))(
      weights,
      topKMask(scores, keepFraction, ranking),
      context,
    );
    const zero = new GivenValues(Float32Array.of(0)) as never;
    const variable = this.addWeight("gain", [], "float32", zero, undefined, method !== "random-mask");
    this.learnedGain = new LearnedGain(start, variable);
  }

  /** The share kept now: the option's, or what a schedule has set; layerwise selection alone heeds it. */
  get keepFraction(): number {
    return this.share;
  }

  set keepFraction(share: number) {
    checkKeepFraction(share);
    if (share === this.share) return;
    this.share = share;
    this.selected = undefined;
    this.release();
  }

  /** W_eff, shape as W, differentiable in the scores (in W for dense). Call it inside tf.tidy. */
  protected effectiveWeights(): tf.Tensor {
    const weights = this.weightVariable.read();
    if (this.scoreVariable === undefined) return weights;
    const toScores = scoreGradientNamed(this.options.scoreGradient);
    const signed = this.options.ranking === "signed";
    const gain = this.learnedGain;
    const select = tf.customGrad((...args: unknown[]) => {
      const [scores] = args as tf.Tensor[];
      const save = args.at(-1) as tf.GradSaveFunc;
      const value = this.held.of(() => this.madeFrom()) ?? this.selectedWeights(scores, weights);
      save(gain ? [scores, value] : [scores]);
      const gradFunc = (dEffective: tf.Tensor, [s, effective]: tf.Tensor[]): tf.Tensor | tf.Tensor[] => {
        const dScores = toScores(dEffective, weights, signed ? tf.abs(s) : s);
        return gain ? [dScores, gainGradient(dEffective, effective)] : dScores;
      };
      return {value, gradFunc};
    });
    const scores = this.scoreVariable.read();
    return gain ? select(scores, gain.variable) : select(scores);
  }

  private selectedWeights(scores: tf.Tensor, weights: tf.Tensor): tf.Tensor {
    return this.selectNatively(scores, weights) ?? tf.tensor(this.select().effective, this.weightShape);
  }

  /** Computes W_eff now and keeps it for all calls until `release`, or until what it is made from changes. */
  hold(): void {
    const {weights, scores} = this.variables();
    if (scores === undefined) return;
    const effective = tf.tidy(() => tf.keep(this.selectedWeights(scores, weights)));
    this.held.hold(this.madeFrom(), effective);
  }

  release(): void {
    this.held.release();
  }

  /** What W_eff is made from; a selection over more layers gives another object when one of them changes. */
  private madeFrom(): readonly unknown[] {
    const {selection} = this.options;
    const outside = selection === "layerwise" ? [] : [selection.boundaryOf?.(this) ?? selection.maskOf(this)];
    return [this.variables().weights.dataId, this.scoresVersion(), this.gainVersion(), ...outside];
  }

  /** M, flattened from the weights' shape; all ones for dense. */
  mask(): Uint8Array {
    return this.scoreVariable === undefined
      ? new Uint8Array(this.weightValues().length).fill(1)
      : this.select().mask;
  }

  /** Weights kept: the ones of M. */
  kept(): number {
    return this.mask().reduce((sum, m) => sum + m, 0);
  }

  /** α of a binarised layer; edge-popup and dense have none, which is 1. */
  gain(): number {
    return binarises(this.options.method) ? this.select().gain : 1;
  }

  /** W_eff as numbers. */
  effectiveValues(): Float32Array {
    return this.scoreVariable === undefined ? this.weightValues() : this.select().effective;
  }

  weightValues(): Float32Array {
    const variable = this.variables().weights;
    if (this.weightArray?.version !== variable.dataId) {
      this.weightArray = {version: variable.dataId, values: variable.dataSync() as Float32Array};
    }
    return this.weightArray.values;
  }

  scoreTensor(): tf.Variable {
    const {scores} = this.variables();
    if (scores === undefined) throw new RangeError(`layer ${this.name} is dense: it has no scores`);
    return scores;
  }

  scoreValues(): Float32Array {
    return this.scoreTensor().dataSync() as Float32Array;
  }

  scoresVersion(): object {
    return this.scoreTensor().dataId;
  }

  private gainVersion(): object | undefined {
    return this.learnedGain?.variable.dataId;
  }

  /** The live variables of W, S and a learned gain's g; assigning to one makes its layer select anew. */
  variables(): {
    weights: tf.Variable;
    scores: tf.Variable | undefined;
    gain: tf.Variable | undefined;
  } {
    if (!this.built) throw new RangeError(`layer ${this.name} is not built yet: put it into a model first`);
    return {
      weights: this.weightVariable.read() as tf.Variable,
      scores: this.scoreVariable?.read() as tf.Variable | undefined,
      gain: this.learnedGain?.variable,
    };
  }

  /** Undefined where the native operation cannot do it; it ranks by magnitude. */
  private selectNatively(scores: tf.Tensor, weights: tf.Tensor): tf.Tensor | undefined {
    const {selection, method, gain, ranking} = this.options;
    const layerwise = selection === "layerwise";
    const boundary = layerwise ? undefined : selection.boundaryOf?.(this);
    if (ranking === "signed" || (!layerwise && boundary === undefined)) return undefined;
    const keepFraction = layerwise ? this.share : selection.keepFraction;
    const {learnedGain} = this;
    const rule = learnedGain ? "one" : gainRuleOf(gain);
    const settings = {method, keepFraction, gain: rule, fanIn: fanOf(this.weightShape).in, boundary};
    const selected = selectOperation(scores, weights, () => this.weightValues(), settings);
    return learnedGain ? selected?.mul(learnedGain.value()) : selected;
  }

  private select(): Selected {
    const version = this.scoresVersion();
    const gainVersion = this.gainVersion();
    const {selection, method, gain: rule, ranking} = this.options;
    const global = selection !== "layerwise";
    const mask = global ? selection.maskOf(this) : undefined;
    const weights = this.weightValues();
    const current = this.selected;
    const same =
      current?.version === version && current.gainVersion === gainVersion && current.weights === weights;
    if (current !== undefined && same && (mask === undefined || mask === current.mask)) return current;
    const chosen = mask ?? topKMask(this.scoreValues(), this.share, ranking);
    const context = {
      keepFraction: global ? selection.keepFraction : this.share,
      fanIn: fanOf(this.weightShape).in,
      selection: global ? "global" : "layerwise",
    } as const;
    const ruled = (): number =>
      this.learnedGain?.value() ?? gainRuleNamed(gainRuleOf(rule))(weights, chosen, context);
    const gain = binarises(method) ? ruled() : 1;
    if (!Number.isFinite(gain))
      throw new RangeError(`the gain of layer ${this.name} must be a finite number, got ${gain}`);
    const effective = binarises(method) ? binarize(weights, chosen, gain) : prune(weights, chosen);
    this.selected = {version, gainVersion, weights, mask: chosen, gain, effective};
    return this.selected;
  }

  /** Called when the last model that has the layer is disposed of. */
  protected override disposeWeights(): number {
    this.release();
    forgetSortedGraphs();
    return super.disposeWeights();
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {...super.getConfig(), ...optionsConfig(this.name, this.options)};
  }
}
