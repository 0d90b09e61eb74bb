import * as tf from "@tensorflow/tfjs";
import {onlyShape, onlyTensor} from "./layerParts";
import {MaskedLayer, type MaskedOptions} from "./maskedLayer";

export interface MaskedDenseOptions extends MaskedOptions {
  readonly units: number;
  /** [features], for the first layer of a sequential model. */
  readonly inputShape?: tf.Shape;
}

/** A bias-free matrix product with masked weights. Input [batch, in], weights [in, units], output [batch, units]. */
export class MaskedDense extends MaskedLayer {
  /** @nocollapse */
  static className = "MaskedDense";
  readonly units: number;

  constructor(options: MaskedDenseOptions) {
    const {units} = options;
    super(options);
    if (!Number.isInteger(units) || units <= 0) {
      throw new RangeError(`units must be a positive whole number, got ${units}`);
    }
    this.units = units;
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
      return tf.matMul(onlyTensor(inputs) as tf.Tensor2D, this.effectiveWeights() as tf.Tensor2D);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {...super.getConfig(), units: this.units};
  }
}
tf.serialization.registerClass(MaskedDense);

export function maskedDense(options: MaskedDenseOptions): MaskedDense {
  return new MaskedDense(options);
}
