import * as tf from "@tensorflow/tfjs";
import type {Handle, NativeBackend, NativeCall} from "./nativeBackend";
import {hasOperation, type Operation, vectorWidth} from "./nativeOperations";

const BACKEND = "tensorflow";
let registered = false;

/**
 * Takes TensorFlow's 3×3 convolutions with stride 1 and padding SAME, and their gradients, in the project's own
 * operations, which need a quarter of the multiplications: Winograd's minimal filtering F(4×4, 3×3) (Lavin & Gray
 * 2016, arXiv 1509.09308). Channels must come in whole vectors of the processor; other convolutions stay TensorFlow's.
 * Results differ by rounding alone.
 */
export function registerWinograd(): void {
  if (registered || !hasOperation("MultiprizeConv3x3", BACKEND)) return;
  registered = true;
  const native = tf.findBackend(BACKEND) as NativeBackend;
  const stock = native.executeSingleOutput.bind(native);
  // Below the kernels, so that whoever runs a kernel in another arithmetic (wider sums, bfloat16) comes first.
  native.executeSingleOutput = (name, attributes, tensors) => {
    const own = winogradCall(native, {name, attributes, tensors});
    return own ? stock(own.name, own.attributes, own.tensors) : stock(name, attributes, tensors);
  };
}

/** What the backend computes for a call; the handle is the caller's. */
export function float32Handle(native: NativeBackend, call: NativeCall): Handle {
  const {name, attributes, tensors} = (registered && winogradCall(native, call)) || call;
  return native.binding.executeOp(name, attributes, native.getInputTensorIds(tensors), 1)[0];
}

/** The operation that serves a call in TensorFlow's place, if one does. */
function winogradCall(native: NativeBackend, call: NativeCall): NativeCall | undefined {
  const [first, second, third] = call.tensors;
  const own = (
    name: Operation,
    filter: readonly number[],
    tensors: tf.TensorInfo[],
  ): NativeCall | undefined => (serves(native, call, filter) ? {name, attributes: [], tensors} : undefined);
  switch (call.name) {
    case "Conv2D":
      return own("MultiprizeConv3x3", second.shape, [first, second]);
    case "Conv2DBackpropInput":
      return own("MultiprizeConv3x3InputGrad", second.shape, [third, second]);
    case "Conv2DBackpropFilter": {
      const filter = [...(native.readSync(second.dataId) as Int32Array)];
      return own("MultiprizeConv3x3FilterGrad", filter, [first, third]);
    }
    default:
      return undefined;
  }
}

/** Whether the operations can do a call whose filter is [height, width, inputs, outputs]. */
function serves(
  native: NativeBackend,
  {attributes, tensors}: NativeCall,
  filter: readonly number[],
): boolean {
  const [height, width, inputs, outputs] = filter;
  const value = (name: string): unknown => attributes.find(each => each.name === name)?.value;
  const ones = (name: string): boolean => ((value(name) ?? []) as number[]).every(each => each === 1);
  return (
    height === 3 &&
    width === 3 &&
    inputs % vectorWidth() === 0 &&
    outputs % vectorWidth() === 0 &&
    value("T") === native.binding.TF_FLOAT &&
    value("padding") === "SAME" &&
    value("data_format") === "NHWC" &&
    ones("strides") &&
    ones("dilations") &&
    tensors.every(({shape}) => !shape.includes(0))
  );
}
