import * as tf from "@tensorflow/tfjs";
import {hasOperation, runOperation} from "../backend/operations";
import {windowSteps} from "../network/geometry";
import {layerArguments, onlyShape, onlyTensor} from "./layerParts";

export interface PaddedMaxPoolOptions {
  readonly size: number;
  readonly strides: number;
  /** Rows and columns of −∞ on every side, as PyTorch pads; TensorFlow's "same" pads unevenly. */
  readonly padding?: number;
  /** ReLU behind it: max(relu(x)) = relu(max(x)). */
  readonly relu?: boolean;
  readonly name?: string;
}

/** 2×2 max-pooling with stride 2 on even sides, and ReLU behind it if asked for, in one native operation each way. */
function halve(x: tf.Tensor4D, relu: boolean): tf.Tensor {
  const ints = {relu: relu ? 1 : 0};
  const pool = tf.customGrad((...args: unknown[]) => {
    const [input, save] = args as [tf.Tensor4D, tf.GradSaveFunc];
    save([input]);
    const [value] = runOperation("MultiprizeMaxPool2", [input], {ints});
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor =>
      runOperation("MultiprizeMaxPool2Grad", [saved[0], dy], {ints})[0];
    return {value, gradFunc};
  });
  return pool(x);
}

/** Max-pooling with symmetric padding. Input [batch, h, w, c], output [batch, h', w', c]. */
export class PaddedMaxPool extends tf.layers.Layer {
  /** @nocollapse */
  static className = "PaddedMaxPool";
  readonly size: number;
  readonly strides: number;
  readonly padding: number;
  readonly relu: boolean;

  constructor(options: PaddedMaxPoolOptions) {
    super(layerArguments(options));
    this.size = options.size;
    this.strides = options.strides;
    this.padding = options.padding ?? 0;
    this.relu = options.relu ?? false;
    this.inputSpec = [{ndim: 4}];
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, height, width, channels] = onlyShape(inputShape);
    const {size, strides: stride, padding: pad} = this;
    const steps = (side: number | null): number | null =>
      side == null ? null : windowSteps(side, {size, stride, pad}, this.name);
    return [batch, steps(height), steps(width), channels];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = onlyTensor(inputs) as tf.Tensor4D;
      if (this.halves(x)) return halve(x, this.relu);
      const sides: [number, number] = [this.padding, this.padding];
      const padded =
        this.padding === 0 ? x : tf.pad4d(x, [[0, 0], sides, sides, [0, 0]], Number.NEGATIVE_INFINITY);
      const pooled = tf.maxPool(padded, this.size, this.strides, "valid");
      return this.relu ? tf.relu(pooled) : pooled;
    });
  }

  /** Whether the native operation serves. */
  private halves({shape: [, height, width]}: tf.Tensor4D): boolean {
    const {size, strides, padding} = this;
    const even = height % 2 === 0 && width % 2 === 0;
    return size === 2 && strides === 2 && padding === 0 && even && hasOperation("MultiprizeMaxPool2");
  }

  override getConfig(): tf.serialization.ConfigDict {
    const {size, strides, padding, relu} = this;
    return {...super.getConfig(), size, strides, padding, relu};
  }
}
tf.serialization.registerClass(PaddedMaxPool);

export function paddedMaxPool(options: PaddedMaxPoolOptions): PaddedMaxPool {
  return new PaddedMaxPool(options);
}
