// Sums y of ±α·x, W_eff being ±α or 0, freed of what their rounding would decide: `settled` of the network says of which.
import * as tf from "@tensorflow/tfjs";
import {NEAR_ZERO} from "../core/sign";

/**
 * y, but 0 where |y| ≤ NEAR_ZERO · α. A sign right behind them often sees a zero (of bits, or of equal pixels), which an
 * engine's rounding would give a sign of its own. The gradient is y's own.
 */
export function nearZeroIsZero<T extends tf.Tensor>(y: T, weights: tf.Tensor): T {
  return settledSums(y, weights, (sums, gain) =>
    tf.where(sums.abs().lessEqual(gain.mul(NEAR_ZERO)), tf.zerosLike(sums), sums),
  );
}

/**
 * y rounded to whole multiples of α · step, where inputs x are whole multiples of `step`: sums are so but for their
 * rounding. Equal sums are then equal, as they are on bits. The gradient is y's own.
 */
export function exactSums<T extends tf.Tensor>(y: T, weights: tf.Tensor, step: number): T {
  return settledSums(y, weights, (sums, gain) => {
    const unit = gain.mul(step);
    return sums.divNoNan(unit).round().mul(unit);
  });
}

/** y as `settle` makes it of y and α, the largest |W_eff|, with y's own gradient. */
function settledSums<T extends tf.Tensor>(
  y: T,
  weights: tf.Tensor,
  settle: (y: tf.Tensor, gain: tf.Tensor) => tf.Tensor,
): T {
  const identity = tf.customGrad((...args: unknown[]) => {
    const [sums] = args as [tf.Tensor];
    const value = tf.tidy(() => settle(sums, weights.abs().max()));
    return {value, gradFunc: (dy: tf.Tensor) => dy};
  });
  return identity(y) as T;
}
