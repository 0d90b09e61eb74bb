import type * as tf from "@tensorflow/tfjs";
import {hasOperation, runOperation} from "../backend/nativeOperations";
import {type GainRule, gainRules} from "../core/gain";
import {keepCount} from "../core/mask";
import type {Method} from "./method";

export interface SelectSettings {
  readonly method: Method;
  readonly keepFraction: number;
  readonly gain: GainRule;
  readonly fanIn: number;
}

/** How the native operation takes the gain; the numbers are those of kernels/select.cc. */
const MEAN_KEPT = 0;
const RMS_KEPT = 1;
const GIVEN = 2;
const NONE = 3;

/**
 * W_eff under layerwise selection in one native operation, or undefined where it cannot be had: no such operation, a
 * gain rule of the user's own, or a layer that keeps nothing (whose error the plain path words).
 */
export function selectOperation(
  scores: tf.Tensor,
  weights: tf.Tensor,
  weightValues: () => Float32Array,
  settings: SelectSettings,
): tf.Tensor | undefined {
  if (!hasOperation("MultiprizeSelect")) return undefined;
  const gain = gainAttributes(settings, scores.size, weightValues);
  const keep = keepCount(scores.size, settings.keepFraction);
  if (gain === undefined || keep === 0) return undefined;
  const {kind, denominator, given} = gain;
  try {
    return runOperation("MultiprizeSelect", [scores, weights], {
      ints: {keep, gain: kind, denominator},
      floats: {given},
    })[0];
  } catch (error) {
    // The binding puts TensorFlow's status code before what the kernel said.
    throw new RangeError((error as Error).message.replace(/^Invalid TF_Status: \d+\s*Message: /, ""));
  }
}

function gainAttributes(
  {method, gain, keepFraction, fanIn}: SelectSettings,
  n: number,
  weightValues: () => Float32Array,
): {kind: number; denominator: number; given: number} | undefined {
  if (method === "edge-popup") return {kind: NONE, denominator: 1, given: 1};
  switch (gain) {
    case "mean-kept": {
      const denominator = Math.trunc(keepFraction * n);
      return denominator > 0 ? {kind: MEAN_KEPT, denominator, given: 0} : undefined;
    }
    case "rms-kept":
      return {kind: RMS_KEPT, denominator: 1, given: 0};
    case "mean-all":
    case "one":
    case "unit": {
      const context = {keepFraction, fanIn, selection: "layerwise"} as const;
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
