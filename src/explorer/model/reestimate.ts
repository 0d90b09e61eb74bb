import type {Inference} from "../../infer/inference";
import {type BinaryNetwork, channelAffine} from "../../infer/network";
import type {Ticket} from "../../ticket/ticket";
import {operationsBefore} from "./prefix";

/** Makes an engine of a network, or of the beginning of one. */
export type MakeInference = (network: BinaryNetwork) => Inference;

/**
 * The network with the statistics of every batch norm taken from `count` images, one batch norm after the other, each
 * behind those that are taken already: mean and unbiased variance of a channel over all images and pixels, as a training
 * step's. Its γ and β stay.
 */
export function reestimated(
  network: BinaryNetwork,
  {batchNorms, batchNorm}: Pick<Ticket, "batchNorms" | "batchNorm">,
  images: Float32Array,
  count: number,
  make: MakeInference,
): BinaryNetwork {
  let now = network;
  for (const {name, gamma, beta, mean} of batchNorms) {
    const values = make({...now, operations: operationsBefore(now.operations, name)}).logits(images, count);
    const statistics = channelStatistics(values, mean.length);
    const norm = channelAffine({...statistics, gamma, beta, epsilon: batchNorm.epsilon});
    now = {...now, norms: new Map(now.norms).set(name, norm)};
  }
  return now;
}

/** Mean and unbiased variance of each channel of NHWC values, summed in doubles. */
export function channelStatistics(
  values: Float32Array,
  channels: number,
): {mean: Float32Array; variance: Float32Array} {
  const n = values.length / channels;
  const mean = new Float64Array(channels);
  for (let i = 0; i < values.length; i++) mean[i % channels] += values[i] / n;
  const squares = new Float64Array(channels);
  for (let i = 0; i < values.length; i++) squares[i % channels] += (values[i] - mean[i % channels]) ** 2;
  return {mean: Float32Array.from(mean), variance: Float32Array.from(squares, sum => sum / (n - 1))};
}
