import {checkSameLength} from "./sameLength";
import {signOfWeight} from "./sign";

/**
 * W_b = α · M ⊙ sign(W): values in {−α, 0, +α}, shape as W. What biprop runs forward. Flattened, one entry a weight;
 * RangeError for lengths that differ.
 */
export function binarize(weights: Float32Array, mask: Uint8Array, gain: number): Float32Array {
  checkSameLength(weights, mask);
  const binary = new Float32Array(weights.length);
  for (let i = 0; i < binary.length; i++) if (mask[i] === 1) binary[i] = gain * signOfWeight(weights[i]);
  return binary;
}

/**
 * W ⊙ M: what edge-popup runs forward, kept weights at full precision. Flattened, shape as W; RangeError for lengths
 * that differ.
 */
export function prune(weights: Float32Array, mask: Uint8Array): Float32Array {
  checkSameLength(weights, mask);
  const kept = new Float32Array(weights.length);
  for (let i = 0; i < kept.length; i++) if (mask[i] === 1) kept[i] = weights[i];
  return kept;
}
