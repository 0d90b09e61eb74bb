import * as tf from "@tensorflow/tfjs";
import {checkNumber} from "./check";

/** How a loss is taken. */
export interface LossOptions {
  /** e: share of the target that is spread evenly over the classes, in [0, 1]. Default 0. */
  labelSmoothing?: number;
}

/**
 * Mean cross-entropy of a batch, with label smoothing e:
 *
 *     L = mean over the batch of (1 - e) * -log p_label + e * mean over classes of -log p,  p = softmax(logits)
 *     dL/dlogits = (p - t) / N,  t = (1 - e) * onehot(label) + e / C
 *
 * logits [N, C], labels [N] int32 in 0 … C - 1 (unchecked: reading them back would stall the device).
 * Source: biprop f709fc5 utils/net_utils.py, LabelSmoothing. Throws a RangeError for other shapes, a TypeError
 * for labels of another type.
 */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D, options: LossOptions = {}): tf.Scalar {
  checkLabels(logits, labels);
  const e = smoothing(options);
  return tf.tidy(() => {
    const target = smoothed(tf.oneHot(labels, logits.shape[1]).toFloat(), e);
    return againstTarget(logits, target, "mean") as tf.Scalar;
  });
}

/**
 * The same loss as a function for `model.compile({loss})`: yTrue one-hot [N, C], yPred logits [N, C], one loss for
 * each example [N] (tfjs takes the mean, and weighs them where `fit` has class or sample weights). RangeError for
 * other shapes.
 */
export function categoricalCrossEntropy(
  options: LossOptions = {},
): (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor {
  const e = smoothing(options);
  return (yTrue, yPred) => {
    if (yPred.rank !== 2 || !tf.util.arraysEqual(yTrue.shape, yPred.shape)) {
      throw new RangeError(
        `one-hot labels [${yTrue.shape}] and logits [${yPred.shape}] must both be [batch, classes]`,
      );
    }
    return tf.tidy(() => againstTarget(yPred as tf.Tensor2D, smoothed(yTrue.toFloat(), e), "none"));
  };
}

/**
 * How many of the batch have their largest logit (the first of equals) at the label: an int32 scalar. Logits [batch,
 * classes], labels [batch] int32; RangeError or TypeError for others.
 */
export function correctCount(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  checkLabels(logits, labels);
  return tf.tidy(() => tf.sum(tf.equal(tf.argMax(logits, 1), labels)) as tf.Scalar);
}

/** -sum over classes of t * log p, the mean over the batch or one a row; p by a log-sum-exp that can't overflow. */
function againstTarget(logits: tf.Tensor2D, target: tf.Tensor, reduction: "mean" | "none"): tf.Tensor {
  const forward = (z: tf.Tensor, save: tf.GradSaveFunc) => {
    const shifted = tf.sub(z, tf.max(z, 1, true));
    const exp = tf.exp(shifted);
    const sum = tf.sum(exp, 1, true);
    save([exp, sum, target]);
    const rows = tf.neg(tf.sum(tf.mul(target, tf.sub(shifted, tf.log(sum))), 1));
    return {value: reduction === "mean" ? tf.mean(rows) : rows, gradFunc: backward};
  };
  const backward = (dy: tf.Tensor, [exp, sum, t]: tf.Tensor[]) => {
    const scale = reduction === "mean" ? tf.div(dy, logits.shape[0]) : tf.expandDims(dy, 1);
    return tf.mul(tf.sub(tf.div(exp, sum), t), scale);
  };
  return tf.customGrad(forward as Parameters<typeof tf.customGrad>[0])(logits);
}

function smoothed(oneHot: tf.Tensor, e: number): tf.Tensor {
  return e === 0 ? oneHot : tf.add(tf.mul(oneHot, 1 - e), e / (oneHot.shape[1] as number));
}

function smoothing({labelSmoothing = 0}: LossOptions): number {
  return checkNumber("labelSmoothing", labelSmoothing, "in [0, 1]", e => e >= 0 && e <= 1);
}

function checkLabels(logits: tf.Tensor, labels: tf.Tensor): void {
  if (logits.rank !== 2 || labels.rank !== 1 || logits.shape[0] !== labels.shape[0]) {
    throw new RangeError(
      `logits must be [batch, classes] and labels [batch], got [${logits.shape}] and [${labels.shape}]`,
    );
  }
  if (labels.dtype !== "int32") throw new TypeError(`labels must be int32, got ${labels.dtype}`);
}
