/** RangeError unless there is one entry a weight. */
export function checkSameLength(weights: ArrayLike<number>, other: ArrayLike<number>): void {
  if (weights.length !== other.length) {
    throw new RangeError(`${weights.length} weights do not match ${other.length} entries`);
  }
}
