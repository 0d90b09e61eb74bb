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
 * the constant input where there is a bias. RangeError for an argument that is not positive.
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
 * A type's count is binomial(N, ¼). N ≥ 8n puts n at or below half its mean; Hoeffding gives P(count < N/8) ≤
 * exp(−2N(1/8)²) = exp(−N/32); there are 4dm (type, input, output) triples. RangeError for a size that is not
 * positive or a δ outside (0, 1).
 */
export function unitsForLayer(parts: number, inputs: number, outputs: number, delta: number): number {
  checkPositive({parts, inputs, outputs});
  checkDelta(delta);
  return Math.max(8 * parts, Math.ceil(32 * Math.log((4 * inputs * outputs) / delta)));
}

/**
 * The same promise from Chernoff's bound with the relative entropy, P(count ≤ N/8) ≤ exp(−N · D(⅛‖¼)): since D(⅛‖¼)
 * = 0.0482 is above 1/32, the second term shrinks by a third. N = max(8n, ⌈ln(4dm/δ) / D(⅛‖¼)⌉). RangeError for a
 * size that is not positive or a δ outside (0, 1).
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

/** Which inequality bounds the lower tail of a binomial(N, ¼) count. */
export type TailBound = "entropy" | "hoeffding";

/**
 * The same promise, aimed at the n units that are wanted and not at half the mean: the fewest N ≥ 4n with
 * 4dm · P ≤ δ, where for q = (n − 1)/N
 *   P = exp(−N · D(q‖¼))       (Chernoff, relative entropy; the default), or
 *   P = exp(−2N · (¼ − q)²)    (Hoeffding)
 * bounds P(count ≤ n − 1). For n = 1 the first is (¾)^N, the probability itself. RangeError for a size that is not
 * positive or a δ outside (0, 1).
 */
export function unitsForLayerAimed(
  parts: number,
  inputs: number,
  outputs: number,
  delta: number,
  tail: TailBound = "entropy",
): number {
  checkPositive({parts, inputs, outputs});
  checkDelta(delta);
  const wanted = Math.log((4 * inputs * outputs) / delta);
  const enough = (units: number): boolean =>
    units * divergences[tail]((parts - 1) / units) >= wanted * (1 - 1e-12);
  let low = 4 * parts;
  let high = low;
  while (!enough(high)) {
    low = high + 1;
    high *= 2;
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The exponent a unit: how far a share q ≤ ¼ lies from ¼. */
const divergences: Readonly<Record<TailBound, (q: number) => number>> = {
  entropy: q => (q > 0 ? q * Math.log(4 * q) : 0) + (1 - q) * Math.log((1 - q) / 0.75),
  hoeffding: q => 2 * (0.25 - q) ** 2,
};

/** A target of `depth` ReLU layers d → d, and what is allowed to go wrong. */
export interface TheoremSetting {
  /** ℓ: layers of the target. */
  readonly depth: number;
  /** d: units of each of its layers. */
  readonly width: number;
  /** ε, at most 1: allowed error in ‖·‖₂. */
  readonly epsilon: number;
  readonly delta: number;
}

/**
 * How wide a random ±1 network of depth 2ℓ has to be to contain, with probability at least 1 − δ, every ReLU network of
 * depth ℓ and width d with ‖W_l‖₂ ≤ 1, |w| ≤ 1/√d and no biases, to within ε in ‖·‖₂ for every ‖x‖₂ ≤ 1:
 *   n = ⌈ℓ√d/ε⌉ parts,  hidden width d · max(8n, ⌈32 · ln(4ℓd²/δ)⌉) = O(ℓd^{3/2}/ε + d · log(ℓd/δ)).
 *
 * An entry of ΔW_l is at most 1/(2n√d), so ‖ΔW_l‖_F ≤ √d/(2n); ‖e_l‖ ≤ ‖ΔW_l‖(1 + ‖e_{l−1}‖) + ‖e_{l−1}‖ then gives
 * ‖e_ℓ‖ ≤ (1 + √d/(2n))^ℓ − 1 ≤ e^{ε/2} − 1 ≤ ε. Every layer gets δ/ℓ. RangeError for a size that is not positive, ε
 * above 1 or a δ outside (0, 1).
 */
export function theoremSizes({depth, width, epsilon, delta}: TheoremSetting): {
  parts: number;
  units: number;
  hidden: number;
} {
  checkPositive({depth, width, epsilon});
  if (epsilon > 1) throw new RangeError(`epsilon must be at most 1, got ${epsilon}`);
  const parts = Math.ceil((depth * Math.sqrt(width)) / epsilon);
  const units = unitsForLayer(parts, width, width, delta / depth);
  return {parts, units, hidden: width * units};
}
