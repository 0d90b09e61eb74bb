import * as tf from "@tensorflow/tfjs";
import {
  castHandle,
  kernelThrough,
  type NativeBackend,
  type NativeCall,
  replaceKernel,
  typedAs,
} from "./nativeBackend";

/** TF_DOUBLE of TensorFlow's C interface; the binding has no name for it. */
const DOUBLE = 2;
const SUMMING_KERNELS = [
  "Conv2D",
  "Conv2DBackpropInput",
  "Conv2DBackpropFilter",
  "BatchMatMul",
  "Sum",
  "Mean",
];

/**
 * Runs `task` with every sum of products on the native backend taken in float64 and rounded once to float32. Golden
 * numbers are float64, and a binary network amplifies rounding: one swapped mask position or flipped sign changes
 * every later number. On other backends it only runs the task.
 */
export async function withWiderSums<T>(task: () => Promise<T>): Promise<T> {
  const backendName = "tensorflow";
  if (tf.getBackend() !== backendName) return task();
  const stock = SUMMING_KERNELS.map(name => tf.getKernel(name, backendName));
  try {
    for (const kernel of stock) {
      replaceKernel({...kernel, kernelFunc: kernelThrough(kernel.kernelFunc, inFloat64)});
    }
    return await task();
  } finally {
    for (const kernel of stock) replaceKernel(kernel);
  }
}

/** The operation on inputs cast up, its output cast down; integers are summed as they are. */
function inFloat64(native: NativeBackend, {name, attributes, tensors}: NativeCall): tf.TensorInfo {
  const {binding} = native;
  if (tensors.every(({dtype}) => dtype !== "float32")) {
    return native.executeSingleOutput(name, attributes, tensors);
  }
  const owned: number[] = [];
  const ids = native.getInputTensorIds(tensors).map((id, i) => {
    if (tensors[i].dtype !== "float32") return id;
    const wide = castHandle(native, id, binding.TF_FLOAT, DOUBLE).id;
    owned.push(wide);
    return wide;
  });
  const [wide] = binding.executeOp(name, typedAs(attributes, DOUBLE), ids, 1);
  const result = castHandle(native, wide.id, DOUBLE, binding.TF_FLOAT);
  for (const id of [...owned, wide.id]) binding.deleteTensor(id);
  return native.createOutputTensor(result);
}
