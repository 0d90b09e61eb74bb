import * as tf from "@tensorflow/tfjs";
import {hasOperation, runOperation} from "../backend/operations";
import {reluGradient} from "../backend/relu";
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

/**
 * Twice the same y, with ReLU behind it, for two ways on: their gradients are summed where they are read, which spares
 * two passes over memory. Once where there is no operation for it.
 */
export function normalizeBatchTwice(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  {epsilon, addend}: {readonly epsilon: number} & Pick<Behind, "addend">,
  observe: Observe,
): tf.Tensor[] {
  if (!hasOperation("MultiprizeBatchNormReluGradOfTwo")) {
    const y = normalizeBatch(x, gamma, beta, {epsilon, addend, relu: true}, observe);
    return [y];
  }
  const attributes = {ints: {relu: 1}, floats: {epsilon}};
  const name = addend ? "MultiprizeBatchNormAdd" : "MultiprizeBatchNorm";
  const gradient = addend ? "MultiprizeBatchNormAddReluGradOfTwo" : "MultiprizeBatchNormReluGradOfTwo";
  const inputs = Object.fromEntries([x, gamma, beta, ...(addend ? [addend] : [])].entries());
  return (tf.engine() as unknown as CustomOperations).runKernelFunc({
    inputs,
    forwardFunc: (_backend, save) => {
      const [y, mean, variance, inverse] = runOperation(name, Object.values(inputs), attributes);
      observe(mean, variance);
      save([x, gamma, beta, mean, inverse, ...(addend ? [y] : [])]);
      return [y, y.clone()];
    },
    backwardsFunc: ([dy, other], saved) => {
      const gradients = runOperation(gradient, [dy, ...saved, other]);
      return Object.fromEntries(gradients.map((each, i) => [i, () => each]));
    },
  });
}

/** What TensorFlow.js's engine has beneath `customGrad`, which gives one tensor alone. */
interface CustomOperations {
  runKernelFunc(operation: {
    readonly inputs: Readonly<Record<number, tf.Tensor>>;
    forwardFunc(backend: unknown, save: tf.GradSaveFunc): tf.Tensor[];
    backwardsFunc(dys: tf.Tensor[], saved: tf.Tensor[]): Record<number, () => tf.Tensor>;
  }): tf.Tensor[];
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
  if (hasOperation("MultiprizeBatchNorm")) {
    const ints = {relu: relu ? 1 : 0};
    const operation: NormalOperation = {name: "MultiprizeBatchNorm", attributes: {ints, floats: {epsilon}}};
    return byOperation(operation, [x, gamma, beta], observe, (dy, saved) =>
      runOperation("MultiprizeBatchNormGrad", [dy, ...saved], {ints}),
    );
  }
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const normalize = tf.customGrad((...args: unknown[]) => {
    const [input, scale, shift, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
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

/** sign(γ·x̂ + β). */
function signOfNormal(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
  observe: Observe,
): tf.Tensor {
  const operation: NormalOperation = {name: "MultiprizeBatchNormSign", attributes: {floats: {epsilon}}};
  return byOperation(operation, [x, gamma, beta], observe, (dy, saved) =>
    runOperation("MultiprizeBatchNormSignGrad", [dy, ...saved]),
  );
}

/** γ·x̂ + β + addend, or its ReLU. */
function sumWithNormal(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  addend: tf.Tensor,
  {epsilon, relu}: Settings,
  observe: Observe,
): tf.Tensor {
  const attributes = {ints: {relu: relu ? 1 : 0}, floats: {epsilon}};
  const operation: NormalOperation = {name: "MultiprizeBatchNormAdd", attributes, keepsValue: relu};
  return byOperation(operation, [x, gamma, beta, addend], observe, (dy, saved) =>
    relu
      ? runOperation("MultiprizeBatchNormAddReluGrad", [dy, ...saved])
      : [...runOperation("MultiprizeBatchNormGrad", [dy, ...saved]), dy],
  );
}

interface NormalOperation {
  readonly name: Parameters<typeof runOperation>[0];
  readonly attributes: Parameters<typeof runOperation>[2];
  /** Its gradient is worked out from the value as well. */
  readonly keepsValue?: boolean;
}

/** By an operation whose gradient is given dy and x, γ, β, mean, 1/√(variance + ε) and, where it is kept, the value. */
function byOperation(
  {name, attributes, keepsValue = false}: NormalOperation,
  tensors: tf.Tensor[],
  observe: Observe,
  gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor {
  const normalize = tf.customGrad((...args: unknown[]) => {
    const inputs = args.slice(0, -1) as tf.Tensor[];
    const save = args.at(-1) as tf.GradSaveFunc;
    const [value, mean, variance, inverse] = runOperation(name, inputs, attributes);
    observe(mean, variance);
    save([...inputs.slice(0, 3), mean, inverse, ...(keepsValue ? [value] : [])]);
    return {value, gradFunc};
  });
  return normalize(...tensors);
}
