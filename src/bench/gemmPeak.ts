import * as tf from "@tensorflow/tfjs";
import type {BackendName} from "../backend/backend";
import {BFLOAT16} from "../backend/bfloat16Copies";
import {type Attribute, castHandle, type NativeBackend, typedAs} from "../backend/nativeBackend";

/** Side of the product that is timed; less where 4096 would take minutes. */
export const gemmSizes: Readonly<Record<BackendName, number>> = {
  tensorflow: 4096,
  webgpu: 4096,
  wasm: 1024,
  cpu: 256,
};

/**
 * The float32 speed that a machine can reach, in GFLOP/s: 2·size³ over the shortest of `repeats` products of two
 * size × size matrices, each timed until a value of it has been read.
 */
export async function gemmPeak(
  size: number,
  {repeats = 20, signal}: {readonly repeats?: number; readonly signal?: AbortSignal} = {},
): Promise<number> {
  const values = Float32Array.from({length: size * size}, (_, i) => Math.imul(i, 0x9e3779b1) / 2 ** 32);
  const matrix = tf.tensor2d(values, [size, size]);
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < repeats; i++) {
    const began = performance.now();
    const corner = tf.tidy(() => square(matrix).slice([0, 0], [1, 1]));
    await corner.data();
    shortest = Math.min(shortest, performance.now() - began);
    corner.dispose();
    await new Promise(setImmediate);
    if (signal?.aborted) break;
  }
  matrix.dispose();
  signal?.throwIfAborted();
  return (2 * size ** 3) / (shortest * 1e6);
}

/** TensorFlow's MatMul where it is: tf.matMul would run its batched sister, which can be slower. */
function square(matrix: tf.Tensor): tf.Tensor {
  if (tf.getBackend() !== "tensorflow") return tf.matMul(matrix, matrix);
  const native = tf.backend() as unknown as NativeBackend;
  // What the binding calls a TensorInfo is a tensor already, tracked by the engine.
  return native.executeSingleOutput("MatMul", matMulAttributes(native), [matrix, matrix]) as tf.Tensor;
}

/** The same of TensorFlow's products of bfloat16 matrices; the backend `tensorflow` must be in use. */
export async function gemmPeakBfloat16(
  size: number,
  {repeats = 20, signal}: {readonly repeats?: number; readonly signal?: AbortSignal} = {},
): Promise<number> {
  const native = tf.backend() as unknown as NativeBackend;
  const {binding} = native;
  const ones = tf.ones([size, size]);
  const {id} = castHandle(native, native.getInputTensorIds([ones])[0], binding.TF_FLOAT, BFLOAT16);
  const attributes = typedAs(matMulAttributes(native), BFLOAT16);
  let shortest = Number.POSITIVE_INFINITY;
  try {
    for (let i = 0; i < repeats; i++) {
      signal?.throwIfAborted();
      const began = performance.now();
      const [product] = binding.executeOp("MatMul", attributes, [id, id], 1);
      shortest = Math.min(shortest, performance.now() - began);
      binding.deleteTensor(product.id);
      await new Promise(setImmediate);
    }
  } finally {
    binding.deleteTensor(id);
    ones.dispose();
  }
  return (2 * size ** 3) / (shortest * 1e6);
}

function matMulAttributes({binding}: NativeBackend): Attribute[] {
  const {TF_ATTR_TYPE, TF_ATTR_BOOL, TF_FLOAT} = binding;
  return [
    {name: "T", type: TF_ATTR_TYPE, value: TF_FLOAT},
    {name: "transpose_a", type: TF_ATTR_BOOL, value: false},
    {name: "transpose_b", type: TF_ATTR_BOOL, value: false},
  ];
}
