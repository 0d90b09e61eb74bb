import {NotANumber} from "./errors";
import {type Ranking, ranked} from "./ranking";

/** A kept set described by its boundary: all |s| (or s, if ranked so) > value, and the first `ties` of those equal to it. */
export interface Boundary {
  readonly value: number;
  readonly ties: number;
}

const HIGH_BITS = 16;
const LOW_BITS = 16;
const LOW_MASK = (1 << LOW_BITS) - 1;

/** As many scores are sorted sooner than two histograms of 2^16 buckets are made and counted down. */
const FEW = 1 << 12;

const SIGN = 0x80000000;
const INFINITE = 0x7f800000;

/**
 * The boundary of the `count` largest |s| (or s) over all arrays, exact. Few are sorted; of many, a float's magnitude bits
 * order like the float, so two histograms (upper 16 bits, then the lower 16 within one bucket) find the value, O(n).
 */
export function smallestKept(
  scores: readonly Float32Array[],
  count: number,
  ranking: Ranking = "magnitude",
): Boundary {
  const total = scores.reduce((sum, layer) => sum + layer.length, 0);
  if (!(count >= 0 && count <= total)) throw new RangeError(`cannot keep ${count} of ${total} scores`);
  if (count === 0) return {value: Number.POSITIVE_INFINITY, ties: 0};
  return total <= FEW ? bySorting(scores, total, count, ranking) : byHistograms(scores, count, ranking);
}

function bySorting(
  scores: readonly Float32Array[],
  total: number,
  count: number,
  ranking: Ranking,
): Boundary {
  const sorted = new Float32Array(total);
  let n = 0;
  for (const layer of scores) {
    for (const score of layer) {
      if (Number.isNaN(score)) throw new NotANumber("scores");
      sorted[n++] = ranked(score, ranking);
    }
  }
  sorted.sort();
  // −0 is 0.
  const value = sorted[total - count] + 0;
  let larger = 0;
  while (larger < count && sorted[total - 1 - larger] > value) larger++;
  return {value, ties: count - larger};
}

function byHistograms(scores: readonly Float32Array[], count: number, ranking: Ranking): Boundary {
  const words = scores.map(layer => new Uint32Array(layer.buffer, layer.byteOffset, layer.length));
  const key = ranking === "signed" ? signedKey : magnitudeKey;
  const high = new Uint32Array(1 << HIGH_BITS);
  for (const layer of words) {
    for (let i = 0; i < layer.length; i++) {
      if ((layer[i] & ~SIGN) > INFINITE) throw new NotANumber("scores");
      high[key(layer[i]) >>> LOW_BITS]++;
    }
  }
  const [bucket, leftInBucket] = bucketOf(high, count);

  const low = new Uint32Array(1 << LOW_BITS);
  for (const layer of words) {
    for (let i = 0; i < layer.length; i++) {
      const each = key(layer[i]);
      if (each >>> LOW_BITS === bucket) low[each & LOW_MASK]++;
    }
  }
  const [rest, ties] = bucketOf(low, leftInBucket);
  const found = ((bucket << LOW_BITS) | rest) >>> 0;
  const bits = Uint32Array.of(ranking === "signed" ? wordOfSignedKey(found) : found);
  return {value: new Float32Array(bits.buffer)[0], ties};
}

const magnitudeKey = (word: number): number => word & ~SIGN;

/** Whole numbers in the order of the floats: a negative float's bits run the other way. −0 is 0. */
const signedKey = (word: number): number => (word > SIGN ? ~word : word | SIGN) >>> 0;
const wordOfSignedKey = (key: number): number => (key < SIGN ? ~key : key & ~SIGN) >>> 0;

/** Counting down from the highest bucket: where the count is reached, and how many of it that bucket must give. */
function bucketOf(histogram: Uint32Array, count: number): [number, number] {
  let left = count;
  let bucket = histogram.length - 1;
  while (histogram[bucket] < left) left -= histogram[bucket--];
  return [bucket, left];
}
