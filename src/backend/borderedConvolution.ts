import * as tf from "@tensorflow/tfjs";
import {type NativeBackend, replaceKernel} from "./nativeBackend";

interface GradientAttributes {
  readonly strides: number | [number, number];
  readonly pad: unknown;
  readonly inputShape?: [number, number, number, number];
  readonly filterShape?: [number, number, number, number];
}

type Served = (filterShape: readonly number[]) => boolean;

const BACKEND = "tensorflow";
let served: Served = () => false;

/** Whether a 3×3 convolution with `border` zeros on every side takes its images as they are: else they are padded first. */
export function takesBorder({shape}: tf.Tensor, stride: number, border: number): boolean {
  return tf.getBackend() === BACKEND && stride === 2 && border === 1 && served(shape);
}

/**
 * Has convolutions whose filters are `served` take a border at stride 2, and gradients of convolutions zeros in numbers,
 * side by side, as the forward pass does: TensorFlow.js refuses them there.
 */
export function registerBorders(whichServed: Served): void {
  served = whichServed;
  for (const kernelName of ["Conv2DBackpropInput", "Conv2DBackpropFilter"]) {
    const stock = tf.getKernel(kernelName, BACKEND);
    replaceKernel({
      ...stock,
      kernelFunc: params => {
        const attrs = params.attrs as unknown as GradientAttributes;
        if (!Array.isArray(attrs.pad)) return stock.kernelFunc(params);
        const {x, dy, filter} = params.inputs as Record<"x" | "dy" | "filter", tf.TensorInfo>;
        const native = params.backend as NativeBackend;
        const shape = Int32Array.from(attrs.inputShape ?? attrs.filterShape!);
        const sizes = tf.tensor1d(shape, "int32");
        try {
          const tensors = attrs.inputShape ? [sizes, filter, dy] : [x, sizes, dy];
          return native.executeSingleOutput(kernelName, attributesOf(native, attrs), tensors);
        } finally {
          sizes.dispose();
        }
      },
    });
  }
}

function attributesOf(
  {binding}: NativeBackend,
  {strides, pad}: GradientAttributes,
): {name: string; type: number; value: unknown}[] {
  const [down, across] = [strides, strides].flat();
  return [
    {name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT},
    {name: "strides", type: binding.TF_ATTR_INT, value: [1, down, across, 1]},
    {name: "padding", type: binding.TF_ATTR_STRING, value: "EXPLICIT"},
    {name: "explicit_paddings", type: binding.TF_ATTR_INT, value: (pad as number[][]).flat()},
    {name: "data_format", type: binding.TF_ATTR_STRING, value: "NHWC"},
    {name: "use_cudnn_on_gpu", type: binding.TF_ATTR_BOOL, value: true},
    {name: "dilations", type: binding.TF_ATTR_INT, value: [1, 1, 1, 1]},
  ];
}
