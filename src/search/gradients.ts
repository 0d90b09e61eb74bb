import * as tf from "@tensorflow/tfjs";
import {crossEntropy, type LossOptions} from "../optim/loss";

/** The loss of a batch, and its gradients by variable. */
export interface LossAndGradients {
  readonly loss: tf.Scalar;
  /** [batch, classes] */
  readonly logits: tf.Tensor2D;
  /** By variable name. */
  readonly gradients: tf.NamedTensorMap;
}

/**
 * Loss of one batch and its gradients with respect to `variables`, batch norm in training mode (its running
 * statistics are updated). Without variables there are no gradients, but all the rest. Images [batch, h, w, c],
 * labels [batch] int32. The caller disposes of what it gets. RangeError for logits and labels that do not fit.
 */
export function lossAndGradients(
  model: tf.LayersModel,
  variables: readonly tf.Variable[],
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
  options: LossOptions = {},
): LossAndGradients {
  if (variables.length === 0) return {...forward(model, images, labels, options), gradients: {}};
  let logits: tf.Tensor2D | undefined;
  const {value, grads} = tf.variableGrads(() => {
    const output = model.apply(images, {training: true}) as tf.Tensor2D;
    logits = tf.keep(output);
    return crossEntropy(output, labels, options);
  }, [...variables]);
  if (logits === undefined) throw new RangeError("the model produced no logits");
  return {loss: value, logits, gradients: grads};
}

function forward(
  model: tf.LayersModel,
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
  options: LossOptions,
): Pick<LossAndGradients, "loss" | "logits"> {
  return tf.tidy(() => {
    const logits = model.apply(images, {training: true}) as tf.Tensor2D;
    return {loss: crossEntropy(logits, labels, options), logits};
  });
}
