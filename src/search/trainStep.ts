import * as tf from "@tensorflow/tfjs";
import type {Arithmetic} from "../backend/arithmetic";
import type {Batch} from "../data/batches";
import type {Network} from "../layers/build";
import type {TorchOptimizer} from "../optim/optimizer";
import {batchGradients} from "./batchGradients";
import {Diverged} from "./diverged";
import type {Position} from "./position";
import {scaledGradients} from "./scoreRate";
import type {SearchSpec} from "./spec";
import type {Steering} from "./steering";

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
  {signal, watch}: {signal?: AbortSignal; watch?: Steering["onGradients"]} = {},
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
    const scaled = sums.scoreFactors && scaledGradients(gradients, network, spec, sums.scoreFactors);
    if (scaled) owned.push(...Object.values(scaled));
    await watch?.(gradients, network);
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
