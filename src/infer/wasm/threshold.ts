/** When a bit is 1: the sum at least `at`, or, `flipped`, below it. */
export interface Threshold {
  readonly at: number;
  readonly flipped: boolean;
}

/**
 * The threshold of a predicate that is monotone over the sums −n … n, found with the very arithmetic it computes with:
 * rising ones hold from `at` on, falling ones below it. A constant one gets an end of the range.
 */
export function thresholdOf(holds: (sum: number) => boolean, n: number, falling: boolean): Threshold {
  let [below, from] = [-n - 1, n + 1];
  while (from - below > 1) {
    const middle = Math.floor((below + from) / 2);
    if (holds(middle) !== falling) from = middle;
    else below = middle;
  }
  return {at: from, flipped: falling};
}
