import {type Rule, ruleNamed} from "./rule";

/** What a gain rule may use. */
export interface GainContext {
  readonly keepFraction: number;
  /** kh·kw·in of the layer. */
  readonly fanIn: number;
  /** Layerwise: every layer keeps the same share. Global: a layer keeps what the common threshold leaves it. */
  readonly selection: "layerwise" | "global";
}

/** α of W_b = α · M ⊙ sign(W). */
export type GainFunction = (weights: Float32Array, mask: Uint8Array, context: GainContext) => number;
export type GainName = "mean-kept" | "rms-kept" | "mean-all" | "one" | "unit";
export type GainRule = Rule<GainName, GainFunction>;

/**
 * The one scalar a binarised layer has.
 * - `mean-kept`: Σ kept |W| / trunc(k·n), the reference's; see `meanKeptDenominator`.
 * - `rms-kept`: √(mean of W² over kept).
 * - `mean-all`: mean |W| over all: it does not change while the mask does.
 * - `one`: 1.
 * - `unit`: √(2/(k·fan)): keeps the second moment of a ReLU signal from layer to layer, whatever k and depth.
 *
 * Source: chrundle/biprop f709fc5, utils/conv_type.py; `unit` and the others are ablations.
 */
export const gainRules: Readonly<Record<GainName, GainFunction>> = {
  "mean-kept": (weights, mask, context) => {
    const kept = keptSums(weights, mask);
    const denominator = meanKeptDenominator(weights.length, kept.count, context);
    return kept.sum / nonZero(denominator, weights.length, context.keepFraction);
  },
  "rms-kept": (weights, mask, {keepFraction}) => {
    const kept = keptSums(weights, mask);
    return Math.sqrt(kept.squares / nonZero(kept.count, weights.length, keepFraction));
  },
  "mean-all": weights => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += Math.abs(weights[i]);
    return sum / weights.length;
  },
  one: () => 1,
  unit: (_weights, _mask, {keepFraction, fanIn}) => Math.sqrt(2 / (keepFraction * fanIn)),
};

/**
 * trunc(k·n), as the reference divides: not the kept count n − trunc((1−k)·n), from which it is off by one whenever k·n
 * is not whole. Under global selection it is the layer's own kept count.
 */
export function meanKeptDenominator(
  n: number,
  kept: number,
  {keepFraction, selection}: Pick<GainContext, "keepFraction" | "selection">,
): number {
  return selection === "global" ? kept : Math.trunc(keepFraction * n);
}

export function gainRuleNamed(rule: GainRule): GainFunction {
  return ruleNamed("gain rule", gainRules, rule);
}

const LANES = 8;
const BLOCK = 65536;

/**
 * Sums over kept weights: in blocks of 65,536, each as eight running sums by index mod 8. Any order would do; this one
 * is that of kernels/cpu/select.cc, so that both give the same gain.
 */
function keptSums(weights: Float32Array, mask: Uint8Array): {sum: number; squares: number; count: number} {
  const total = {sum: 0, squares: 0, count: 0};
  for (let begin = 0; begin < weights.length; begin += BLOCK) {
    const sums = new Float64Array(LANES);
    const squares = new Float64Array(LANES);
    const end = Math.min(begin + BLOCK, weights.length);
    for (let i = begin; i < end; i++) {
      if (mask[i] === 1) {
        const size = Math.abs(weights[i]);
        sums[i % LANES] += size;
        squares[i % LANES] += size * size;
        total.count++;
      }
    }
    total.sum += folded(sums);
    total.squares += folded(squares);
  }
  return total;
}

function folded([a, b, c, d, e, f, g, h]: Float64Array): number {
  return a + b + (c + d) + (e + f + (g + h));
}

/** The reference divides by zero here and goes on with NaN. */
function nonZero(denominator: number, n: number, keepFraction: number): number {
  if (denominator > 0) return denominator;
  throw new RangeError(`keepFraction ${keepFraction} leaves none of ${n} weights to take the gain over`);
}
