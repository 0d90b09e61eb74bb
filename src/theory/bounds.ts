/** Refuses anything but a finite number above 0, by name. */
export function checkPositive(values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!(value > 0 && Number.isFinite(value)))
      throw new RangeError(`${name} must be positive, got ${value}`);
  }
}

/** Refuses a probability of failure outside (0, 1). */
export function checkDelta(delta: number): void {
  if (!(delta > 0 && delta < 1)) throw new RangeError(`delta is a probability in (0, 1), got ${delta}`);
}

/**
 * n = ⌈scale · ℓ₁ / (2ε)⌉: into how many parts the largest weight must be cut so that rounding every weight to whole
 * parts moves w·x by at most ε, for every x with ‖x‖₁ ≤ `l1` and every |w| ≤ `scale`.
 *
 * One weight and |x| ≤ 1: ℓ₁ = 1. A neuron of d inputs with |x_i| ≤ 1: ℓ₁ = d. A given input: ℓ₁ = ‖x‖₁, plus 1 for
 * the constant input where there is a bias.
 */
export function partsForError(epsilon: number, l1 = 1, scale = 1): number {
  checkPositive({epsilon, l1, scale});
  return Math.max(1, Math.ceil((scale * l1) / (2 * epsilon)));
}

/** scale · ℓ₁ / (2n): what rounding to n parts can move w·x by, for ‖x‖₁ ≤ `l1`. */
export function roundingError(parts: number, l1 = 1, scale = 1): number {
  return (scale * l1) / (2 * parts);
}

/**
 * N = max(8n, ⌈32 · ln(4dm/δ)⌉): random hidden units for each of d inputs so that, with probability at least 1 − δ,
 * every (input, output) pair has n units of each of the four sign types.
 *
 * A type's count is binomial(N, ¼). N ≥ 8n puts n at or below half its mean; Hoeffding gives
 * P(count < N/8) ≤ exp(−2N(1/8)²) = exp(−N/32); there are 4dm (type, input, output) triples.
 */
export function unitsForLayer(parts: number, inputs: number, outputs: number, delta: number): number {
  checkPositive({parts, inputs, outputs});
  checkDelta(delta);
  return Math.max(8 * parts, Math.ceil(32 * Math.log((4 * inputs * outputs) / delta)));
}

/**
 * The same promise from Chernoff's bound with the relative entropy, P(count ≤ N/8) ≤ exp(−N · D(⅛‖¼)): since
 * D(⅛‖¼) = 0.0482 is above 1/32, the second term shrinks by a third. N = max(8n, ⌈ln(4dm/δ) / D(⅛‖¼)⌉).
 */
export function unitsForLayerByEntropy(
  parts: number,
  inputs: number,
  outputs: number,
  delta: number,
): number {
  checkPositive({parts, inputs, outputs});
  checkDelta(delta);
  const divergence = (1 / 8) * Math.log(1 / 2) + (7 / 8) * Math.log(7 / 6);
  return Math.max(8 * parts, Math.ceil(Math.log((4 * inputs * outputs) / delta) / divergence));
}
