import * as tf from "@tensorflow/tfjs";
import type {Arithmetic} from "../backend/arithmetic";
import {UserError} from "../core/errors";
import type {Batch} from "../data/batches";
import type {Network} from "../models/build";
import {correctCount} from "../optim/loss";
import type {TorchOptimizer} from "../optim/optimizer";
import {lossAndGradients} from "./gradients";
import type {Position} from "./position";
import type {SearchSpec} from "./spec";

/** A search whose numbers left the finite ones: an outcome of its settings, the same whenever it is repeated. */
export class Diverged extends UserError {}

/** The selection's own word for it, from the kernels or the plain path, as that error; any other as it is. */
export function divergedOr(error: unknown): unknown {
  const {message = ""} = error as Partial<Error>;
  return message.includes("scores contain NaN") ? new Diverged(message) : error;
}

/** One update; adds the batch's loss and hits, taken before it, to the epoch's sums. */
export function trainStep(
  spec: SearchSpec,
  network: Network,
  optimizer: TorchOptimizer,
  arithmetic: Arithmetic,
  trained: readonly tf.Variable[],
  batch: Batch,
  sums: Position,
): void {
  const size = batch.labels.length;
  const owned: tf.Tensor[] = [];
  let value: number;
  try {
    const images = tf.tensor4d(batch.images, [...batch.shape]);
    const labels = tf.tensor1d(batch.labels, "int32");
    owned.push(images, labels);
    const {labelSmoothing} = spec;
    const {loss, logits, gradients} = arithmetic.run(() =>
      lossAndGradients(network.model, trained, images, labels, {labelSmoothing}),
    );
    owned.push(loss, logits, ...Object.values(gradients));
    const scaled = sums.scoreFactors && scaledGradients(gradients, network, sums.scoreFactors);
    if (scaled) owned.push(...Object.values(scaled));
    optimizer.applyGradients(scaled ?? gradients);
    const right = correctCount(logits, labels);
    owned.push(right);
    value = loss.dataSync()[0];
    sums.lossSum += size * value;
    sums.correct += right.dataSync()[0];
    sums.seen += size;
  } finally {
    tf.dispose(owned);
  }
  if (!Number.isFinite(value)) {
    throw new Diverged(
      `the loss became ${value} at step ${sums.step + 1}: use a smaller learning rate than ${optimizer.learningRate}`,
    );
  }
}

/** Every gradient anew: those of scores times their layer's factor. */
function scaledGradients(
  gradients: tf.NamedTensorMap,
  network: Network,
  factors: Readonly<Record<string, number>>,
): tf.NamedTensorMap {
  const ofVariable = new Map(
    network.masked.map(layer => [layer.variables().scores?.name, factors[layer.name]]),
  );
  return Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, ofVariable.get(name) ?? 1)]),
  );
}
