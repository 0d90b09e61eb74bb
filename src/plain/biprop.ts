// The paper's algorithm, whole, on plain arrays. All else here does the same faster, on larger networks.
import {type GainRule, gainRuleNamed} from "../core/gain";
import {topKMask} from "../core/mask";
import {binarize} from "../core/quantize";
import {startScores} from "../core/scores";
import {scoreGradient} from "../core/straightThrough";
import {randomWeights} from "../core/weights";
import {shapesOf, withoutBiases} from "./reluNetwork";
import {type LabelledInputs, lossOf, meanGradient} from "./trainRelu";

/** A dense ReLU network without biases whose weights stay as drawn, and the data that a part of it is to classify. */
export interface RandomNetwork {
  readonly data: LabelledInputs;
  /** From input to output, for instance [2, 4, 2]. */
  readonly widths: readonly number[];
  /** W: one array a layer, shape [inputs, outputs]. */
  readonly weights: readonly Float32Array[];
  /** k: the share of each layer's weights that is kept, in (0, 1]. */
  readonly keepFraction: number;
  /** Default "mean-kept", the reference's: α = Σ kept |W| / trunc(k·n). */
  readonly gain?: GainRule;
}

/** What the search moves, one array a layer: the scores s, and the gradient's running sum v, 0 at the start. */
export interface Scores {
  readonly scores: readonly Float32Array[];
  readonly velocity: readonly Float32Array[];
}

/** Momentum is 0 unless given. */
export type StepSize = {readonly learningRate: number; readonly momentum?: number};
export type SearchOptions = Omit<RandomNetwork, "data" | "weights"> &
  StepSize & {readonly steps: number; readonly seed: number};

/** `kept` is what the network computes with; `losses` are mean cross-entropies, before the first step and after each. */
export interface Found extends RandomNetwork, Scores {
  readonly masks: readonly Uint8Array[];
  readonly kept: readonly Float32Array[];
  readonly losses: readonly number[];
}

/** biprop: finds a binary network, W_b = α · M ⊙ sign(W), inside a random one. RangeError where k is not in (0, 1]. */
export function biprop(data: LabelledInputs, options: SearchOptions): Found {
  return searchMasks(data, options, binarized);
}

/** The search of biprop and of edge-popup, which differ in `forward`: what kept weights compute as, one array a layer. */
export function searchMasks(data: LabelledInputs, options: SearchOptions, forward: typeof binarized): Found {
  const {widths, keepFraction, seed, steps} = options;
  const shapes = shapesOf(widths);
  const weights = shapes.map((shape, l) => randomWeights(shape, {keepFraction, seed, name: `fc${l + 1}`}));
  const scores = shapes.map((shape, l) => startScores(weights[l], shape, {seed, name: `fc${l + 1}`}));
  const velocity = scores.map(s => new Float32Array(s.length));
  const network = {...options, data, weights, scores, velocity};
  const losses: number[] = [];
  for (;;) {
    const masks = scores.map(s => topKMask(s, keepFraction)); // M: 1 where |s| is among the largest
    const kept = forward(network, masks);
    losses.push(lossOf(withoutBiases(widths, kept), data));
    if (!(losses.length <= steps)) return {...network, masks, kept, losses};
    moveScores(network, kept, network, options);
  }
}

/** W_b = α · M ⊙ sign(W) of each layer: signs and one number, the gain. */
export function binarized(network: RandomNetwork, masks: readonly Uint8Array[]): Float32Array[] {
  const {weights, widths, keepFraction, gain = "mean-kept"} = network;
  return weights.map((w, l) => {
    const context = {keepFraction, fanIn: widths[l], selection: "layerwise"} as const;
    return binarize(w, masks[l], gainRuleNamed(gain)(w, masks[l], context));
  });
}

/**
 * One step in place, on all data at once: dL/ds = dL/dW_b ⊙ W ⊙ sign(s), straight through the choice of the mask,
 * and v ← momentum · v + dL/ds, s ← s − learningRate · v. `kept` is what the network computes with. Gives dL/dW_b.
 * One array a layer, inputs × outputs, flattened row by row.
 */
export function moveScores(
  {data, weights, widths}: RandomNetwork,
  kept: readonly Float32Array[],
  {scores, velocity}: Scores,
  {learningRate, momentum = 0}: StepSize,
): Float64Array[] {
  const everyInput = Uint32Array.from(data.labels.keys());
  const gradient = meanGradient(withoutBiases(widths, kept), data, everyInput);
  const dKept = gradient.map(layer => layer.weights);
  scores.forEach((s, l) => {
    const dScores = scoreGradient(Float32Array.from(dKept[l]), weights[l], s);
    for (let i = 0; i < s.length; i++) {
      velocity[l][i] = momentum * velocity[l][i] + dScores[i];
      s[i] -= learningRate * velocity[l][i];
    }
  });
  return dKept;
}
