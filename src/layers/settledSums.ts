import * as tf from "@tensorflow/tfjs";

/**
 * y as `settle` makes it of y and α, the largest |W_eff|, for sums y of ±α·x. What follows must not hang on the order
 * in which an engine adds. The gradient is y's own.
 */
export function settledSums<T extends tf.Tensor>(
  y: T,
  weights: tf.Tensor,
  settle: (y: tf.Tensor, gain: tf.Tensor) => tf.Tensor,
): T {
  const settled = tf.customGrad((...args: unknown[]) => {
    const [sums] = args as [tf.Tensor];
    const value = tf.tidy(() => settle(sums, weights.abs().max()));
    return {value, gradFunc: (dy: tf.Tensor) => dy};
  });
  return settled(y) as T;
}
