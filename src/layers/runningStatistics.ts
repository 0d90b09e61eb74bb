import type * as tf from "@tensorflow/tfjs";
import {hasOperation, runOperation} from "../backend/operations";

/** Of each channel. */
type MeanAndVariance = readonly [mean: tf.Tensor, variance: tf.Tensor];

/**
 * What the running values of a batch norm become: (1 − momentum)·running + momentum·batch, with the unbiased variance of
 * the batch's `count` values a channel from their biased one.
 */
export function runningStatistics(
  [mean, variance]: MeanAndVariance,
  [runningMean, runningVariance]: MeanAndVariance,
  momentum: number,
  count: number,
): MeanAndVariance {
  const [kept, fresh, unbiased] = [1 - momentum, momentum, count / (count - 1)];
  if (hasOperation("MultiprizeRunningStatistics")) {
    const tensors = [mean, variance, runningMean, runningVariance];
    const [newMean, newVariance] = runOperation("MultiprizeRunningStatistics", tensors, {
      floats: {kept, fresh, unbiased},
    });
    return [newMean, newVariance];
  }
  return [
    runningMean.mul(kept).add(mean.mul(fresh)),
    runningVariance.mul(kept).add(variance.mul(unbiased).mul(fresh)),
  ];
}
