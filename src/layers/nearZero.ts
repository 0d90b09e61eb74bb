import * as tf from "@tensorflow/tfjs";
import {NEAR_ZERO} from "../core/sign";

/**
 * y, but 0 where |y| ≤ NEAR_ZERO · α, for sums y of ±α·x; α is the largest |W_eff|. A sign right behind them often sees
 * a zero (of bits, or of equal pixels): what it makes of that must not hang on the order in which an engine adds. The
 * gradient is y's own.
 */
export function nearZeroIsZero<T extends tf.Tensor>(y: T, weights: tf.Tensor): T {
  const settled = tf.customGrad((...args: unknown[]) => {
    const [sums] = args as [tf.Tensor];
    const value = tf.tidy(() => {
      const bound = weights.abs().max().mul(NEAR_ZERO);
      return tf.where(sums.abs().lessEqual(bound), tf.zerosLike(sums), sums);
    });
    return {value, gradFunc: (dy: tf.Tensor) => dy};
  });
  return settled(y) as T;
}
