import * as tf from "@tensorflow/tfjs";
import {UserError} from "../core/errors";
import {fanOf} from "../core/fan";
import type {LayerGain} from "../core/layerGain";
import {startScores} from "../core/scores";
import {randomWeights} from "../core/weights";
import {EffectiveWeights} from "./effectiveWeights";
import {Latest} from "./latest";
import {GivenValues, type LayerArguments, layerArguments} from "./layerParts";
import {LearnedGain, learnedGainStart} from "./learnedGain";
import {type MaskedOptions, optionsConfig, type Resolved, resolvedOptions} from "./maskedOptions";
import {binarises} from "./method";
import {LayerwiseSelection, type MaskSource, type Selectable} from "./selection";
import type {SelectTogether} from "./selectTogether";
import {forgetSortedGraphs} from "./sortedGraphs";

/**
 * What masked convolutions and masked dense layers share: frozen random weights W, scores S of the same shape, and
 * the effective weights W_eff that the forward pass uses. For biprop W_eff = α · M ⊙ sign(W), backward
 * dL/dS = dL/dW_eff ⊙ W ⊙ sign(S). The mask is recomputed only when scores or weights have changed.
 */
export abstract class MaskedLayer extends tf.layers.Layer implements Selectable {
  private resolved: Resolved;
  private readonly selection: MaskSource;
  private weightVariable!: tf.LayerVariable;
  private scoreVariable: tf.LayerVariable | undefined;
  private learnedGain: LearnedGain | undefined;
  /** None of a dense layer, whose W is W_eff. */
  private effective: EffectiveWeights | undefined;
  private readonly weightArray = new Latest<Float32Array>();

  /** `own`: the names of the options that this kind of layer has beside those of all. */
  protected constructor(options: MaskedOptions & LayerArguments, own: readonly string[]) {
    super(layerArguments(options));
    this.resolved = resolvedOptions(options, this.name, own);
    const {selection, keepFraction, ranking} = this.options;
    this.selection = selection === "layerwise" ? new LayerwiseSelection(keepFraction, ranking) : selection;
  }

  /** As given, with defaults, but for a gain that was turned. */
  get options(): Resolved {
    return this.resolved;
  }

  protected buildWeights(shape: number[]): void {
    const {method, keepFraction, seed, weights: rule, fan, scores} = this.options;
    const values = randomWeights(shape, {rule, fan, keepFraction, seed, name: this.name});
    this.weightVariable = this.add("weights", shape, values, method === "dense");
    if (method !== "dense") {
      const start = startScores(values, shape, {rule: scores, seed, name: this.name});
      this.scoreVariable = this.add("scores", shape, start, method !== "random-mask");
      this.buildSelection(shape, values, start);
    }
    this.built = true;
  }

  private buildSelection(shape: number[], weights: Float32Array, scores: Float32Array): void {
    const {options, selection} = this;
    const {method, gain} = options;
    const fanIn = fanOf(shape).in;
    selection.add(this);
    if (gain === "learned" && binarises(method)) {
      const variable = this.add("gain", [], Float32Array.of(0), method !== "random-mask");
      this.learnedGain = new LearnedGain(learnedGainStart(weights, scores, fanIn, options), variable);
    }
    this.effective = new EffectiveWeights({
      ...{layer: this, weights: this.weightVariable.read() as tf.Variable, shape, fanIn},
      ...{weightValues: () => this.weightValues(), selection, learnedGain: this.learnedGain},
      options: () => this.resolved,
    });
  }

  private add(name: string, shape: number[], values: Float32Array, trained: boolean): tf.LayerVariable {
    return this.addWeight(name, shape, "float32", new GivenValues(values) as never, undefined, trained);
  }

  /** The share kept now: the option's, or what a schedule has set. */
  get keepFraction(): number {
    return this.selection.keepFraction;
  }

  /** RangeError where the mask comes from outside: the share is then that selection's. */
  set keepFraction(share: number) {
    if (!(this.selection instanceof LayerwiseSelection))
      throw new RangeError(`layer ${this.name} takes its mask from outside: set the share of that selection`);
    this.selection.keepFraction = share;
  }

  /** Another gain from the next step on. UserError where it is learned, or would be: that takes a variable from the start. */
  turnGain(gain: LayerGain, gainFactor: number): void {
    const {options} = this;
    if (gain === options.gain && gainFactor === options.gainFactor) return;
    if (gain !== options.gain && (gain === "learned" || options.gain === "learned"))
      throw new UserError("a learned gain is learned from the first step on: begin another search for it");
    this.resolved = resolvedOptions({...options, gain, gainFactor});
    this.effective?.forget();
  }

  /** W_eff, shape as W, differentiable in the scores (in W for dense). Call it inside tf.tidy. */
  protected effectiveWeights(): tf.Tensor {
    return this.effective?.tensor() ?? this.weightVariable.read();
  }

  /** Has it selected together with other layers, where the backend can. */
  joinSelection(together: SelectTogether): void {
    this.effective?.join(together);
  }

  /** Computes W_eff now and keeps it for all calls until `release`, or until what it is made from changes. */
  hold(): void {
    this.effective?.hold();
  }

  /** Lets go of the tensors that are remembered; they are made again where needed. */
  release(): void {
    this.effective?.release();
  }

  /** M, flattened from the weights' shape; all ones for dense. */
  mask(): Uint8Array {
    return this.effective?.values().mask ?? new Uint8Array(this.weightValues().length).fill(1);
  }

  /** Weights kept: the ones of M. */
  kept(): number {
    return this.mask().reduce((sum, m) => sum + m, 0);
  }

  /** α of a binarised layer; edge-popup and dense have none, which is 1. */
  gain(): number {
    this.variables();
    return this.effective && binarises(this.options.method) ? this.effective.values().gain : 1;
  }

  /** W_eff as numbers. */
  effectiveValues(): Float32Array {
    return this.effective?.values().effective ?? this.weightValues();
  }

  /** W, flattened: HWIO of a convolution, IO of a dense layer. */
  weightValues(): Float32Array {
    const {weights} = this.variables();
    return this.weightArray.of([weights.dataId], () => weights.dataSync() as Float32Array);
  }

  /** s as the variable that the search moves, of the weights' shape. RangeError where the layer is dense. */
  scoreTensor(): tf.Variable {
    const {scores} = this.variables();
    if (scores === undefined) throw new RangeError(`layer ${this.name} is dense: it has no scores`);
    return scores;
  }

  /** s, flattened as the weights are. RangeError where the layer is dense. */
  scoreValues(): Float32Array {
    return this.scoreTensor().dataSync() as Float32Array;
  }

  scoresVersion(): object {
    return this.scoreTensor().dataId;
  }

  /** The live variables of W, S and a learned gain's g; assigning to one makes its layer select again. */
  variables(): {weights: tf.Variable; scores: tf.Variable | undefined; gain: tf.Variable | undefined} {
    if (!this.built) throw new RangeError(`layer ${this.name} is not built yet: put it into a model first`);
    return {
      weights: this.weightVariable.read() as tf.Variable,
      scores: this.scoreVariable?.read() as tf.Variable | undefined,
      gain: this.learnedGain?.variable,
    };
  }

  /** Called when the last model that has the layer is disposed of. */
  protected override disposeWeights(): number {
    this.effective?.forget();
    this.weightArray.forget();
    forgetSortedGraphs();
    return super.disposeWeights();
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {...super.getConfig(), ...optionsConfig(this.name, this.options)};
  }
}
