import * as tf from "@tensorflow/tfjs";
import {gainKinds, hasOperation, runOperation} from "../backend/operations";
import {type GainContext, type GainRule, gainRules, meanKeptDenominator} from "../core/gain";
import type {Method} from "./method";

export interface SelectSettings {
  readonly method: Method;
  readonly gain: GainRule;
  readonly context: GainContext;
  readonly boundary: LayerBoundary;
}

/**
 * `kept` weights in all: those whose magnitude's bits are at least `least`, and the first `ties` of those one below.
 * Without them they are the `kept` largest of the layer itself.
 */
export interface LayerBoundary {
  readonly kept: number;
  readonly least?: number;
  readonly ties?: number;
}

/**
 * W_eff in one native operation, or undefined where it cannot be had: no such operation, a gain rule of the user's
 * own, or a layer that keeps nothing (whose error the plain path words).
 */
export function selectOperation(
  scores: tf.Tensor,
  weights: tf.Tensor,
  weightValues: () => Float32Array,
  settings: SelectSettings,
): tf.Tensor | undefined {
  if (!hasOperation("MultiprizeSelect")) return undefined;
  const {kept, least, ties} = settings.boundary;
  const gain = gainAttributes(settings, scores.size, weightValues);
  if (gain === undefined || kept === 0) return undefined;
  const {kind, denominator, given} = gain;
  if (least === undefined || ties === undefined) {
    const ints = {keep: kept, gain: kind, denominator};
    return runOperation("MultiprizeSelect", [scores, weights], {ints, floats: {given}})[0];
  }
  // TensorFlow keeps one kernel for each set of attributes: what changes from step to step comes as a tensor.
  const at = tf.tensor1d([least, ties, kept], "int32");
  const ints = {keep: 1, gain: kind, denominator: 1};
  const [effective] = runOperation("MultiprizeSelectAt", [scores, weights, at], {ints, floats: {given}});
  at.dispose();
  return effective;
}

/** How the gain is had from the kept weights, or the gain itself. */
export interface GainAttributes {
  readonly kind: number;
  readonly denominator: number;
  readonly given: number;
}

/** Undefined for a rule of the user's own, and where nothing is left to take the gain over. */
export function gainAttributes(
  {method, gain, context, boundary}: SelectSettings,
  n: number,
  weightValues: () => Float32Array,
): GainAttributes | undefined {
  if (method === "edge-popup") return {kind: gainKinds.none, denominator: 1, given: 1};
  switch (gain) {
    case "mean-kept": {
      const denominator = meanKeptDenominator(n, boundary.kept, context);
      return denominator > 0 ? {kind: gainKinds.meanKept, denominator, given: 0} : undefined;
    }
    case "rms-kept":
      return {kind: gainKinds.rmsKept, denominator: 1, given: 0};
    case "mean-all":
    case "one":
    case "unit":
      return {
        kind: gainKinds.given,
        denominator: 1,
        given: gainRules[gain](weightValues(), new Uint8Array(0), context),
      };
    default:
      return undefined;
  }
}
