import * as tf from "@tensorflow/tfjs";
import {hasOperation, runOperation} from "../backend/operations";
import {layerArguments, onlyTensor, ruleName} from "./layerParts";
import {type SurrogateFunction, type SurrogateRule, surrogateNamed, surrogates} from "./surrogates";

/** Options of a binary activation. */
export interface BinaryActivationOptions {
  readonly surrogate?: SurrogateRule;
  readonly name?: string;
}

/** sign(x) ∈ {−1, +1} with sign(0) = +1; backward dL/dx = dL/dy ⊙ surrogate(x). Any shape. */
export function signActivation(x: tf.Tensor, surrogate: SurrogateFunction): tf.Tensor {
  const activate = tf.customGrad((...args: unknown[]) => {
    const [input, save] = args as [tf.Tensor, tf.GradSaveFunc];
    save([input]);
    const value = hasOperation("MultiprizeSign")
      ? runOperation("MultiprizeSign", [input])[0]
      : tf.greaterEqual(input, 0).toFloat().mul(2).sub(1);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor =>
      surrogate === surrogates["bi-real"] && hasOperation("MultiprizeBiRealGrad")
        ? runOperation("MultiprizeBiRealGrad", [dy, saved[0]])[0]
        : dy.mul(surrogate(saved[0]));
    return {value, gradFunc};
  });
  return activate(x);
}

/** The layer of `signActivation`: the activation of MPT-1/1. Input and output of any one shape. */
export class BinaryActivation extends tf.layers.Layer {
  /** What TensorFlow.js registers the layer as, and saved models name it by. */
  static className = "BinaryActivation";
  private readonly surrogate: SurrogateRule;
  private readonly derivative: SurrogateFunction;

  constructor(options: BinaryActivationOptions = {}) {
    super(layerArguments(options));
    this.surrogate = options.surrogate ?? "bi-real";
    this.derivative = surrogateNamed(this.surrogate);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => signActivation(onlyTensor(inputs), this.derivative));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {...super.getConfig(), surrogate: ruleName("surrogate", this.surrogate)};
  }
}
tf.serialization.registerClass(BinaryActivation);

/** The layer sign(x) ∈ {−1, +1}, sign(0) = +1, of any shape. RangeError for an unknown surrogate. */
export function binaryActivation(options: BinaryActivationOptions = {}): BinaryActivation {
  return new BinaryActivation(options);
}
