import * as tf from "@tensorflow/tfjs";

export interface FilterGradientAttributes {
  readonly strides: number | [number, number];
  readonly pad: "same" | "valid" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly filterShape: [number, number, number, number];
}

/**
 * Conv2DBackpropFilter as kh·kw matrix products: dW[i, j] = Σ over batch and pixels of x shifted by (i, j), transposed,
 * times dy. x NHWC, dy NHWC, dW HWIO. For backends that have none of their own, so that convolutions train there.
 */
export function registerConv2dFilterGradient(backendName: string): void {
  if (tf.getKernel("Conv2DBackpropFilter", backendName) !== undefined) return;
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName,
    kernelFunc: ({inputs, attrs}) => {
      // Operations hand kernels tensors. A second tensor over the same data would free it with the first.
      const {x, dy} = inputs as {x: tf.Tensor4D; dy: tf.Tensor4D};
      return filterGradient(x, dy, attrs as unknown as FilterGradientAttributes);
    },
  });
}

/** The gradient itself, from public operations. */
export function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  attributes: FilterGradientAttributes,
): tf.Tensor4D {
  const {strides, pad, dimRoundingMode, filterShape} = attributes;
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  const {top, bottom, left, right} = info.padInfo;
  const {strideHeight, strideWidth, outHeight, outWidth, batchSize} = info;
  return tf.tidy(() => {
    const padded = tf.pad4d(x, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
    const dyRows = tf.reshape(dy, [-1, filterShape[3]]);
    const products: tf.Tensor[] = [];
    for (let i = 0; i < filterShape[0]; i++) {
      for (let j = 0; j < filterShape[1]; j++) {
        const shifted = tf.stridedSlice(
          padded,
          [0, i, j, 0],
          [
            batchSize,
            i + (outHeight - 1) * strideHeight + 1,
            j + (outWidth - 1) * strideWidth + 1,
            filterShape[2],
          ],
          [1, strideHeight, strideWidth, 1],
        );
        products.push(tf.matMul(shifted.reshape([-1, filterShape[2]]), dyRows, true, false));
      }
    }
    return tf.stack(products).reshape(filterShape) as tf.Tensor4D;
  });
}
