import * as tf from "@tensorflow/tfjs";
import {NEAR_ZERO} from "../core/sign";
import {settledSums} from "./settledSums";

/**
 * y, but 0 where |y| ≤ NEAR_ZERO · α, for sums y of ±α·x. A sign right behind them often sees a zero (of bits, or of
 * equal pixels), which an engine's rounding would give a sign of its own.
 */
export function nearZeroIsZero<T extends tf.Tensor>(y: T, weights: tf.Tensor): T {
  return settledSums(y, weights, (sums, gain) =>
    tf.where(sums.abs().lessEqual(gain.mul(NEAR_ZERO)), tf.zerosLike(sums), sums),
  );
}
