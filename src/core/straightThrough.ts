import {checkSameLength} from "./sameLength";

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
  checkSameLength(weights, dBinary);
  checkSameLength(weights, scores);
  const dScores = new Float32Array(weights.length);
  for (let i = 0; i < dScores.length; i++) dScores[i] = dBinary[i] * weights[i] * Math.sign(scores[i]);
  return dScores;
}

/**
 * The slopes that a backward pass can pretend where the true one is 0 almost everywhere, by name. What the others
 * compute stands in layers/scoreGradients (through the selection, to the scores) and layers/surrogates (through a binary
 * activation).
 */
export type ScoreGradientName = "straight-through" | "sign-only" | "sigmoid" | "clipped";
export const scoreGradientNames: readonly ScoreGradientName[] = [
  "straight-through",
  "sign-only",
  "sigmoid",
  "clipped",
];

export type SurrogateName = "bi-real" | "clipped" | "identity" | "tanh";
export const surrogateNames: readonly SurrogateName[] = ["bi-real", "clipped", "identity", "tanh"];
