import * as tf from "@tensorflow/tfjs";

/** What the native backend offers below its typed surface. */
export interface NativeBackend extends tf.KernelBackend {
  readonly binding: {
    readonly TF_FLOAT: number;
    readonly TF_INT32: number;
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_INT: number;
    readonly TF_ATTR_FLOAT: number;
    readonly TF_ATTR_STRING: number;
    executeOp(name: string, attributes: Attribute[], inputs: number[], outputs: number): Handle[];
    createTensor(shape: number[], type: number, values: Int32Array): number;
    deleteTensor(id: number): void;
  };
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(handle: Handle): tf.TensorInfo;
  executeSingleOutput(name: string, attributes: Attribute[], tensors: tf.TensorInfo[]): tf.TensorInfo;
  executeMultipleOutputs(
    name: string,
    attributes: Attribute[],
    tensors: tf.TensorInfo[],
    outputs: number,
  ): tf.TensorInfo[];
}

export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** A tensor of TensorFlow's own; whoever made it deletes it. */
export interface Handle {
  readonly id: number;
}

/** One operation as a stock kernel asks for it. */
export interface NativeCall {
  readonly name: string;
  readonly attributes: Attribute[];
  readonly tensors: tf.TensorInfo[];
}

/** Casts between types of TensorFlow's C interface, to the nearest value. */
export function castHandle({binding}: NativeBackend, id: number, from: number, to: number): Handle {
  const attributes = [
    {name: "SrcT", type: binding.TF_ATTR_TYPE, value: from},
    {name: "DstT", type: binding.TF_ATTR_TYPE, value: to},
    {name: "Truncate", type: binding.TF_ATTR_BOOL, value: false},
  ];
  return binding.executeOp("Cast", attributes, [id], 1)[0];
}

/** The attributes with another element type. */
export function typedAs(attributes: readonly Attribute[], type: number): Attribute[] {
  return attributes.map(each => (each.name === "T" ? {...each, value: type} : each));
}

/** A stock kernel whose every operation `execute` runs in the backend's place. */
export function kernelThrough(
  stock: tf.KernelFunc,
  execute: (native: NativeBackend, call: NativeCall, attrs: tf.NamedAttrMap) => tf.TensorInfo,
): tf.KernelFunc {
  return ({inputs, attrs, backend}) => {
    const native = backend as NativeBackend;
    const executeSingleOutput: NativeBackend["executeSingleOutput"] = (name, attributes, tensors) =>
      execute(native, {name, attributes, tensors}, attrs ?? {});
    return stock({inputs, attrs, backend: Object.assign(Object.create(native), {executeSingleOutput})});
  };
}

/** Registers a kernel in the place of the one of its name. */
export function replaceKernel(kernel: tf.KernelConfig): void {
  tf.unregisterKernel(kernel.kernelName, kernel.backendName);
  tf.registerKernel(kernel);
}
