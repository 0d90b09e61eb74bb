import * as tf from "@tensorflow/tfjs";
import {onlyShape, onlyTensor} from "./layerParts";
import {MaskedLayer} from "./maskedLayer";
import type {MaskedOptions} from "./maskedOptions";
import {binarises} from "./method";
import {exactSums} from "./settle";

/** Options of a masked dense layer. */
export interface MaskedDenseOptions extends MaskedOptions {
  readonly units: number;
  /** All inputs are whole multiples of it, 1 for signs; sums are then exact: equal ones stay equal. */
  readonly inputStep?: number;
  /** [features], for the first layer of a sequential model. */
  readonly inputShape?: tf.Shape;
}

/** A bias-free matrix product with masked weights. Input [batch, in], weights [in, units], output [batch, units]. */
export class MaskedDense extends MaskedLayer {
  /** What TensorFlow.js registers the layer as, and saved models name it by. */
  static className = "MaskedDense";
  readonly units: number;
  readonly inputStep: number | undefined;

  constructor(options: MaskedDenseOptions) {
    const {units, inputStep} = options;
    super(options, ["units", "inputStep"]);
    if (!Number.isInteger(units) || units <= 0) {
      throw new RangeError(`units must be a positive whole number, got ${units}`);
    }
    if (inputStep !== undefined && !(inputStep > 0 && binarises(this.options.method))) {
      throw new RangeError(`inputStep is positive, and for binarised weights; got ${inputStep}`);
    }
    this.units = units;
    this.inputStep = inputStep;
    this.inputSpec = [{ndim: 2}];
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = onlyShape(inputShape);
    const features = shape[1];
    if (shape.length !== 2 || features == null) {
      throw new RangeError(`${this.name} takes [batch, features], got [${shape}]; flatten first`);
    }
    this.buildWeights([features, this.units]);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return [onlyShape(inputShape)[0], this.units];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const weights = this.effectiveWeights() as tf.Tensor2D;
      const y = tf.matMul(onlyTensor(inputs) as tf.Tensor2D, weights);
      return this.inputStep === undefined ? y : exactSums(y, weights, this.inputStep);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const {units, inputStep} = this;
    return {...super.getConfig(), units, ...(inputStep === undefined ? {} : {inputStep})};
  }
}
tf.serialization.registerClass(MaskedDense);

/** A masked dense layer, [batch, inputs] to [batch, units], weights IO, without bias. RangeError for bad sizes. */
export function maskedDense(options: MaskedDenseOptions): MaskedDense {
  return new MaskedDense(options);
}
