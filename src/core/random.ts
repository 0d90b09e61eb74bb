import {threefry2x32} from "./threefry";

const TWO_TO_MINUS_32 = 2 ** -32;

/**
 * Random numbers addressed by (seed, name, index): no state, so a value does not depend on which others were asked
 * for, and a search resumes anywhere. Streams of other names or seeds share nothing: the name, hashed, and the seed
 * are the two key words of Threefry-2x32-20; the index is its counter.
 */
export class Stream {
  private readonly key0: number;
  private readonly key1: number;
  private readonly block = new Uint32Array(2);
  private blockIndex = -1;

  constructor(
    readonly seed: number,
    readonly name: string,
  ) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new RangeError(`seed must be an integer from 0 to 4294967295, got ${seed}`);
    }
    this.key0 = seed | 0;
    this.key1 = fnv1a(name);
  }

  /** Word i of the stream, an integer from 0 to 2³² − 1. */
  word(i: number): number {
    this.load(Math.floor(i / 2));
    return this.block[i % 2];
  }

  /** Bit i of the stream, each word from its lowest bit up. */
  bit(i: number): 0 | 1 {
    return ((this.word(Math.floor(i / 32)) >>> (i % 32)) & 1) as 0 | 1;
  }

  /** A double in the open interval (0, 1): (word + ½) / 2³². */
  uniform(i: number): number {
    return (this.word(i) + 0.5) * TWO_TO_MINUS_32;
  }

  /** An integer from 0 to below − 1: ⌊uniform · below⌋. */
  integer(i: number, below: number): number {
    return Math.floor(this.uniform(i) * below);
  }

  /** |N(0, 1)|, never 0 (Box–Muller on the two words of block i). */
  normalMagnitude(i: number): number {
    this.load(i);
    const radius = Math.sqrt(-2 * Math.log((this.block[0] + 0.5) * TWO_TO_MINUS_32));
    return radius * Math.abs(Math.cos(2 * Math.PI * (this.block[1] + 0.5) * TWO_TO_MINUS_32));
  }

  /** 0 … n − 1 in random order (Fisher–Yates). */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({length: n}, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i, i + 1);
      const moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
    return order;
  }

  private load(index: number): void {
    if (index === this.blockIndex) return;
    threefry2x32(this.key0, this.key1, index | 0, Math.floor(index / 0x100000000), this.block);
    this.blockIndex = index;
  }
}

/** FNV-1a, 32 bits, over the UTF-8 bytes of a name. */
export function fnv1a(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}
