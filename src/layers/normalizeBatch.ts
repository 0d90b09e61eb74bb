import * as tf from "@tensorflow/tfjs";
import {hasOperation, runOperation} from "../backend/operations";
import {reluGradient} from "../backend/reluGradient";
import {signActivation} from "./binaryActivation";
import {surrogates} from "./surrogates";

/** What stands behind γ·x̂ + β: a sum with other values of its shape, and behind that, or alone, ReLU or the sign. */
export interface Behind {
  readonly addend?: tf.Tensor;
  readonly relu?: boolean;
  /** The binary activation with the surrogate `bi-real`; not beside the others. */
  readonly sign?: boolean;
}

/** Is told mean and biased variance. */
type Observe = (mean: tf.Tensor, variance: tf.Tensor) => void;

/**
 * y = γ·x̂ + β with x̂ = (x − mean)/√(variance + ε), mean and biased variance over all axes but the last; `observe`
 * is told both. Backward, with n values a channel and g = dL/dy:
 * dβ = Σ g,  dγ = Σ g·x̂,  dx = γ/√(variance + ε) · (g − dβ/n − x̂·dγ/n). What stands behind is applied to y, and g is
 * what comes back through it.
 */
export function normalizeBatch(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  {epsilon, addend, relu = false, sign = false}: {readonly epsilon: number} & Behind,
  observe: Observe,
): tf.Tensor {
  if (sign) {
    if (hasOperation("MultiprizeBatchNormSign")) return signOfNormal(x, gamma, beta, epsilon, observe);
    return signActivation(normalizeBatch(x, gamma, beta, {epsilon}, observe), surrogates["bi-real"]);
  }
  if (addend) {
    if (hasOperation("MultiprizeBatchNormAdd")) {
      return sumWithNormal(x, gamma, beta, addend, {epsilon, relu}, observe);
    }
    const sum = normalizeBatch(x, gamma, beta, {epsilon}, observe).add(addend);
    return relu ? tf.relu(sum) : sum;
  }
  return normal(x, gamma, beta, {epsilon, relu}, observe);
}

interface Settings {
  readonly epsilon: number;
  readonly relu: boolean;
}

function normal(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  {epsilon, relu}: Settings,
  observe: Observe,
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
      save([...inputs, mean, inverse]);
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

/** sign(γ·x̂ + β) by operations of that name. */
function signOfNormal(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
  observe: Observe,
): tf.Tensor {
  const normalize = tf.customGrad((...args: unknown[]) => {
    const [input, scale, shift, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const inputs = [input, scale, shift];
    const [value, mean, variance, inverse] = runOperation("MultiprizeBatchNormSign", inputs, {
      floats: {epsilon},
    });
    observe(mean, variance);
    save([...inputs, mean, inverse]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        runOperation("MultiprizeBatchNormSignGrad", [dy, ...saved]),
    };
  });
  return normalize(x, gamma, beta);
}

/** γ·x̂ + β + addend, or its ReLU, by operations of that name. */
function sumWithNormal(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  addend: tf.Tensor,
  {epsilon, relu}: Settings,
  observe: Observe,
): tf.Tensor {
  const normalize = tf.customGrad((...args: unknown[]) => {
    const inputs = args.slice(0, 4) as tf.Tensor[];
    const save = args[4] as tf.GradSaveFunc;
    const attributes = {ints: {relu: relu ? 1 : 0}, floats: {epsilon}};
    const [value, mean, variance, inverse] = runOperation("MultiprizeBatchNormAdd", inputs, attributes);
    observe(mean, variance);
    save([...inputs.slice(0, 3), mean, inverse, ...(relu ? [value] : [])]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        relu
          ? runOperation("MultiprizeBatchNormAddReluGrad", [dy, ...saved])
          : [...runOperation("MultiprizeBatchNormGrad", [dy, ...saved]), dy],
    };
  });
  return normalize(x, gamma, beta, addend);
}
