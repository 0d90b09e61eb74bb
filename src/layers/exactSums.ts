import type * as tf from "@tensorflow/tfjs";
import {settledSums} from "./settledSums";

/**
 * y rounded to whole multiples of α · step, for sums y of ±α·x over inputs x that are whole multiples of `step`: they
 * are so but for the rounding of the sum. Equal sums are then equal, as they are on bits.
 */
export function exactSums<T extends tf.Tensor>(y: T, weights: tf.Tensor, step: number): T {
  return settledSums(y, weights, (sums, gain) => {
    const unit = gain.mul(step);
    return sums.divNoNan(unit).round().mul(unit);
  });
}
