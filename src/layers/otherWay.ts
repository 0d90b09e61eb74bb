import * as tf from "@tensorflow/tfjs";
import {layerArguments, onlyShape, onlyTensor} from "./layerParts";

const others = new WeakMap<tf.Tensor, tf.Tensor>();

/** Has a layer `otherWay` give `again` for `y`: the same values, whose gradient whoever made both is given apart. */
export function keepOther(y: tf.Tensor, again: tf.Tensor): void {
  others.set(y, again);
}

/**
 * The identity, for the second of two ways on from a batch norm with `twice`. (A layer of two outputs would be computed
 * twice: TensorFlow.js runs a layer for each of its outputs.)
 */
export class OtherWay extends tf.layers.Layer {
  /** What TensorFlow.js registers the layer as, and saved models name it by. */
  static className = "MultiprizeOtherWay";

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return onlyShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = onlyTensor(inputs);
    return others.get(x) ?? x.clone();
  }
}
tf.serialization.registerClass(OtherWay);

/** The other way of a batch norm of this name. */
export function otherWay(name: string): OtherWay {
  return new OtherWay(layerArguments({name}));
}
