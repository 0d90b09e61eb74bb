// Float sums depend on their order, so the order is part of what a network computes: every engine keeps to it, and all
// agree to the last bit.
import type {KeptInputs} from "./keptInputs";

/** A packed tile must lie within reach of 16-bit addresses. */
const TILE_BYTES = 65536 - 1024;
const MOST_CHANNELS = 128;

/** Bytes that one channel of a tile of 2 × 8 or 4 × 4 outputs takes, at most. */
export function tileBytes(kernel: number, stride: number): number {
  if (stride > 1) return kernel * kernel * 64;
  return (kernel + 1) * Math.ceil((kernel + 7) / 4) * 16;
}

/** A convolution sums its input channels in blocks of this many. */
export function channelBlock(kernel: number, stride: number): number {
  return Math.min(MOST_CHANNELS, Math.floor(TILE_BYTES / tileBytes(kernel, stride)));
}

/**
 * A filter's sum over one block of channels, added to `sum`: Σ (x_i + x_j) over pairs of its plus list, in order, then
 * the minus list's subtracted. A single last one is paired with 0.
 */
export function addPairs({plus, minus}: KeptInputs, x: (input: number) => number, sum: number): number {
  const f = Math.fround;
  let total = sum;
  for (let i = 0; i < plus.length; i += 2) {
    total = f(total + f(x(plus[i]) + (i + 1 < plus.length ? x(plus[i + 1]) : 0)));
  }
  for (let i = 0; i < minus.length; i += 2) {
    total = f(total - f(x(minus[i]) + (i + 1 < minus.length ? x(minus[i + 1]) : 0)));
  }
  return total;
}

/** A dense unit's sum: four sums run apart, entry i of either list going to sum i mod 4; at the end (0 + 1) + (2 + 3). */
export function sumInFours({plus, minus}: KeptInputs, x: ArrayLike<number>): number {
  const f = Math.fround;
  const sums = [0, 0, 0, 0];
  plus.forEach((input, i) => {
    sums[i % 4] = f(sums[i % 4] + x[input]);
  });
  minus.forEach((input, i) => {
    sums[i % 4] = f(sums[i % 4] - x[input]);
  });
  return f(f(sums[0] + sums[1]) + f(sums[2] + sums[3]));
}
