import {topKMask} from "../core/mask";
import {scoreGradient} from "../core/straightThrough";
import {firstOrderChange} from "../plain/combinations";

/** Two weights of a layer, i kept and j pruned, both positive; a pair holds i's value first. */
export interface SwapState {
  readonly sizes: readonly [number, number];
  /** h = dL/dW_b · sign(W): what a weight's entering does to the loss, to first order and for α = 1. */
  readonly effects: readonly [number, number];
  readonly rate: number;
  /** The running sum of old slopes that momentum keeps for j; i's is 0. */
  readonly oldSlope: number;
}

export const START_SCORES: readonly [number, number] = [0.5, 0.4];
export const MOMENTUM = 0.9;

export interface SwapStep {
  readonly scores: Float32Array;
  readonly swapped: boolean;
  /** A score changed its sign. */
  readonly crossed: boolean;
  /** Of the loss, to first order: h_j − h_i if the step swaps, else 0. */
  readonly change: number;
}

/** One step of biprop on two weights of which one is kept: v = 0.9·old + dL/ds, s ← s − η·v. */
export function swapStep({sizes, effects, rate, oldSlope}: SwapState): SwapStep {
  const before = Float32Array.from(START_SCORES);
  const slopes = Float32Array.from(effects);
  const gradient = scoreGradient(slopes, Float32Array.from(sizes), before);
  const velocity = [gradient[0], MOMENTUM * oldSlope + gradient[1]];
  const scores = before.map((s, i) => s - rate * velocity[i]);
  const [was, is] = [before, scores].map(each => topKMask(each, 0.5));
  return {
    scores,
    swapped: is[1] === 1,
    crossed: scores.some((s, i) => Math.sign(s) !== Math.sign(before[i])),
    change: firstOrderChange(slopes, was, is),
  };
}
