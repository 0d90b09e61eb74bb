import * as tf from "@tensorflow/tfjs";
import {layerArguments, onlyShape, onlyTensor} from "./layerParts";

export interface PaddedMaxPoolOptions {
  readonly size: number;
  readonly strides: number;
  /** Rows and columns of −∞ on every side, as PyTorch pads; TensorFlow's "same" pads unevenly. */
  readonly padding?: number;
  readonly name?: string;
}

/** Max-pooling with symmetric padding. Input [batch, h, w, c], output [batch, h', w', c]. */
export class PaddedMaxPool extends tf.layers.Layer {
  /** @nocollapse */
  static className = "PaddedMaxPool";
  readonly size: number;
  readonly strides: number;
  readonly padding: number;

  constructor(options: PaddedMaxPoolOptions) {
    super(layerArguments(options));
    this.size = options.size;
    this.strides = options.strides;
    this.padding = options.padding ?? 0;
    this.inputSpec = [{ndim: 4}];
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, height, width, channels] = onlyShape(inputShape);
    const steps = (size: number | null): number | null =>
      size == null ? null : Math.floor((size + 2 * this.padding - this.size) / this.strides) + 1;
    return [batch, steps(height), steps(width), channels];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = onlyTensor(inputs) as tf.Tensor4D;
      const sides: [number, number] = [this.padding, this.padding];
      const padded =
        this.padding === 0 ? x : tf.pad4d(x, [[0, 0], sides, sides, [0, 0]], Number.NEGATIVE_INFINITY);
      return tf.maxPool(padded, this.size, this.strides, "valid");
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const {size, strides, padding} = this;
    return {...super.getConfig(), size, strides, padding};
  }
}
tf.serialization.registerClass(PaddedMaxPool);

export function paddedMaxPool(options: PaddedMaxPoolOptions): PaddedMaxPool {
  return new PaddedMaxPool(options);
}
