import {binaryEntropy} from "../core/entropy";

/** Probabilities are whole numbers of 1/65536. */
const ONE = 65536;

/**
 * Estimates the probability of a 1 from the bits before it: (ones + ½)/(bits + 1), of Krichevsky and Trofimov, in each
 * context by itself. A context costs about ½·log₂(bits) more than if its share of ones were known beforehand.
 */
export class Estimate {
  /** Of every context the ones so far. */
  readonly ones: Float64Array;
  /** And all its bits. */
  readonly counts: Float64Array;

  constructor(contexts: number) {
    this.ones = new Float64Array(contexts);
    this.counts = new Float64Array(contexts);
  }

  one(context: number): number {
    return probability(this.ones[context], this.counts[context]);
  }

  count(context: number, bit: number): void {
    this.ones[context] += bit;
    this.counts[context]++;
  }
}

/** (ones + ½)/(bits + 1) in 1/65536: truncated, and within 1 … 65535. */
export function probability(ones: number, bits: number): number {
  const share = (2 * ones + 1) / (2 * bits + 2);
  return Math.min(Math.max(Math.floor(share * ONE), 1), ONE - 1);
}

/** Bits that `ones` of `all` cost when coded by such an estimate: all·H(ones/all) + ½·log₂(π·all/2), about. */
export function estimatedBits(ones: number, all: number): number {
  return all === 0 ? 0 : all * binaryEntropy(ones / all) + Math.log2((Math.PI * all) / 2 + 1) / 2;
}
