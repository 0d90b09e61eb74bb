import * as tf from "@tensorflow/tfjs";

/** The largest difference, in root mean squares of the second. */
export function worst(a: tf.Tensor, b: tf.Tensor): number {
  return tf.tidy(() => a.sub(b).abs().max().div(tf.sqrt(b.square().mean())).dataSync()[0]);
}
