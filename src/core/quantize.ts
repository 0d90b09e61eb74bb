import {signOfWeight} from "./sign";

/**
 * W_b = α · M ⊙ sign(W): values in {−α, 0, +α}, shape as W. What biprop runs forward. Flattened, one entry a weight;
 * RangeError for lengths that differ.
 */
export function binarize(weights: Float32Array, mask: Uint8Array, gain: number): Float32Array {
  checkLengths(weights, mask);
  const binary = new Float32Array(weights.length);
  for (let i = 0; i < binary.length; i++) if (mask[i] === 1) binary[i] = gain * signOfWeight(weights[i]);
  return binary;
}

/**
 * W ⊙ M: what edge-popup runs forward, kept weights at full precision. Flattened, shape as W; RangeError for lengths
 * that differ.
 */
export function prune(weights: Float32Array, mask: Uint8Array): Float32Array {
  checkLengths(weights, mask);
  const kept = new Float32Array(weights.length);
  for (let i = 0; i < kept.length; i++) if (mask[i] === 1) kept[i] = weights[i];
  return kept;
}

/**
 * Straight-through: dL/ds = dL/dW_b ⊙ W ⊙ sign(s), kept or not, as if W_b were |s| ⊙ W. Neither α nor M appears.
 * (sign(0) = 0: |s| has slope 0 at 0, as in PyTorch.) All flattened, shape as W; RangeError for lengths that differ.
 *
 * Source: chrundle/biprop f709fc5, utils/conv_type.py, GetQuantnet_binary and GetSubnet.
 */
export function scoreGradient(
  dBinary: Float32Array,
  weights: Float32Array,
  scores: Float32Array,
): Float32Array {
  checkLengths(weights, dBinary);
  checkLengths(weights, scores);
  const dScores = new Float32Array(weights.length);
  for (let i = 0; i < dScores.length; i++) dScores[i] = dBinary[i] * weights[i] * Math.sign(scores[i]);
  return dScores;
}

function checkLengths(weights: ArrayLike<number>, other: ArrayLike<number>): void {
  if (weights.length !== other.length) {
    throw new RangeError(`${weights.length} weights do not match ${other.length} entries`);
  }
}
