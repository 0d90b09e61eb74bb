/** ln 0! … ln n! */
function logFactorials(n: number): Float64Array {
  const table = new Float64Array(n + 1);
  for (let i = 1; i <= n; i++) table[i] = table[i - 1] + Math.log(i);
  return table;
}

/** P(X = 0 … n) of a binomial(n, p). n + 1 values, the first that of X = 0. */
export function binomialPmf(n: number, p: number): Float64Array {
  const log = logFactorials(n);
  if (p <= 0 || p >= 1) return Float64Array.from({length: n + 1}, (_, k) => (k === (p <= 0 ? 0 : n) ? 1 : 0));
  return Float64Array.from({length: n + 1}, (_, k) =>
    Math.exp(log[n] - log[k] - log[n - k] + k * Math.log(p) + (n - k) * Math.log(1 - p)),
  );
}

/** Which random layer is asked about. */
export interface LayerChance {
  /** Units wanted of each of the four types, for every input and output. */
  readonly parts: number;
  /** Random hidden units of each input. */
  readonly units: number;
  /** Default 1. */
  readonly inputs?: number;
  /** Default 1. */
  readonly outputs?: number;
}

/**
 * The exact probability that every (input, output) pair finds `parts` units of each of the four sign types.
 *
 * One input, one output: P(min of four counts ≥ n), the counts multinomial(N; ¼, ¼, ¼, ¼). Given s units with a
 * positive input edge, the output edges of those and of the N − s others split independently, so it is
 * Σ_s P(Bin(N, ½) = s) · q(s) · q(N − s) with q(s) = P(n ≤ Bin(s, ½) ≤ s − n). The outputs of one input share s and are
 * independent given s: (q(s) · q(N − s))^m under the sum. The inputs are independent: the whole to the power d.
 */
export function successProbability({parts, units, inputs = 1, outputs = 1}: LayerChance): number {
  if (units < 4 * parts) return 0;
  const split = binomialPmf(units, 0.5);
  const both = Float64Array.from({length: units + 1}, (_, s) => bothAtLeast(s, parts));
  let probability = 0;
  for (let s = 2 * parts; s <= units - 2 * parts; s++) {
    probability += split[s] * (both[s] * both[units - s]) ** outputs;
  }
  return Math.min(1, probability) ** inputs;
}

/** q(s) = P(n ≤ Bin(s, ½) ≤ s − n), from its two equal tails. */
function bothAtLeast(s: number, n: number): number {
  if (s < 2 * n) return 0;
  const pmf = binomialPmf(s, 0.5);
  let tail = 0;
  for (let k = 0; k < n; k++) tail += pmf[k];
  return 1 - 2 * tail;
}

/** The fewest units an input with which the exact probability of failure is at most `delta`. */
export function fewestUnits(chance: Omit<LayerChance, "units">, delta: number): number {
  return fewest(4 * chance.parts, units => 1 - successProbability({...chance, units}) > delta);
}

/**
 * P(N units serve one weight |w| = 1 of n parts, the most demanding one): n or more units of both its types, (+, +) and
 * (−, −) or (+, −) and (−, +). Given s units with u = +1: Σ_s P(Bin(N, ½) = s) · P(Bin(s, ½) ≥ n) · P(Bin(N − s, ½) ≥ n).
 */
export function weightProbability({parts, units}: Pick<LayerChance, "parts" | "units">): number {
  if (units < 2 * parts) return 0;
  const split = binomialPmf(units, 0.5);
  const enough = upperTails(parts, units);
  let probability = 0;
  for (let s = parts; s <= units - parts; s++) probability += split[s] * enough[s] * enough[units - s];
  return Math.min(1, probability);
}

/** P(Bin(s, ½) ≥ n) for s = 0 … `most`: one coin more adds ½ · P(Bin(s, ½) = n − 1). In logarithms, as 2^−n underflows. */
function upperTails(n: number, most: number): Float64Array {
  const tails = new Float64Array(most + 1);
  let logExactly = -(n - 1) * Math.LN2;
  for (let s = n - 1; s < most; s++) {
    tails[s + 1] = tails[s] + 0.5 * Math.exp(logExactly);
    logExactly += Math.log((s + 1) / (s - n + 2)) - Math.LN2;
  }
  return tails;
}

/** The fewest units that serve one given weight of `parts` parts, failing with probability at most `delta`. */
export function fewestUnitsForWeight(parts: number, delta: number): number {
  return fewest(2 * parts, units => 1 - weightProbability({parts, units}) > delta);
}

/** The fewest units, from `least` on, with which it does not fail: doubled until it does not, then halved in between. */
function fewest(least: number, fails: (units: number) => boolean): number {
  let low = least;
  let high = low;
  while (fails(high)) {
    low = high + 1;
    high *= 2;
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fails(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Clopper and Pearson's interval for a probability of which `successes` in `trials` were seen: the values p under which
 * neither so few nor so many would have less than half of 1 − `confidence`.
 */
export function binomialInterval(successes: number, trials: number, confidence = 0.99): [number, number] {
  const half = (1 - confidence) / 2;
  const atMost = (p: number): number => sum(binomialPmf(trials, p).subarray(0, successes + 1));
  const atLeast = (p: number): number => sum(binomialPmf(trials, p).subarray(successes));
  return [
    successes === 0 ? 0 : bisect(p => atLeast(p) > half),
    successes === trials ? 1 : bisect(p => atMost(p) < half),
  ];
}

/** Where in (0, 1) a condition turns true. */
function bisect(holds: (p: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
