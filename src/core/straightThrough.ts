/**
 * The slopes that a backward pass can pretend where the true one is 0 almost everywhere, by name. What each computes
 * stands in layers/scoreGradients (through the selection, to the scores) and layers/surrogates (through a binary
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
