import * as tf from "@tensorflow/tfjs";
import {hasOperation, runOperation} from "../backend/nativeOperations";

/**
 * y = γ·x̂ + β with x̂ = (x − mean)/√(variance + ε), mean and biased variance over all axes but the last; `observe`
 * is told both. Backward, with n values a channel and g = dL/dy:
 * dβ = Σ g,  dγ = Σ g·x̂,  dx = γ/√(variance + ε) · (g − dβ/n − x̂·dγ/n).
 */
export function normalizeBatch(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
  observe: (mean: tf.Tensor, variance: tf.Tensor) => void,
): tf.Tensor {
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const normalize = tf.customGrad((...args: unknown[]) => {
    const [input, scale, shift, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    if (hasOperation("MultiprizeBatchNorm")) {
      const inputs = [input, scale, shift];
      const [value, mean, variance, inverse] = runOperation("MultiprizeBatchNorm", inputs, {
        floats: {epsilon},
      });
      observe(mean, variance);
      save([input, scale, mean, inverse]);
      return {
        value,
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
          runOperation("MultiprizeBatchNormGrad", [dy, ...saved]),
      };
    }
    const {mean, variance} = tf.moments(input, axes);
    observe(mean, variance);
    const inverse = tf.rsqrt(variance.add(epsilon));
    const normalized = input.sub(mean).mul(inverse);
    save([normalized, inverse.mul(scale)]);
    const n = input.size / mean.size;
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [xHat, slope] = saved;
      const dBeta = dy.sum(axes);
      const dGamma = dy.mul(xHat).sum(axes);
      const dx = dy
        .sub(dBeta.div(n))
        .sub(xHat.mul(dGamma.div(n)))
        .mul(slope);
      return [dx, dGamma, dBeta];
    };
    return {value: normalized.mul(scale).add(shift), gradFunc};
  });
  return normalize(x, gamma, beta);
}
