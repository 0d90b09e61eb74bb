import * as tf from "@tensorflow/tfjs";

const kernels = ["Conv2D", "FusedConv2D", "DepthwiseConv2dNative", "FusedDepthwiseConv2D"] as const;

/**
 * Convolutions with padding "same" whose stride reaches beyond the filter, so that the last rows or columns are not
 * seen: XNNPACK, under the WebAssembly backend of TensorFlow.js 4.22, refuses them and the result stays 0 without an
 * error. There the padding is given in numbers, which it takes.
 */
export function registerSamePadding(backendName: string): void {
  for (const kernelName of kernels) {
    const stock = tf.getKernel(kernelName, backendName);
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({
      ...stock,
      kernelFunc: params => {
        const attrs = params.attrs as unknown as ConvolutionAttributes;
        const {x, filter} = params.inputs as {x: tf.TensorInfo; filter: tf.TensorInfo};
        const pad = attrs.pad === "same" ? padding(x.shape, filter.shape, attrs) : undefined;
        return stock.kernelFunc(pad ? {...params, attrs: {...params.attrs, pad}} : params);
      },
    });
  }
}

interface ConvolutionAttributes {
  readonly pad: unknown;
  readonly strides: number | readonly number[];
  readonly dilations?: number | readonly number[];
}

/** Rows before and after, columns before and after, as "same" means them; undefined where all of the image is seen. */
function padding(
  image: readonly number[],
  filter: readonly number[],
  {strides, dilations}: ConvolutionAttributes,
): number[][] | undefined {
  const totals = [0, 1].map(axis => {
    const [stride, dilation] = [along(strides, axis), along(dilations ?? 1, axis)];
    const size = image[axis + 1];
    return (Math.ceil(size / stride) - 1) * stride + (filter[axis] - 1) * dilation + 1 - size;
  });
  if (totals.every(total => total >= 0)) return undefined;
  const sides = totals.map(total => [Math.floor(Math.max(0, total) / 2), Math.ceil(Math.max(0, total) / 2)]);
  return [[0, 0], ...sides, [0, 0]];
}

function along(value: number | readonly number[], axis: number): number {
  return typeof value === "number" ? value : value[axis];
}
