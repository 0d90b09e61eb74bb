import * as tf from "@tensorflow/tfjs";
import type {MaxPoolGradientAttributes} from "../maxPoolGradient";
import {replaceKernel} from "../nativeBackend";
import {kernelsAsked} from "../nativeOperations";
import {argMax} from "./argMax";
import {batchNorm, batchNormGradient} from "./batchNorm";
import {
  type Convolution,
  type ConvolutionProduct,
  filterGradient,
  forward,
  inputGradient,
} from "./convolution";
import type {WebgpuBackend} from "./device";
import {type Elementwise, elementwise} from "./elementwise";
import {matMul} from "./matMul";
import {maxPool2, maxPool2Gradient, maxPoolGradient} from "./maxPool";
import {adam, sgd} from "./optimizers";
import {runProduct} from "./runProduct";
import {scoreGradient} from "./scoreGradient";
import {type SelectAllAttributes, selectAll, spansOf} from "./select";
import {biRealGradient, reluGradient, sign} from "./sign";

const BACKEND = "webgpu";
type Run = (
  backend: WebgpuBackend,
  inputs: readonly tf.TensorInfo[],
  attributes: {ints: Readonly<Record<string, number>>; floats: Readonly<Record<string, number>>},
) => tf.TensorInfo[];

const fused: Readonly<Record<string, Elementwise>> = {
  MultiprizeScoreGradient: scoreGradient,
  MultiprizeSgd: sgd,
  MultiprizeAdam: adam,
  MultiprizeSign: sign,
  MultiprizeBiRealGrad: biRealGradient,
  ReluGrad: reluGradient,
};

const selection: Readonly<Record<string, Run>> = {
  MultiprizeSpans: (backend, inputs) => [spansOf(backend, inputs)],
  MultiprizeSelectAll: (backend, inputs, {ints}) => {
    const attributes: SelectAllAttributes = {groups: ints.groups, signed: ints.signed === 1};
    return selectAll(backend, inputs, attributes);
  },
};

const own: Readonly<Record<string, Run>> = {
  MultiprizeMaxPool2: (backend, [x], {ints}) => [maxPool2(backend, x, ints.relu === 1)],
  MultiprizeMaxPool2Grad: (backend, [x, dy], {ints}) => [maxPool2Gradient(backend, x, dy, ints.relu === 1)],
  MultiprizeBatchNorm: (backend, inputs, {ints, floats}) =>
    batchNorm(backend, inputs, {epsilon: floats.epsilon, relu: ints.relu === 1}),
  MultiprizeBatchNormGrad: (backend, inputs, {ints}) => batchNormGradient(backend, inputs, ints.relu === 1),
};

/**
 * Registers the project's operations in WGSL under the names that its layers ask for, and in the place of stock kernels
 * that are wrong (MaxPoolGrad and ArgMax on ties), add in an order that varies (BatchMatMul) or read memory for every
 * product (the gradients of Conv2D). With MULTIPRIZE_KERNELS=plain, only the selection and what is wrong otherwise.
 */
export function registerWebgpuOperations(): void {
  const plain = kernelsAsked() === "plain";
  for (const [kernelName, run] of Object.entries(plain ? selection : {...selection, ...own})) {
    register(kernelName, ({inputs, attrs, backend}) => {
      const {ints = {}, floats = {}} = (attrs ?? {}) as Partial<Parameters<Run>[2]>;
      return run(backend as WebgpuBackend, Object.values(inputs) as tf.TensorInfo[], {ints, floats});
    });
  }
  for (const [kernelName, operation] of Object.entries(plain ? {} : fused)) {
    register(kernelName, ({inputs, backend}) => {
      const made = elementwise(backend as WebgpuBackend, operation, Object.values(inputs) as tf.TensorInfo[]);
      return kernelName.startsWith("Multiprize") ? made : made[0];
    });
  }
  register("MaxPoolGrad", ({inputs, attrs, backend}) => {
    const {dy, input} = inputs as unknown as Record<"dy" | "input", tf.TensorInfo>;
    const given = attrs as unknown as MaxPoolGradientAttributes;
    return maxPoolGradient(backend as WebgpuBackend, input, dy, given);
  });
  register("ArgMax", ({inputs, attrs, backend}) => {
    const {x} = inputs as unknown as Record<"x", tf.TensorInfo>;
    const [axis] = tf.util.parseAxisParam((attrs as unknown as {axis: number}).axis, x.shape);
    return argMax(backend as WebgpuBackend, x, axis);
  });
  // What is left to the stock product must not add its parts as they come.
  tf.env().set("WEBGPU_MATMUL_PROGRAM_TYPE", 3);
  // Nor may it depend on where a small tensor happens to lie whether the device rounds or JavaScript does.
  tf.env().set("WEBGPU_CPU_FORWARD", false);
  if (!plain) registerProducts();
}

function register(kernelName: string, kernelFunc: tf.KernelFunc): void {
  const kernel = {kernelName, backendName: BACKEND, kernelFunc};
  if (tf.getKernel(kernelName, BACKEND)) replaceKernel(kernel);
  else tf.registerKernel(kernel);
}

interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  readonly dilations?: [number, number] | number;
  readonly dataFormat: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

type Four = [number, number, number, number];

/** A convolution's sizes, or undefined where only the stock kernel serves. */
function sizesOf(x: number[], filter: number[], attrs: ConvolutionAttributes): Convolution | undefined {
  const {strides, pad, dilations = 1, dataFormat, dimRoundingMode} = attrs;
  if (dataFormat === "NCHW" || [dilations].flat().some(each => each !== 1) || x[3] !== filter[2])
    return undefined;
  if (x.includes(0)) return undefined;
  return tf.backend_util.computeConv2DInfo(x as Four, filter as Four, strides, 1, pad, dimRoundingMode);
}

function convolve(
  backend: WebgpuBackend,
  factors: readonly [tf.TensorInfo, tf.TensorInfo],
  {name, shape, product}: ConvolutionProduct,
): tf.TensorInfo {
  return runProduct(backend, name, factors, shape, product);
}

function registerProducts(): void {
  const takeOver = (
    kernelName: string,
    ours: (
      backend: WebgpuBackend,
      inputs: Readonly<Record<string, tf.TensorInfo>>,
      attrs: ConvolutionAttributes,
    ) => tf.TensorInfo | undefined,
  ): void => {
    const stock = tf.getKernel(kernelName, BACKEND)!;
    register(kernelName, params => {
      const inputs = params.inputs as unknown as Readonly<Record<string, tf.TensorInfo>>;
      const attrs = params.attrs as unknown as ConvolutionAttributes;
      return ours(params.backend as WebgpuBackend, inputs, attrs) ?? stock.kernelFunc(params);
    });
  };
  takeOver("Conv2D", (backend, {x, filter}, attrs) => {
    const sizes = sizesOf(x.shape, filter.shape, attrs);
    return sizes && convolve(backend, [x, filter], forward(sizes));
  });
  takeOver("Conv2DBackpropFilter", (backend, {x, dy}, attrs) => {
    const {filterShape} = attrs as unknown as {filterShape: number[]};
    const sizes = sizesOf(x.shape, filterShape, attrs);
    return sizes && convolve(backend, [x, dy], filterGradient(sizes));
  });
  takeOver("Conv2DBackpropInput", (backend, {dy, filter}, attrs) => {
    const {inputShape} = attrs as unknown as {inputShape: number[]};
    const sizes = sizesOf(inputShape, filter.shape, attrs);
    return sizes && convolve(backend, [dy, filter], inputGradient(sizes));
  });
  takeOver("BatchMatMul", (backend, {a, b}, attrs) => {
    const {transposeA, transposeB} = attrs as unknown as {transposeA: boolean; transposeB: boolean};
    const batch = (shape: number[]): number => shape.slice(0, -2).reduce((x, y) => x * y, 1);
    if (batch(a.shape) !== 1 || batch(b.shape) !== 1 || [...a.shape, ...b.shape].includes(0))
      return undefined;
    const outer = a.shape.length >= b.shape.length ? a.shape.slice(0, -2) : b.shape.slice(0, -2);
    const shape = [...outer, a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!];
    return matMul(backend, a, b, {transposeA, transposeB}, shape);
  });
}
