import * as tf from "@tensorflow/tfjs";
import {replaceKernel} from "./nativeBackend";
import {hasOperation, runOperation} from "./operations";

let nativeRegistered = false;

export interface MaxPoolGradientAttributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: "same" | "valid" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * MaxPoolGrad: each dL/dy goes to the first maximum of its window, in row-major order. The WebAssembly backend's own
 * loses it where no entry is positive, and gives it to the last of equal maxima.
 */
export function registerMaxPoolGradient(backendName: string): void {
  if (tf.getKernel("MaxPoolGrad", backendName) !== undefined) tf.unregisterKernel("MaxPoolGrad", backendName);
  tf.registerKernel({
    kernelName: "MaxPoolGrad",
    backendName,
    kernelFunc: ({inputs, attrs}) => {
      const {dy, input} = inputs as {dy: tf.Tensor4D; input: tf.Tensor4D};
      return maxPoolGradient(input, dy, attrs as unknown as MaxPoolGradientAttributes);
    },
  });
}

/** Takes 2×2 windows with stride 2 on even sides in the project's own native operation; other windows stay as they were. */
export function registerNativeMaxPoolGradient(): void {
  const stock = tf.getKernel("MaxPoolGrad", "tensorflow");
  if (nativeRegistered || stock === undefined || !hasOperation("MultiprizeMaxPool2Grad", "tensorflow"))
    return;
  nativeRegistered = true;
  replaceKernel({
    ...stock,
    kernelFunc: params => {
      const {dy, input} = params.inputs as {dy: tf.Tensor4D; input: tf.Tensor4D};
      const {filterSize, strides, pad} = params.attrs as unknown as MaxPoolGradientAttributes;
      const [, height, width] = input.shape;
      const halves = [filterSize, strides].flat().every(size => size === 2) && (pad === "valid" || pad === 0);
      if (!halves || height % 2 !== 0 || width % 2 !== 0) return stock.kernelFunc(params);
      return runOperation("MultiprizeMaxPool2Grad", [input, dy])[0];
    },
  });
}

/** The gradient itself. x and the result [batch, h, w, c], dy [batch, h', w', c]. */
export function maxPoolGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  {filterSize, strides, pad, dimRoundingMode}: MaxPoolGradientAttributes,
): tf.Tensor4D {
  const info = tf.backend_util.computePool2DInfo(x.shape, filterSize, strides, 1, pad, dimRoundingMode);
  const {batchSize, inHeight, inWidth, outHeight, outWidth, inChannels: channels} = info;
  const [values, gradients] = [x.dataSync(), dy.dataSync()];
  const dx = new Float32Array(values.length);
  let out = 0;
  for (let n = 0; n < batchSize; n++) {
    for (let i = 0; i < outHeight; i++) {
      const top = i * info.strideHeight - info.padInfo.top;
      const [firstRow, lastRow] = [Math.max(top, 0), Math.min(top + info.filterHeight, inHeight)];
      for (let j = 0; j < outWidth; j++) {
        const left = j * info.strideWidth - info.padInfo.left;
        const [firstColumn, lastColumn] = [Math.max(left, 0), Math.min(left + info.filterWidth, inWidth)];
        for (let c = 0; c < channels; c++) {
          let largest = ((n * inHeight + firstRow) * inWidth + firstColumn) * channels + c;
          for (let row = firstRow; row < lastRow; row++) {
            for (let column = firstColumn; column < lastColumn; column++) {
              const at = ((n * inHeight + row) * inWidth + column) * channels + c;
              if (values[at] > values[largest]) largest = at;
            }
          }
          dx[largest] += gradients[out++];
        }
      }
    }
  }
  return tf.tensor4d(dx, x.shape);
}
