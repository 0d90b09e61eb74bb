import {probability} from "./estimate";

/**
 * A binary range coder: a bit that was expected with probability p costs −log₂ p bits, to within rounding. The encoder
 * keeps an interval [low, low + range) of 32-bit fractions, a bit narrows it, and leading bytes that are settled leave.
 *
 * Source: G. N. N. Martin, "Range encoding" (1979); carries are held back as in I. Pavlov's LZMA.
 */

const TOP = 2 ** 24;
const WORD = 2 ** 32;

/** Bytes that the decoder holds beyond those it needs: the encoder leaves them out, and they read as zero. */
const LOOKAHEAD = 3;

export class RangeEncoder {
  private bytes = new Uint8Array(1024);
  private length = 0;
  private low = 0;
  private range = WORD - 1;
  /** The last byte that a carry may still change, and how many 255 follow it. The first is a 0 of no meaning. */
  private held = 0;
  private pending = 0;
  private started = false;

  /** `one`: the probability of a 1, in 1/65536, from 1 to 65535. */
  encode(bit: number, one: number): void {
    const bound = (this.range >>> 16) * one;
    if (bit === 1) this.range = bound;
    else {
      this.low += bound;
      this.range -= bound;
    }
    while (this.range < TOP) {
      this.range *= 256;
      this.shift();
    }
  }

  /** All bytes. The interval is at least 2²⁴ wide, so one of its numbers ends in three zero bytes, which are left out. */
  finish(): Uint8Array {
    this.low = Math.ceil(this.low / TOP) * TOP;
    this.shift();
    this.shift();
    return this.bytes.slice(0, this.length);
  }

  /** Takes the top byte out of `low`: held back while a carry may come. */
  private shift(): void {
    if (this.low < 0xff000000 || this.low >= WORD) {
      const carry = this.low >= WORD ? 1 : 0;
      if (this.started) this.put(this.held + carry);
      this.started = true;
      for (; this.pending > 0; this.pending--) this.put(0xff + carry);
      this.held = (this.low / TOP) & 0xff;
    } else this.pending++;
    this.low = (this.low % TOP) * 256;
  }

  private put(byte: number): void {
    if (this.length === this.bytes.length) {
      const longer = new Uint8Array(2 * this.length);
      longer.set(this.bytes);
      this.bytes = longer;
    }
    this.bytes[this.length++] = byte;
  }
}

export class RangeDecoder {
  private position = 0;
  private range = WORD - 1;
  private code = 0;

  constructor(private readonly bytes: Uint8Array) {
    for (let i = 0; i < 4; i++) this.code = ((this.code << 8) | this.next()) >>> 0;
  }

  /** The next bit, whose probability of being 1 is `one`/65536. */
  decode(one: number): 0 | 1 {
    const bound = (this.range >>> 16) * one;
    let bit: 0 | 1;
    if (this.code < bound) {
      this.range = bound;
      bit = 1;
    } else {
      this.code = this.code - bound;
      this.range -= bound;
      bit = 0;
    }
    while (this.range < TOP) {
      this.range = (this.range << 8) >>> 0;
      this.code = ((this.code << 8) | this.next()) >>> 0;
    }
    return bit;
  }

  /**
   * Bits begin … end − 1 into `bits`: what `decode` gives of a share that is estimated as it goes, in a context that moves
   * by `step` a bit. The interval stays in registers, as 32 bits without a sign.
   */
  decodeRun(
    bits: Int8Array,
    begin: number,
    end: number,
    {ones, counts}: {readonly ones: Float64Array; readonly counts: Float64Array},
    context: number,
    step: number,
  ): void {
    const {bytes} = this;
    let [range, code, position] = [this.range | 0, this.code | 0, this.position];
    for (let i = begin, c = context; i < end; i++, c += step) {
      const one = probability(ones[c], counts[c]++);
      const bound = Math.imul(range >>> 16, one);
      if (code >>> 0 < bound >>> 0) {
        range = bound;
        ones[c]++;
        bits[i] = 1;
      } else {
        range = (range - bound) | 0;
        code = (code - bound) | 0;
        bits[i] = 0;
      }
      while (range >>> 0 < TOP) {
        range <<= 8;
        code = (code << 8) | (position < bytes.length ? bytes[position] : 0);
        position++;
      }
    }
    [this.range, this.code, this.position] = [range >>> 0, code >>> 0, position];
  }

  /** Whether the bits decoded so far are all that the bytes hold. */
  atEnd(): boolean {
    return this.position === this.bytes.length + LOOKAHEAD;
  }

  /** Whether more bits were decoded than the bytes hold. */
  overran(): boolean {
    return this.position > this.bytes.length + LOOKAHEAD;
  }

  private next(): number {
    const byte = this.position < this.bytes.length ? this.bytes[this.position] : 0;
    this.position++;
    return byte;
  }
}
