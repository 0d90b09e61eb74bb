/**
 * All masks that keep k of n weights, in the revolving-door order: each differs from the one before by one swap, a
 * weight out and a weight in. C(n, k) masks. (The last element never, in this order; then always, in the reverse one.)
 */
export function revolvingDoor(n: number, k: number): Uint8Array[] {
  if (k < 0 || k > n) return [];
  if (n === 0) return [new Uint8Array(0)];
  const append = (bit: number) => (mask: Uint8Array) => Uint8Array.of(...mask, bit);
  const without = revolvingDoor(n - 1, k).map(append(0));
  const with_ = revolvingDoor(n - 1, k - 1).map(append(1));
  return [...without, ...with_.reverse()];
}

/** Which weights one mask has and the other has not. Masks flattened, places by index. */
export function swapBetween(before: Uint8Array, after: Uint8Array): {out: number[]; in: number[]} {
  const places = Array.from(before.keys());
  return {
    out: places.filter(i => before[i] === 1 && after[i] === 0),
    in: places.filter(i => before[i] === 0 && after[i] === 1),
  };
}

/** Σ_i dL/dW_b,i · (after_i − before_i): the change of the loss, to first order, from one set of weights to another. */
export function firstOrderChange(
  dBinary: ArrayLike<number>,
  before: ArrayLike<number>,
  after: ArrayLike<number>,
): number {
  let change = 0;
  for (let i = 0; i < dBinary.length; i++) change += dBinary[i] * (after[i] - before[i]);
  return change;
}
