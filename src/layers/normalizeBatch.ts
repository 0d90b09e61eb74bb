import * as tf from "@tensorflow/tfjs";
import {hasOperation, runOperation} from "../backend/operations";
import {reluGradient} from "../backend/reluGradient";

/**
 * y = γ·x̂ + β with x̂ = (x − mean)/√(variance + ε), mean and biased variance over all axes but the last; `observe`
 * is told both. Backward, with n values a channel and g = dL/dy:
 * dβ = Σ g,  dγ = Σ g·x̂,  dx = γ/√(variance + ε) · (g − dβ/n − x̂·dγ/n). With `relu`, max(y, 0), and g = dL/dy where
 * y > 0.
 */
export function normalizeBatch(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  {epsilon, relu = false}: {readonly epsilon: number; readonly relu?: boolean},
  observe: (mean: tf.Tensor, variance: tf.Tensor) => void,
): tf.Tensor {
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const normalize = tf.customGrad((...args: unknown[]) => {
    const [input, scale, shift, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    if (hasOperation("MultiprizeBatchNorm")) {
      const inputs = [input, scale, shift];
      const ints = {relu: relu ? 1 : 0};
      const attributes = {ints, floats: {epsilon}};
      const [value, mean, variance, inverse] = runOperation("MultiprizeBatchNorm", inputs, attributes);
      observe(mean, variance);
      save([input, scale, shift, mean, inverse]);
      return {
        value,
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
          runOperation("MultiprizeBatchNormGrad", [dy, ...saved], {ints}),
      };
    }
    const {mean, variance} = tf.moments(input, axes);
    observe(mean, variance);
    const inverse = tf.rsqrt(variance.add(epsilon));
    const normalized = input.sub(mean).mul(inverse);
    const affine = normalized.mul(scale).add(shift);
    const value = relu ? tf.relu(affine) : affine;
    save([normalized, inverse.mul(scale), value]);
    const n = input.size / mean.size;
    const gradFunc = (dValue: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [xHat, slope, y] = saved;
      const dy = relu ? reluGradient(dValue, y) : dValue;
      const dBeta = dy.sum(axes);
      const dGamma = dy.mul(xHat).sum(axes);
      const dx = dy
        .sub(dBeta.div(n))
        .sub(xHat.mul(dGamma.div(n)))
        .mul(slope);
      return [dx, dGamma, dBeta];
    };
    return {value, gradFunc};
  });
  return normalize(x, gamma, beta);
}
