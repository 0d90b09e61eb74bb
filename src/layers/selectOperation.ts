import * as tf from "@tensorflow/tfjs";
import {hasOperation, runOperation} from "../backend/nativeOperations";
import {type GainRule, gainRules} from "../core/gain";
import {keepCount} from "../core/mask";
import type {Method} from "./method";

export interface SelectSettings {
  readonly method: Method;
  readonly keepFraction: number;
  readonly gain: GainRule;
  readonly fanIn: number;
  /** What global selection leaves the layer; layerwise selection finds its own boundary. */
  readonly boundary?: LayerBoundary;
}

/** Kept are magnitudes whose bits are at least `least`, and the first `ties` of those one below: `kept` in all. */
export interface LayerBoundary {
  readonly least: number;
  readonly ties: number;
  readonly kept: number;
}

/** How the native operation takes the gain; the numbers are those of kernels/cpu/select.cc. */
const MEAN_KEPT = 0;
const RMS_KEPT = 1;
const GIVEN = 2;
const NONE = 3;

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
  const {boundary, keepFraction} = settings;
  const gain = gainAttributes(settings, scores.size, weightValues);
  const keep = boundary?.kept ?? keepCount(scores.size, keepFraction);
  if (gain === undefined || keep === 0) return undefined;
  const {kind, denominator, given} = gain;
  if (boundary === undefined) {
    const ints = {keep, gain: kind, denominator};
    return runOperation("MultiprizeSelect", [scores, weights], {ints, floats: {given}})[0];
  }
  // TensorFlow keeps one kernel for each set of attributes: what changes from step to step comes as a tensor.
  const at = tf.tensor1d([boundary.least, boundary.ties, boundary.kept], "int32");
  const ints = {keep: 1, gain: kind, denominator: 1};
  const [effective] = runOperation("MultiprizeSelectAt", [scores, weights, at], {ints, floats: {given}});
  at.dispose();
  return effective;
}

function gainAttributes(
  {method, gain, keepFraction, fanIn, boundary}: SelectSettings,
  n: number,
  weightValues: () => Float32Array,
): {kind: number; denominator: number; given: number} | undefined {
  if (method === "edge-popup") return {kind: NONE, denominator: 1, given: 1};
  switch (gain) {
    case "mean-kept": {
      const denominator = boundary?.kept ?? Math.trunc(keepFraction * n);
      return denominator > 0 ? {kind: MEAN_KEPT, denominator, given: 0} : undefined;
    }
    case "rms-kept":
      return {kind: RMS_KEPT, denominator: 1, given: 0};
    case "mean-all":
    case "one":
    case "unit": {
      const context = {keepFraction, fanIn, selection: boundary ? "global" : "layerwise"} as const;
      return {
        kind: GIVEN,
        denominator: 1,
        given: gainRules[gain](weightValues(), new Uint8Array(0), context),
      };
    }
    default:
      return undefined;
  }
}
