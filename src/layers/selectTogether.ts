import * as tf from "@tensorflow/tfjs";
import {gainKinds, hasOperation, runOperation} from "../backend/operations";
import {checkLater} from "../backend/readBack";
import {BLOCK} from "../backend/webgpu/selectPlan";
import {NotANumber} from "../core/errors";
import {keepCount} from "../core/mask";
import type {Ranking} from "../core/ranking";
import type {GlobalSelection} from "./globalSelection";
import {Latest} from "./latest";
import type {GainAttributes} from "./selectOperation";

/** A layer as a selection of many at once sees it. */
export interface TogetherLayer {
  readonly keepFraction: number;
  readonly ranking: Ranking;
  variables(): {readonly weights: tf.Tensor; readonly scores: tf.Tensor};
  /** How its gain is had if it keeps so many; undefined where only JavaScript can say. */
  gainAttributes(kept: number): GainAttributes | undefined;
}

/**
 * W_eff of all layers of a network in one operation, on a backend that has it: what a layer costs alone is mostly the
 * start of a dozen kernels. The first layer asked after scores have changed makes them for all. Scores that are no
 * numbers, and layers that global selection leaves empty, are told when numbers are next read back.
 */
export class SelectTogether {
  private readonly layers: TogetherLayer[] = [];
  private readonly weights = kept();
  private readonly plan = kept();
  private readonly effective = kept();

  constructor(private readonly global?: GlobalSelection | undefined) {}

  add(layer: TogetherLayer): void {
    this.layers.push(layer);
    this.release();
  }

  /** Whether the backend in use has the operation. */
  static serves(): boolean {
    return hasOperation("MultiprizeSelectAll");
  }

  /** What the layers' W_eff are made from, but for learned gains. */
  madeFrom(): readonly unknown[] {
    return [
      ...this.layers.flatMap(layer => {
        const {weights, scores} = layer.variables();
        return [weights.dataId, scores.dataId];
      }),
      ...(this.global ? [this.global.keepFraction] : this.layers.map(layer => layer.keepFraction)),
    ];
  }

  /** W_eff of a layer, the caller's to dispose of; undefined where it cannot be had so. */
  of(layer: TogetherLayer): tf.Tensor | undefined {
    const madeFrom = this.madeFrom();
    const all = this.effective.peek(() => madeFrom) ?? this.made(madeFrom);
    return all?.[this.layers.indexOf(layer)].clone();
  }

  private made(madeFrom: readonly unknown[]): tf.Tensor[] | undefined {
    const plan = this.planOf();
    return plan && this.effective.of(madeFrom, () => this.select(plan));
  }

  release(): void {
    for (const made of [this.weights, this.plan, this.effective]) made.forget();
  }

  private select(plan: tf.Tensor): tf.Tensor[] {
    const variables = this.layers.map(layer => layer.variables());
    const weights = variables.map(each => each.weights);
    const made = this.weights.of(
      weights.map(({dataId}) => dataId),
      () => runOperation("MultiprizeSpans", weights).map(tensor => tf.keep(tensor)),
    );
    const inputs = [plan, made[0], ...variables.map(({scores}) => scores)];
    const ints = {
      groups: this.global ? 1 : this.layers.length,
      signed: this.layers[0].ranking === "signed" ? 1 : 0,
    };
    const chosen = runOperation("MultiprizeSelectAll", inputs, {ints}).map(tensor => tf.keep(tensor));
    checkLater({tensor: chosen[this.layers.length], verify: report => this.verify(report)});
    return chosen.slice(0, -1);
  }

  private verify([notNumbers, ...kept]: tf.TypedArray): void {
    if (notNumbers !== 0) throw new NotANumber("scores");
    this.global?.refuseEmptyLayer(kept);
  }

  /** The operation's plan, as backend/webgpu/selectPlan reads it. */
  private planOf(): tf.Tensor | undefined {
    const {global} = this;
    const sizes = this.layers.map(layer => layer.variables().weights.size);
    const n = sizes.reduce((a, b) => a + b, 0);
    const keeps = global
      ? [keepCount(n, global.keepFraction)]
      : this.layers.map((layer, i) => keepCount(sizes[i], layer.keepFraction));
    const gains = this.layers.map((layer, i) => layer.gainAttributes(global ? 1 : keeps[i]));
    if (gains.includes(undefined) || keeps.includes(0)) return undefined;
    const blocks = sizes.map(size => Math.ceil(size / BLOCK));
    const begins = blocks.map((_, i) => blocks.slice(0, i).reduce((a, b) => a + b, 0));
    const all = blocks.reduce((a, b) => a + b, 0);
    const groups = global ? [[keeps[0], 0, all]] : keeps.map((keep, i) => [keep, begins[i], blocks[i]]);
    const layers = gains.map((gain, i) => {
      const {kind, denominator, given} = gain!;
      const own = global || kind !== gainKinds.meanKept ? 0 : denominator;
      return [global ? 0 : i, begins[i], sizes[i], kind, own, bitsOf(given)];
    });
    const head = [groups.length, layers.length, all];
    const ofBlocks = blocks.map((count, i) => Array<number>(count).fill(i));
    const values = [head, ...groups, ...layers, ...ofBlocks].flat();
    return this.plan.of(values, () => [tf.keep(tf.tensor1d(values, "int32"))])[0];
  }
}

/** Tensors that no tidy disposes of. */
function kept(): Latest<tf.Tensor[]> {
  return new Latest(tensors => tf.dispose(tensors));
}

function bitsOf(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0];
}
