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
 * A filter's sum over one block of channels: Σ (x_i + x_j) over pairs of its plus list, in order, then the minus list's
 * subtracted. A single last one is paired with 0. The blocks' sums are added one after the other.
 */
export function sumOfPairs({plus, minus}: KeptInputs, x: (input: number) => number): number {
  const f = Math.fround;
  let sum = 0;
  for (let i = 0; i < plus.length; i += 2) {
    sum = f(sum + f(x(plus[i]) + (i + 1 < plus.length ? x(plus[i + 1]) : 0)));
  }
  for (let i = 0; i < minus.length; i += 2) {
    sum = f(sum - f(x(minus[i]) + (i + 1 < minus.length ? x(minus[i + 1]) : 0)));
  }
  return sum;
}

/** Inputs of a dense unit whose sum is made apart: a long sum of one sign loses its last digits. */
export const INPUTS_APART = 128;

/**
 * A dense unit's sum: four sums run apart, entry i of either list going to sum i mod 4. Each is taken over so many entries
 * of a list at a time and then joins its total, the minus list's subtracted; at the end (0 + 1) + (2 + 3).
 */
export function sumInFours({plus, minus}: KeptInputs, x: ArrayLike<number>): number {
  const f = Math.fround;
  const totals = [0, 0, 0, 0];
  const join = (list: Uint32Array, sign: 1 | -1): void => {
    for (let start = 0; start < list.length; start += INPUTS_APART) {
      const sums = [0, 0, 0, 0];
      list.subarray(start, start + INPUTS_APART).forEach((input, i) => {
        sums[i % 4] = f(sums[i % 4] + x[input]);
      });
      sums.forEach((sum, lane) => {
        totals[lane] = f(totals[lane] + sign * sum);
      });
    }
  };
  join(plus, 1);
  join(minus, -1);
  return f(f(totals[0] + totals[1]) + f(totals[2] + totals[3]));
}
