import * as tf from "@tensorflow/tfjs";
import {registerBorders} from "./borderedConvolution";
import type {Attribute, Handle, NativeBackend, NativeCall} from "./nativeBackend";
import {hasSixteenBits, vectorWidth} from "./nativeOperations";
import {hasOperation, type Operation} from "./operations";
import {registerPointwise} from "./pointwise";

const BACKEND = "tensorflow";
let registered = false;

/** Most channels of the images that a first layer's own filter gradient takes. */
const IMAGE_CHANNELS = 4;

/**
 * Takes TensorFlow's 3×3 convolutions and their gradients in the project's own operations, by Winograd's minimal
 * filtering (Lavin & Gray 2016, arXiv 1509.09308): with stride 1 and padding SAME by F(4×4, 3×3), which needs a
 * quarter of the multiplications, with stride 2 and as many zeros on every side by its like for two taps, which needs
 * 9/16. Channels must come in whole vectors of the processor. The filters' gradient of a first layer, whose images have few channels,
 * is summed directly. Other convolutions stay TensorFlow's. Results differ by rounding alone.
 */
export function registerConvolutions(): void {
  if (registered || !hasOperation("MultiprizeConv3x3", BACKEND)) return;
  registered = true;
  const native = tf.findBackend(BACKEND) as NativeBackend;
  const stock = native.executeSingleOutput.bind(native);
  // Below the kernels, so that whoever runs a kernel in another arithmetic (wider sums, bfloat16) comes first.
  native.executeSingleOutput = (name, attributes, tensors) => {
    const own = ownCall(native, {name, attributes, tensors});
    return own ? stock(own.name, own.attributes, own.tensors) : stock(name, attributes, tensors);
  };
  registerBorders(forWinograd);
  registerPointwise(shape => hasSixteenBits() && forPointwise(shape));
}

/** What the backend computes for a call; the handle is the caller's. */
export function float32Handle(native: NativeBackend, call: NativeCall): Handle {
  const {name, attributes, tensors} = (registered && ownCall(native, call)) || call;
  return native.binding.executeOp(name, attributes, native.getInputTensorIds(tensors), 1)[0];
}

/** The project's operations that take their products in int16, by those in whose place they can serve. */
const INT16: Readonly<Record<string, Operation>> = {
  MultiprizeConv3x3: "MultiprizeInt16Conv3x3",
  MultiprizeConv3x3InputGrad: "MultiprizeInt16Conv3x3InputGrad",
  MultiprizeConv3x3FilterGrad: "MultiprizeInt16Conv3x3FilterGrad",
  MultiprizeStridedConv3x3: "MultiprizeInt16StridedConv3x3",
  MultiprizeStridedConv3x3InputGrad: "MultiprizeInt16StridedConv3x3InputGrad",
  MultiprizeStridedConv3x3FilterGrad: "MultiprizeInt16StridedConv3x3FilterGrad",
};

/**
 * A call with products of 16-bit whole numbers, where that can be, and whether by Winograd's filtering; the handle is the
 * caller's.
 */
export function int16Run(
  native: NativeBackend,
  call: NativeCall,
): {readonly filtered: boolean; readonly run: () => Handle} | undefined {
  if (!registered || !hasSixteenBits()) return undefined;
  const float32 = ownCall(native, call);
  const name = float32 && INT16[float32.name];
  const own = name ? {...float32, name} : pointwiseCall(native, call);
  if (!own) return undefined;
  const {attributes, tensors} = own;
  const run = (): Handle =>
    native.binding.executeOp(own.name, attributes, native.getInputTensorIds(tensors), 1)[0];
  return {filtered: name !== undefined, run};
}

/** The operation that serves a call in TensorFlow's place, if one does. */
function ownCall(native: NativeBackend, call: NativeCall): NativeCall | undefined {
  switch (geometryOf(native, call)) {
    case "1,1,1,1 SAME":
      return adjacentCall(native, call);
    case "1,2,2,1 VALID":
      return stridedCall(native, call, 0);
    case "1,2,2,1 EXPLICIT 0,0,1,1,1,1,0,0":
      return stridedCall(native, call, 1);
    default:
      return undefined;
  }
}

/** Strides and padding of a convolution, or of its gradient, in float32; undefined of others, or where there is nothing. */
function geometryOf(native: NativeBackend, {name, attributes, tensors}: NativeCall): string | undefined {
  const value = (attribute: string): unknown => attributes.find(each => each.name === attribute)?.value;
  const along = (attribute: string): number[] => (value(attribute) ?? []) as number[];
  const plain =
    /^Conv2D/.test(name) &&
    value("T") === native.binding.TF_FLOAT &&
    value("data_format") === "NHWC" &&
    along("dilations").every(each => each === 1) &&
    tensors.every(({shape}) => !shape.includes(0));
  if (!plain) return undefined;
  const zeros = value("padding") === "EXPLICIT" ? ` ${along("explicit_paddings")}` : "";
  return `${along("strides")} ${value("padding")}${zeros}`;
}

/** A 1×1 convolution at stride 2 in whole numbers of 16 bits. */
function pointwiseCall(native: NativeBackend, call: NativeCall): NativeCall | undefined {
  if (geometryOf(native, call) !== "1,2,2,1 VALID") return undefined;
  const {name, tensors} = call;
  const [first, second, third] = tensors;
  const filter = name === "Conv2DBackpropFilter" ? numbersIn(native, second) : second.shape;
  if (!forPointwise(filter)) return undefined;
  switch (name) {
    case "Conv2D":
      return own("MultiprizeInt16Pointwise", [first, second]);
    case "Conv2DBackpropInput":
      return own("MultiprizeInt16PointwiseInputGrad", tensors);
    case "Conv2DBackpropFilter":
      return own("MultiprizeInt16PointwiseFilterGrad", [first, third]);
    default:
      return undefined;
  }
}

/** The same at stride 1. */
function adjacentCall(native: NativeBackend, {name, tensors}: NativeCall): NativeCall | undefined {
  const [first, second, third] = tensors;
  switch (name) {
    case "Conv2D":
      return forWinograd(second.shape) ? own("MultiprizeConv3x3", [first, second]) : undefined;
    case "Conv2DBackpropInput":
      return forWinograd(second.shape) ? own("MultiprizeConv3x3InputGrad", [third, second]) : undefined;
    case "Conv2DBackpropFilter": {
      const filter = numbersIn(native, second);
      if (forWinograd(filter)) return own("MultiprizeConv3x3FilterGrad", [first, third]);
      return forFirstLayer(filter) ? own("MultiprizeFirstLayerFilterGrad", [first, third]) : undefined;
    }
    default:
      return undefined;
  }
}

/** The same at stride 2, with so many zeros on every side. */
function stridedCall(
  native: NativeBackend,
  {name, tensors}: NativeCall,
  border: number,
): NativeCall | undefined {
  const [first, second, third] = tensors;
  const attributes = [{name: "border", type: native.binding.TF_ATTR_INT, value: border}];
  switch (name) {
    case "Conv2D":
      return forWinograd(second.shape)
        ? own("MultiprizeStridedConv3x3", [first, second], attributes)
        : undefined;
    case "Conv2DBackpropInput":
      return forWinograd(second.shape)
        ? own("MultiprizeStridedConv3x3InputGrad", tensors, attributes)
        : undefined;
    case "Conv2DBackpropFilter":
      return forWinograd(numbersIn(native, second))
        ? own("MultiprizeStridedConv3x3FilterGrad", [first, third], attributes)
        : undefined;
    default:
      return undefined;
  }
}

function own(name: Operation, tensors: tf.TensorInfo[], attributes: Attribute[] = []): NativeCall {
  return {name, attributes, tensors};
}

function numbersIn(native: NativeBackend, tensor: tf.TensorInfo): number[] {
  return [...(native.readSync(tensor.dataId) as Int32Array)];
}

/** Of a filter [height, width, inputs, outputs]. */
function forWinograd([height, width, inputs, outputs]: readonly number[]): boolean {
  return height === 3 && width === 3 && inputs % vectorWidth() === 0 && outputs % vectorWidth() === 0;
}

function forPointwise([height, width, inputs, outputs]: readonly number[]): boolean {
  return height === 1 && width === 1 && inputs % vectorWidth() === 0 && outputs % vectorWidth() === 0;
}

function forFirstLayer([height, width, inputs, outputs]: readonly number[]): boolean {
  return height === 3 && width === 3 && inputs <= IMAGE_CHANNELS && outputs % vectorWidth() === 0;
}
