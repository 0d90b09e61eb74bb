import * as tf from "@tensorflow/tfjs";
import type {Arithmetic} from "../backend/arithmetic";
import {NotANumber, UserError} from "../core/errors";
import type {Batch} from "../data/batches";
import type {Network} from "../layers/build";
import type {TorchOptimizer} from "../optim/optimizer";
import {batchGradients} from "./batchGradients";
import type {Position} from "./position";
import type {SearchSpec} from "./spec";

/** A search whose numbers left the finite ones: an outcome of its settings, the same whenever it is repeated. */
export class Diverged extends UserError {}

/** What the selection throws of scores that are not numbers, as that error; any other as it is. */
export function divergedOr(error: unknown): unknown {
  return error instanceof NotANumber ? new Diverged(error.message) : error;
}

/**
 * One update; adds the batch's loss and hits, taken before it, to the epoch's sums. Aborted between two parts of the
 * batch, it throws and leaves everything as it was.
 */
export async function trainStep(
  spec: SearchSpec,
  network: Network,
  optimizer: TorchOptimizer,
  arithmetic: Arithmetic,
  trained: readonly tf.Variable[],
  batch: Batch,
  sums: Position,
  signal?: AbortSignal,
): Promise<void> {
  const size = batch.labels.length;
  const {labelSmoothing, batchParts: parts} = spec;
  const {loss, correct, gradients} = await batchGradients(network, trained, batch, {
    arithmetic,
    labelSmoothing,
    parts,
    signal,
  });
  const owned = Object.values(gradients);
  try {
    const scaled = sums.scoreFactors && scaledGradients(gradients, network, sums.scoreFactors);
    if (scaled) owned.push(...Object.values(scaled));
    optimizer.applyGradients(scaled ?? gradients);
  } finally {
    tf.dispose(owned);
  }
  sums.lossSum += size * loss;
  sums.correct += correct;
  sums.seen += size;
  if (!Number.isFinite(loss)) {
    throw new Diverged(
      `the loss became ${loss} at step ${sums.step + 1}: use a smaller learning rate than ${optimizer.learningRate}`,
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
