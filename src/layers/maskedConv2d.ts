import * as tf from "@tensorflow/tfjs";
import {takesBorder} from "../backend/borderedConvolution";
import {takesEverySecond} from "../backend/pointwise";
import {windowSteps} from "../network/geometry";
import {onlyShape, onlyTensor} from "./layerParts";
import {MaskedLayer} from "./maskedLayer";
import type {MaskedOptions} from "./maskedOptions";
import {nearZeroIsZero} from "./settle";
import {subsample} from "./subsample";

/** Options of a masked convolution. */
export interface MaskedConv2dOptions extends MaskedOptions {
  readonly filters: number;
  /** Height and width of the square kernel. */
  readonly kernelSize: number;
  readonly strides?: number;
  /** Zeros on every side, as PyTorch pads; `same` is (kernelSize − 1)/2 of them. TensorFlow's own "same" differs at stride 2. */
  readonly padding?: "same" | number;
  /** A sign comes next: sums that are zero but for rounding become 0. */
  readonly beforeSign?: boolean;
  /** [height, width, channels], for the first layer of a sequential model. */
  readonly inputShape?: tf.Shape;
}

/** A bias-free convolution with masked weights. Input [batch, h, w, in], weights HWIO, output [batch, h', w', filters]. */
export class MaskedConv2d extends MaskedLayer {
  /** What TensorFlow.js registers the layer as, and saved models name it by. */
  static className = "MaskedConv2d";
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides: number;
  readonly padding: number;
  readonly beforeSign: boolean;

  constructor(options: MaskedConv2dOptions) {
    const {filters, kernelSize, strides = 1, padding = "same", beforeSign = false} = options;
    super(options, ["filters", "kernelSize", "strides", "padding", "beforeSign"]);
    this.filters = positiveInteger("filters", filters);
    this.kernelSize = positiveInteger("kernelSize", kernelSize);
    this.strides = positiveInteger("strides", strides);
    if (padding === "same" && kernelSize % 2 === 0) {
      throw new RangeError(`padding same needs an odd kernelSize, got ${kernelSize}; give a number of zeros`);
    }
    this.padding = padding === "same" ? (kernelSize - 1) / 2 : padding;
    if (!Number.isInteger(this.padding) || this.padding < 0) {
      throw new RangeError(`padding is "same" or a whole number of zeros, got ${padding}`);
    }
    this.beforeSign = beforeSign;
    this.inputSpec = [{ndim: 4}];
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = onlyShape(inputShape);
    const channels = shape[3];
    if (shape.length !== 4 || channels == null) {
      throw new RangeError(`${this.name} takes [batch, height, width, channels], got [${shape}]`);
    }
    this.buildWeights([this.kernelSize, this.kernelSize, channels, this.filters]);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, height, width] = onlyShape(inputShape);
    return [batch, this.outputSize(height), this.outputSize(width), this.filters];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const x = onlyTensor(inputs) as tf.Tensor4D;
      const weights = this.effectiveWeights() as tf.Tensor4D;
      const y = this.convolve(x, weights);
      return this.beforeSign ? nearZeroIsZero(y, weights) : y;
    });
  }

  private convolve(x: tf.Tensor4D, weights: tf.Tensor4D): tf.Tensor4D {
    const p = this.padding;
    if (this.strides === 1 && 2 * p + 1 === this.kernelSize) return tf.conv2d(x, weights, 1, "same");
    if (p === 0 && takesEverySecond(weights, this.strides)) {
      return tf.conv2d(x, weights, this.strides, "valid");
    }
    // Faster, and on even sides the same to the last bit. oneDNN's own filter gradient at a stride writes beyond its memory where
    // channels are no multiple of 16 (TensorFlow 2.21, AVX-512: 8 to 16 channels at 56×56, stride 2).
    if (this.kernelSize === 1 && p === 0) return tf.conv2d(subsample(x, this.strides), weights, 1, "same");
    const sides: [number, number] = [p, p];
    if (takesBorder(weights, this.strides, p)) {
      return tf.conv2d(x, weights, this.strides, [[0, 0], sides, sides, [0, 0]]);
    }
    const padded = p === 0 ? x : tf.pad4d(x, [[0, 0], sides, sides, [0, 0]]);
    return tf.conv2d(padded, weights, this.strides, "valid");
  }

  override getConfig(): tf.serialization.ConfigDict {
    const {filters, kernelSize, strides, padding, beforeSign} = this;
    return {...super.getConfig(), filters, kernelSize, strides, padding, beforeSign};
  }

  private outputSize(side: number | null): number | null {
    if (side == null) return null;
    return windowSteps(side, {size: this.kernelSize, stride: this.strides, pad: this.padding}, this.name);
  }
}
tf.serialization.registerClass(MaskedConv2d);

/**
 * A masked convolution, NHWC, weights HWIO, without bias. RangeError for sizes that are no positive whole
 * numbers.
 */
export function maskedConv2d(options: MaskedConv2dOptions): MaskedConv2d {
  return new MaskedConv2d(options);
}

function positiveInteger(what: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`${what} must be a positive whole number, got ${value}`);
}
