import * as tf from "@tensorflow/tfjs";

/** What the native backend offers below its typed surface. */
interface NativeBackend extends tf.KernelBackend {
  readonly binding: {
    readonly TF_FLOAT: number;
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_BOOL: number;
    executeOp(name: string, attributes: Attribute[], inputs: number[], outputs: number): Handle[];
    deleteTensor(id: number): void;
  };
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(handle: Handle): tf.TensorInfo;
  executeSingleOutput(name: string, attributes: Attribute[], tensors: tf.TensorInfo[]): tf.TensorInfo;
}
interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}
interface Handle {
  readonly id: number;
}

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
    for (const kernel of stock) replace({...kernel, kernelFunc: inFloat64(kernel.kernelFunc)});
    return await task();
  } finally {
    for (const kernel of stock) replace(kernel);
  }
}

function replace(kernel: tf.KernelConfig): void {
  tf.unregisterKernel(kernel.kernelName, kernel.backendName);
  tf.registerKernel(kernel);
}

/**
 * The stock kernel, handed a backend that casts float32 inputs up before an operation and its output down after;
 * integers are summed as they are.
 */
function inFloat64(stock: tf.KernelFunc): tf.KernelFunc {
  return ({inputs, attrs, backend}) => {
    const native = backend as NativeBackend;
    const {binding} = native;
    const cast = (id: number, from: number, to: number): Handle =>
      binding.executeOp(
        "Cast",
        [
          {name: "SrcT", type: binding.TF_ATTR_TYPE, value: from},
          {name: "DstT", type: binding.TF_ATTR_TYPE, value: to},
          {name: "Truncate", type: binding.TF_ATTR_BOOL, value: false},
        ],
        [id],
        1,
      )[0];
    const executeSingleOutput = (
      name: string,
      attributes: Attribute[],
      tensors: tf.TensorInfo[],
    ): tf.TensorInfo => {
      if (tensors[0].dtype !== "float32") return native.executeSingleOutput(name, attributes, tensors);
      const owned: number[] = [];
      const ids = native.getInputTensorIds(tensors).map((id, i) => {
        if (tensors[i].dtype !== "float32") return id;
        const wide = cast(id, binding.TF_FLOAT, DOUBLE).id;
        owned.push(wide);
        return wide;
      });
      const typed = attributes.map(each => (each.name === "T" ? {...each, value: DOUBLE} : each));
      const [wide] = binding.executeOp(name, typed, ids, 1);
      const result = cast(wide.id, DOUBLE, binding.TF_FLOAT);
      for (const id of [...owned, wide.id]) binding.deleteTensor(id);
      return native.createOutputTensor(result);
    };
    return stock({inputs, attrs, backend: Object.assign(Object.create(native), {executeSingleOutput})});
  };
}
