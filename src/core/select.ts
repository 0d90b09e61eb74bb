/** A kept set described by its boundary: all |s| > magnitude, and the first `ties` of those equal to it. */
export interface Boundary {
  readonly magnitude: number;
  readonly ties: number;
}

const HIGH_BITS = 16;
const LOW_BITS = 15;
const LOW_MASK = (1 << LOW_BITS) - 1;

/**
 * The boundary of the `count` largest |s| over all arrays, exact and without sorting: a float's magnitude bits order
 * like the float, so two histograms (upper 16 bits, then the lower 15 within one bucket) find the value, O(n).
 */
export function smallestKept(scores: readonly Float32Array[], count: number): Boundary {
  const words = scores.map(layer => new Uint32Array(layer.buffer, layer.byteOffset, layer.length));
  const total = words.reduce((sum, layer) => sum + layer.length, 0);
  if (!(count >= 0 && count <= total)) throw new RangeError(`cannot keep ${count} of ${total} scores`);
  if (count === 0) return {magnitude: Number.POSITIVE_INFINITY, ties: 0};

  const high = new Uint32Array(1 << HIGH_BITS);
  for (const layer of words) {
    for (let i = 0; i < layer.length; i++) high[(layer[i] & 0x7fffffff) >>> LOW_BITS]++;
  }
  if (tailOf(high, 0x7f800001 >>> LOW_BITS) > 0) refuseNaN(scores);
  const [bucket, leftInBucket] = bucketOf(high, count);

  const low = new Uint32Array(1 << LOW_BITS);
  for (const layer of words) {
    for (let i = 0; i < layer.length; i++) {
      const magnitude = layer[i] & 0x7fffffff;
      if (magnitude >>> LOW_BITS === bucket) low[magnitude & LOW_MASK]++;
    }
  }
  const [rest, ties] = bucketOf(low, leftInBucket);
  const bits = Uint32Array.of((bucket << LOW_BITS) | rest);
  return {magnitude: new Float32Array(bits.buffer)[0], ties};
}

/** Counting down from the highest bucket: where the count is reached, and how many of it that bucket must give. */
function bucketOf(histogram: Uint32Array, count: number): [number, number] {
  let left = count;
  let bucket = histogram.length - 1;
  while (histogram[bucket] < left) left -= histogram[bucket--];
  return [bucket, left];
}

function tailOf(histogram: Uint32Array, from: number): number {
  let sum = 0;
  for (let bucket = from; bucket < histogram.length; bucket++) sum += histogram[bucket];
  return sum;
}

function refuseNaN(scores: readonly Float32Array[]): void {
  if (scores.some(layer => layer.some(Number.isNaN))) {
    throw new RangeError("scores contain NaN: the search has diverged; use a smaller learning rate");
  }
}
