import {type Ranking, ranked} from "./ranking";
import {smallestKept} from "./select";

/**
 * Weights kept out of n: n − trunc((1−k)·n) in doubles. The one place where a fraction becomes a count; it rounds as
 * biprop f709fc5 does, which is ⌈k·n⌉ but for double rounding (n = 2560, k = 0.8 keeps 2049). RangeError unless k is
 * in (0, 1].
 */
export function keepCount(n: number, keepFraction: number): number {
  checkKeepFraction(keepFraction);
  return n - Math.trunc((1 - keepFraction) * n);
}

export function checkKeepFraction(keepFraction: number): void {
  if (!(keepFraction > 0 && keepFraction <= 1)) {
    throw new RangeError(`keepFraction is the share of weights kept, in (0, 1]; got ${keepFraction}`);
  }
}

/** M_i = 1 iff |s_i| (s_i where ranking is signed) is among the keepCount largest; ties go to the lower index. */
export function topKMask(
  scores: Float32Array,
  keepFraction: number,
  ranking: Ranking = "magnitude",
): Uint8Array {
  return globalTopKMasks([scores], keepFraction, ranking)[0];
}

/** The same over all layers at once: M_i = 1 iff |s_i| is among the keepCount(N) largest of all N scores. */
export function globalTopKMasks(
  scores: readonly Float32Array[],
  keepFraction: number,
  ranking: Ranking = "magnitude",
): Uint8Array[] {
  const total = scores.reduce((sum, layer) => sum + layer.length, 0);
  const {value, ties} = smallestKept(scores, keepCount(total, keepFraction), ranking);
  let tiesLeft = ties;
  return scores.map(layer => {
    const mask = new Uint8Array(layer.length);
    for (let i = 0; i < layer.length; i++) {
      const each = ranked(layer[i], ranking);
      if (each > value) mask[i] = 1;
      else if (each === value && tiesLeft > 0) {
        mask[i] = 1;
        tiesLeft--;
      }
    }
    return mask;
  });
}

/** Share of the ones of `mask` that were not in `before`. */
export function newShare(mask: Uint8Array, before: Uint8Array): number {
  let kept = 0;
  let fresh = 0;
  for (let i = 0; i < mask.length; i++) {
    kept += mask[i];
    fresh += mask[i] & ~before[i];
  }
  return fresh / kept;
}
