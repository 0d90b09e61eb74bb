/** sign(w) ∈ {−1, 0, 1} of a weight: a weight that is exactly 0 stays 0, as in the reference. Ours never are. */
export function signOfWeight(w: number): number {
  return Math.sign(w);
}

/** sign(x) ∈ {−1, 1} of an activation: one bit has two values, so sign(0) = +1 (the reference gives 0). */
export function signOfActivation(x: number): number {
  return x < 0 ? -1 : 1;
}

/**
 * Where a sign stands right behind a convolution, sums within this share of the gain α from 0 count as 0: they are
 * zero but for rounding. (Other sums of bits are at least α away, of pixels nearly always more than this.)
 */
export const NEAR_ZERO = 1e-3;
