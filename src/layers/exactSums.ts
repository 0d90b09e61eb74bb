import * as tf from "@tensorflow/tfjs";

/**
 * y rounded to whole multiples of α · step, for sums y of ±α·x over inputs x that are whole multiples of `step`; α is
 * the largest |W_eff|. Before that they are so but for the rounding of the sum, which hangs on the order in which an
 * engine adds; after it, equal sums are equal, as they are on bits. The gradient is y's own.
 */
export function exactSums<T extends tf.Tensor>(y: T, weights: tf.Tensor, step: number): T {
  const exact = tf.customGrad((...args: unknown[]) => {
    const [sums] = args as [tf.Tensor];
    const value = tf.tidy(() => {
      const unit = weights.abs().max().mul(step);
      return sums.divNoNan(unit).round().mul(unit);
    });
    return {value, gradFunc: (dy: tf.Tensor) => dy};
  });
  return exact(y) as T;
}
