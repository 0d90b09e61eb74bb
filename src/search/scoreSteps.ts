import * as tf from "@tensorflow/tfjs";
import {arithmeticOf} from "../backend/arithmetic";
import {readBack} from "../backend/readBack";
import {type Pictures, sourceOf} from "../data/source";
import type {Network} from "../layers/build";
import {batchGradients} from "./batchGradients";
import type {SearchSpec} from "./spec";

/**
 * r = rms(dL/dS) / mean |S| of each layer, on the search's first batch and before its first update: how far a step
 * of learning rate 1 would move the ranking. `pictures` are what the search trains on, its subset. In layer order;
 * float32. Batch norm's running values of `network` move. RangeError for a dense network.
 */
export async function scoreSteps(network: Network, spec: SearchSpec, pictures: Pictures): Promise<number[]> {
  const {batchSize, batchSeed: seed = spec.seed, cropReach, labelSmoothing, batchParts: parts} = spec;
  const batch = await sourceOf(pictures).trainBatch({seed, epoch: 0, batch: 0, batchSize, cropReach});
  const variables = network.masked.map(layer => layer.scoreTensor());
  const arithmetic = arithmeticOf("float32");
  const {gradients} = await batchGradients(network, variables, batch, {arithmetic, labelSmoothing, parts});
  const steps = await relativeSizes(variables, gradients);
  tf.dispose(gradients);
  return steps;
}

/** r of each layer's scores, from their gradients by variable name. */
export async function relativeSizes(
  variables: readonly tf.Variable[],
  gradients: tf.NamedTensorMap,
): Promise<number[]> {
  await readBack([...variables, ...variables.map(({name}) => gradients[name])]);
  return variables.map(scores => {
    const slope = gradients[scores.name].dataSync<"float32">();
    const values = scores.dataSync<"float32">();
    return Math.sqrt(mean(slope, value => value * value)) / meanMagnitude(values);
  });
}

/** mean |S|: what a step is measured by. */
export function meanMagnitude(scores: Float32Array): number {
  return mean(scores, Math.abs);
}

function mean(values: Float32Array, of: (value: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += of(values[i]);
  return sum / values.length;
}
