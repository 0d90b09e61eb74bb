import type * as tf from "@tensorflow/tfjs";
import {globalTopKMasks, topKMask} from "../core/mask";
import type {Dataset} from "../data/dataset";
import type {Network} from "../layers/build";
import type {MaskedLayer} from "../layers/maskedLayer";
import {binarises} from "../layers/method";
import {signNotFromSeed, sourceOf} from "../ticket/seedSigns";
import type {
  Initialisation,
  Provenance,
  Ranks,
  SignSource,
  Ticket,
  TicketBatchNorm,
  TicketLayer,
} from "../ticket/ticket";
import {TicketError} from "../ticket/ticketError";
import type {SearchResult} from "./result";
import type {SearchSpec} from "./spec";

/** What a ticket holds beyond the network. */
export interface TicketOptions {
  /** Keep fractions, rising, that the ticket can later be moved to; its file grows by about their ranks' entropy. */
  readonly fractions?: readonly number[];
  /** More to say about where it comes from. */
  readonly provenance?: Provenance;
}

/**
 * The ticket that a search has found, out of its network. What edge-popup and dense training leave is none: real
 * weights. Signs come from the seed where they are the seed's, else they are stored. TicketError for real weights.
 */
export function ticketOf(
  {
    spec,
    network,
    data,
    machine,
    epochs,
    testAccuracy,
    steered,
  }: Pick<SearchResult, "spec" | "network" | "data" | "machine" | "epochs" | "testAccuracy" | "steered">,
  {imageShape, classNames, normalisation}: Pick<Dataset, "imageShape" | "classNames" | "normalisation">,
  {fractions, provenance = {}}: TicketOptions = {},
): Ticket {
  if (!binarises(spec.method)) {
    throw new TicketError(
      `method ${spec.method} leaves real weights, which are no ticket of signs: search with method biprop`,
    );
  }
  const {arch, activation, width, batchNorm: mode, selection: kind} = spec;
  const layers = network.masked.map(ticketLayer);
  return {
    network: {arch, activation, width, classes: classNames.length},
    image: imageShape,
    classNames,
    normalisation,
    batchNorm: {mode, epsilon: network.batchNorms[0]?.epsilon ?? 1e-5},
    selection: {kind, keepFraction: network.masked[0].keepFraction},
    signs: signSource(spec, layers),
    layers,
    batchNorms: ticketBatchNorms(network),
    provenance: {
      dataset: data.name,
      trainImages: data.trainImages,
      epochs: epochs.length,
      ...(Number.isNaN(testAccuracy) ? {interrupted: true} : {testAccuracy}),
      ...(steered && {steered}),
      precision: machine.precision,
      backend: `${machine.backend} ${machine.version}`,
      ...provenance,
    },
    ...(fractions ? {ranks: ranksOf(network.masked, fractions, spec)} : {}),
  };
}

/** M ⊙ sign(W) and α of a layer, at its scores of this moment. */
function ticketLayer(layer: MaskedLayer): TicketLayer {
  const signs = Int8Array.from(layer.mask());
  const weights = layer.weightValues();
  for (let i = 0; i < signs.length; i++) {
    if (signs[i] === 1) {
      if (weights[i] === 0) throw new TicketError(`weight ${i} of layer ${layer.name} is 0 and has no sign`);
      if (weights[i] < 0) signs[i] = -1;
    }
  }
  const {shape} = layer.variables().weights;
  return {name: layer.name, shape: [...shape], signs, gain: Math.fround(layer.gain())};
}

/** Where the signs of these layers can be had from: the seed, if it gives them all. */
function signSource({seed, weights, fan, gain}: SearchSpec, layers: readonly TicketLayer[]): SignSource {
  const named =
    typeof weights === "string" && typeof fan === "string" && typeof gain === "string"
      ? ({weights, fan, gain} satisfies Initialisation)
      : undefined;
  const kind = named && sourceOf(named.weights);
  if (named === undefined || kind === undefined) return {kind: "stored"};
  const source = {kind, seed, initialisation: named};
  return layers.every(layer => signNotFromSeed(layer, source) === undefined) ? source : {kind: "stored"};
}

function ticketBatchNorms({batchNorms}: Network): TicketBatchNorm[] {
  return batchNorms.map(layer => {
    const {runningMean, runningVariance, gamma, beta} = layer.variables();
    const values = (variable: tf.Variable): Float32Array => (variable.dataSync() as Float32Array).slice();
    const affine = gamma && beta ? {gamma: values(gamma), beta: values(beta)} : {};
    return {name: layer.name, mean: values(runningMean), variance: values(runningVariance), ...affine};
  });
}

/** The ranks of all scores: at which of the fractions a weight is kept first. */
function ranksOf(
  layers: readonly MaskedLayer[],
  fractions: readonly number[],
  {selection, ranking}: SearchSpec,
): Ranks {
  const scores = layers.map(layer => layer.scoreValues());
  const ranks = scores.map(layer => new Uint8Array(layer.length).fill(fractions.length));
  for (let j = fractions.length - 1; j >= 0; j--) {
    const masks =
      selection === "global"
        ? globalTopKMasks(scores, fractions[j], ranking)
        : scores.map(layer => topKMask(layer, fractions[j], ranking));
    masks.forEach((mask, l) => {
      for (let i = 0; i < mask.length; i++) if (mask[i] === 1) ranks[l][i] = j;
    });
  }
  return {fractions: [...fractions], layers: ranks};
}
