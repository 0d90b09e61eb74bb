import * as tf from "@tensorflow/tfjs";
import {NotANumber} from "../core/errors";

/** Outputs of each operation. */
export const operationOutputs = {
  MultiprizeSelect: 1,
  MultiprizeSelectAt: 1,
  MultiprizeGlobalBoundary: 1,
  MultiprizeScoreGradient: 1,
  MultiprizeSgd: 2,
  MultiprizeAdam: 3,
  MultiprizeMaxPool2: 1,
  MultiprizeMaxPool2Grad: 1,
  MultiprizeBatchNorm: 4,
  MultiprizeBatchNormGrad: 3,
  MultiprizeBatchNormSign: 4,
  MultiprizeBatchNormSignGrad: 3,
  MultiprizeBatchNormAdd: 4,
  MultiprizeBatchNormAddReluGrad: 4,
  MultiprizeBatchNormReluGradOfTwo: 3,
  MultiprizeBatchNormAddReluGradOfTwo: 4,
  MultiprizeRunningStatistics: 2,
  MultiprizeRelu: 1,
  MultiprizeReluGrad: 1,
  MultiprizeSign: 1,
  MultiprizeBiRealGrad: 1,
  MultiprizeConv3x3: 1,
  MultiprizeConv3x3InputGrad: 1,
  MultiprizeConv3x3FilterGrad: 1,
  MultiprizeInt16Conv3x3: 1,
  MultiprizeInt16Conv3x3InputGrad: 1,
  MultiprizeInt16Conv3x3FilterGrad: 1,
  MultiprizeStridedConv3x3: 1,
  MultiprizeStridedConv3x3InputGrad: 1,
  MultiprizeStridedConv3x3FilterGrad: 1,
  MultiprizeInt16StridedConv3x3: 1,
  MultiprizeInt16StridedConv3x3InputGrad: 1,
  MultiprizeInt16StridedConv3x3FilterGrad: 1,
  MultiprizeFirstLayerFilterGrad: 1,
  MultiprizeInt16Pointwise: 1,
  MultiprizeInt16PointwiseInputGrad: 1,
  MultiprizeInt16PointwiseFilterGrad: 1,
} as const;

/**
 * The project's own TensorFlow operations, compiled by set-up from kernels/cpu: each does in one pass over
 * memory what the public API composes from many. Where they are not there (other backends, a set-up without a
 * compiler, or MULTIPRIZE_KERNELS=plain) callers take the composition, which is also what tests hold them against.
 */
export type Operation = keyof typeof operationOutputs | WebgpuOperation;

/** Those that WebGPU alone has: backend/webgpu. */
type WebgpuOperation = "MultiprizeSelectAll" | "MultiprizeSpans";

/** Attributes by name; whole-numbered ones are int attributes unless listed in `floats`. */
export interface Attributes {
  readonly ints?: Readonly<Record<string, number>>;
  readonly floats?: Readonly<Record<string, number>>;
}

/** How a selection takes a layer's gain; the numbers are those of kernels/cpu/select.cc. */
export const gainKinds = {meanKept: 0, rmsKept: 1, given: 2, none: 3} as const;

/** Whether an operation can run on a backend, the one in use if not said. */
export function hasOperation(name: Operation, backendName: string = tf.getBackend()): boolean {
  return tf.getKernel(name, backendName) !== undefined;
}

/** TensorFlow's code with which a kernel refuses scores that are not numbers (kernels/cpu/operation.h). */
const OUT_OF_RANGE = 11;

/** Runs an operation; inputs in its order, not recorded for gradients. What a kernel refuses is a RangeError. */
export function runOperation(
  name: Operation,
  inputs: readonly tf.Tensor[],
  attributes: Attributes = {},
): tf.Tensor[] {
  const named = Object.fromEntries(inputs.map((tensor, i) => [`input${i}`, tensor]));
  try {
    return tf
      .engine()
      .runKernel(name, named, attributes as unknown as tf.NamedAttrMap) as unknown as tf.Tensor[];
  } catch (error) {
    // The binding puts TensorFlow's status code before what the kernel said.
    const [, code, said] = /^Invalid TF_Status: (\d+)\s*Message: (.*)/s.exec((error as Error).message) ?? [];
    if (Number(code) === OUT_OF_RANGE) throw new NotANumber("scores");
    throw new RangeError(said ?? (error as Error).message);
  }
}
