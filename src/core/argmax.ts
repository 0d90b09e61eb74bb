/** Index of the largest value, the first of equal ones; −1 where one is NaN, or of none: there is no largest. */
export function argmax(values: ArrayLike<number>): number {
  let best = -1;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) return -1;
    if (best < 0 || values[i] > values[best]) best = i;
  }
  return best;
}
