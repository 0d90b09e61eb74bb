// What a bit-sliced counter begins with: zero padding and threshold cost nothing, they are in its start.

import type {KeptInputs} from "../keptInputs";
import {type TilePattern, VECTOR} from "./bitPlanes";

/** The pixels of a pattern that see the same taps. */
interface PixelClass {
  readonly inside: Uint8Array;
  /** 128 bits. */
  readonly pixels: Uint32Array;
}

/** Of 32 bits in a vector. */
const WORDS = VECTOR / 32;

export function pixelClasses({inside}: TilePattern, taps: number): PixelClass[] {
  const classes = new Map<string, PixelClass>();
  for (let i = 0; i < VECTOR; i++) {
    const own = inside.subarray(i * taps, (i + 1) * taps);
    const key = own.join("");
    const found = classes.get(key) ?? {inside: own, pixels: new Uint32Array(WORDS)};
    found.pixels[i >> 5] |= 1 << (i & 31);
    classes.set(key, found);
  }
  return [...classes.values()];
}

/** For every filter and tap, (minus weights) − (plus weights): with bits b, Σ w·(2b − 1) = 2(A − B) + Σ of these. */
export function tapBalances(lists: readonly KeptInputs[], channels: number, taps: number): Int32Array {
  const balances = new Int32Array(lists.length * taps);
  lists.forEach(({plus, minus}, f) => {
    for (const input of plus) balances[f * taps + Math.floor(input / channels)]--;
    for (const input of minus) balances[f * taps + Math.floor(input / channels)]++;
  });
  return balances;
}

/** The sum of a filter's balances over the taps that a class of pixels sees. */
export function balanceOf(balances: Int32Array, f: number, {inside}: PixelClass): number {
  let sum = 0;
  for (let tap = 0; tap < inside.length; tap++) if (inside[tap]) sum += balances[f * inside.length + tap];
  return sum;
}

/**
 * Start planes [pattern][filter][plane] of 128 bits. `startOf` is a filter's start for pixels whose balance is given;
 * `parity` puts the balance's lowest bit in front, as the lowest bit of the sum 2z + parity.
 */
export function startPlanes(
  patterns: readonly TilePattern[],
  balances: Int32Array,
  filters: number,
  planes: number,
  parity: boolean,
  startOf: (filter: number, balance: number) => number,
): Uint8Array {
  const each = planes + (parity ? 1 : 0);
  const starts = new Uint32Array(patterns.length * filters * each * WORDS);
  const taps = balances.length / filters;
  patterns.forEach((pattern, p) => {
    const classes = pixelClasses(pattern, taps);
    for (let f = 0; f < filters; f++) {
      const base = (p * filters + f) * each * WORDS;
      for (const one of classes) {
        const balance = balanceOf(balances, f, one);
        const value = startOf(f, balance);
        const bits = parity ? 2 * value + (balance & 1) : value;
        for (let j = 0; j < each; j++) {
          const ones = -((bits >> j) & 1);
          for (let word = 0; word < WORDS; word++) starts[base + WORDS * j + word] |= one.pixels[word] & ones;
        }
      }
    }
  });
  return new Uint8Array(starts.buffer);
}
