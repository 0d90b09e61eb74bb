/**
 * Threefry-2x32 with 20 rounds: a counter-based random generator of additions, rotations and exclusive-ors on
 * 32-bit words, exact on every engine.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011), Random123.
 */

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const PARITY = 0x1bd11bda;

/** Both output words of the block with key (key0, key1) and counter (counter0, counter1), written to `out`. */
export function threefry2x32(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  out: Uint32Array,
): void {
  const key2 = key0 ^ key1 ^ PARITY;
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  let a = key1;
  let b = key2;
  let c = key0;
  for (let group = 1; group <= 5; group++) {
    const from = (group & 1) === 1 ? 0 : 4;
    for (let i = from; i < from + 4; i++) {
      const r = ROTATIONS[i];
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << r) | (x1 >>> (32 - r))) ^ x0;
    }
    x0 = (x0 + a) | 0;
    x1 = (x1 + b + group) | 0;
    const first = a;
    a = b;
    b = c;
    c = first;
  }
  out[0] = x0;
  out[1] = x1;
}
