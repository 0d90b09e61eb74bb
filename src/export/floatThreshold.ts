import {type Threshold, thresholdOf} from "../infer/wasm/threshold";

const word = new Int32Array(1);
const float = new Float32Array(word.buffer);

/** Finite float32 numbers by rank: the next larger number has the next larger rank, and 0 has rank 0. */
function ranked(rank: number): number {
  word[0] = rank < 0 ? -rank : rank;
  return rank < 0 ? -float[0] : float[0];
}

/** The rank of the largest finite float32. */
const LARGEST = 0x7f7fffff;

/**
 * The threshold of a predicate that is monotone over float32 numbers, found with the very arithmetic it computes with.
 * One that holds everywhere or nowhere gets the end of the range.
 */
export function floatThreshold(holds: (value: number) => boolean, falling: boolean): Threshold {
  const {at, flipped} = thresholdOf(rank => holds(ranked(rank)), LARGEST, falling);
  return {at: ranked(Math.min(at, LARGEST)), flipped};
}
