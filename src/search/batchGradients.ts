import * as tf from "@tensorflow/tfjs";
import type {Arithmetic} from "../backend/arithmetic";
import {readBack} from "../backend/readBack";
import type {Batch} from "../data/batches";
import type {Network} from "../layers/build";
import {correctCount} from "../optim/loss";
import {lossAndGradients} from "./gradients";

export interface BatchGradients {
  /** Mean over the batch. */
  readonly loss: number;
  readonly correct: number;
  /** Of the mean loss, by variable name. The caller disposes of them. */
  readonly gradients: tf.NamedTensorMap;
}

export interface BatchOptions {
  readonly arithmetic: Arithmetic;
  readonly labelSmoothing?: number;
  /** Pieces that the batch is taken in, one after the other; 1 unless given. */
  readonly parts?: number;
  /** Heard between two parts: the batch is given up, and batch norm's running values are put back. */
  readonly signal?: AbortSignal;
}

/**
 * Loss, hits and gradients of a batch: dL = Σ_p (n_p/n)·dL_p over parts p of n_p images, which need no more memory than
 * one part does. Batch norm takes its statistics from a part, so only without it do parts leave the gradient as it is.
 */
export async function batchGradients(
  network: Network,
  variables: readonly tf.Variable[],
  batch: Batch,
  {arithmetic, labelSmoothing, parts = 1, signal}: BatchOptions,
): Promise<BatchGradients> {
  const n = batch.labels.length;
  const count = Math.min(parts, n);
  if (count === 0) throw new RangeError("a batch without images has no gradient");
  if (count === 1) return wholeGradients(network, variables, batch, arithmetic, labelSmoothing);
  const running = network.batchNorms.flatMap(layer => {
    const {runningMean, runningVariance} = layer.variables();
    return [runningMean, runningVariance].map(variable => ({variable, before: variable.clone()}));
  });
  let total: BatchGradients | undefined;
  try {
    for (let i = 0; i < count; i++) {
      const piece = pieceOf(batch, Math.floor((i * n) / count), Math.floor(((i + 1) * n) / count));
      const part = await wholeGradients(network, variables, piece, arithmetic, labelSmoothing);
      total = plus(total, part, piece.labels.length / n);
      if (signal) await new Promise(setImmediate);
      signal?.throwIfAborted();
    }
    return total as BatchGradients;
  } catch (error) {
    if (total) tf.dispose(total.gradients);
    for (const {variable, before} of running) variable.assign(before);
    throw error;
  } finally {
    tf.dispose(running.map(({before}) => before));
  }
}

async function wholeGradients(
  {model}: Network,
  variables: readonly tf.Variable[],
  batch: Batch,
  arithmetic: Arithmetic,
  labelSmoothing?: number,
): Promise<BatchGradients> {
  const images = tf.tensor4d(batch.images, [...batch.shape]);
  const labels = tf.tensor1d(batch.labels, "int32");
  const owned: tf.Tensor[] = [images, labels];
  try {
    const {loss, logits, gradients} = arithmetic.run(() =>
      lossAndGradients(model, variables, images, labels, {labelSmoothing}),
    );
    const right = correctCount(logits, labels);
    owned.push(loss, logits, right);
    await readBack([loss, right]).catch(error => {
      tf.dispose(gradients);
      throw error;
    });
    return {loss: loss.dataSync()[0], correct: right.dataSync()[0], gradients};
  } finally {
    tf.dispose(owned);
  }
}

/** total + share · part; both are disposed of. */
function plus(total: BatchGradients | undefined, part: BatchGradients, share: number): BatchGradients {
  const gradients = Object.fromEntries(
    Object.entries(part.gradients).map(([name, gradient]) => {
      const before = total?.gradients[name];
      const sum = tf.tidy(() => {
        const scaled = gradient.mul(share);
        return before ? before.add(scaled) : scaled;
      });
      tf.dispose(before ? [before, gradient] : [gradient]);
      return [name, sum];
    }),
  );
  return {
    loss: (total?.loss ?? 0) + share * part.loss,
    correct: (total?.correct ?? 0) + part.correct,
    gradients,
  };
}

/** Images from … to − 1, not copied. */
function pieceOf({images, labels, shape}: Batch, from: number, to: number): Batch {
  const size = images.length / labels.length;
  const [, ...rest] = shape;
  return {
    images: images.subarray(from * size, to * size),
    labels: labels.subarray(from, to),
    shape: [to - from, ...rest],
  };
}
