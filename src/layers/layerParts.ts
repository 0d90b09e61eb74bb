import * as tf from "@tensorflow/tfjs";

/** The one tensor that a layer of ours takes. */
export function onlyTensor(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  if (!Array.isArray(inputs)) return inputs;
  if (inputs.length !== 1) throw new RangeError(`this layer takes one input, got ${inputs.length}`);
  return inputs[0];
}

/** The one shape that a layer of ours is built for. */
export function onlyShape(shape: tf.Shape | tf.Shape[]): tf.Shape {
  return Array.isArray(shape[0]) ? shape[0] : (shape as tf.Shape);
}

/** What tf.layers.Layer itself takes. A saved config brings all of it back, beside the options of our layers. */
export interface LayerArguments {
  readonly name?: string;
  readonly inputShape?: tf.Shape;
  readonly batchInputShape?: tf.Shape;
  readonly dtype?: tf.DataType;
  readonly trainable?: boolean;
}

export const layerArgumentNames = ["name", "inputShape", "batchInputShape", "dtype", "trainable"] as const;

/** The part of a layer's options or saved config that is tf.layers.Layer's. */
export function layerArguments(options: LayerArguments): LayerArguments {
  const {name, inputShape, batchInputShape, dtype, trainable} = options;
  return {name, inputShape, batchInputShape, dtype, trainable};
}

/** A rule as it stands in a layer's config: its name. A function of the user's own has none. */
export function ruleName(what: string, rule: unknown): string {
  if (typeof rule === "string") return rule;
  throw new RangeError(
    `a layer whose ${what} is a function cannot be saved: its code has no place in the file`,
  );
}

/** An initializer that hands out given values. */
export class GivenValues extends tf.serialization.Serializable {
  /** @nocollapse */
  static className = "GivenValues";

  constructor(private readonly values: Float32Array) {
    super();
  }

  fromConfigUsesCustomObjects(): boolean {
    return false;
  }

  apply(shape: tf.Shape): tf.Tensor {
    return tf.tensor(this.values, shape as number[]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {};
  }
}
