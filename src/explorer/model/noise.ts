import {Stream} from "../../core/random";

/** The noise of a page: entry i belongs to byte i of its pictures, whatever the strength. */
export class Noise {
  private readonly drawn: Float32Array;

  constructor(length: number) {
    const stream = new Stream(1, "explorer/noise");
    const signs = new Stream(1, "explorer/noise/signs");
    this.drawn = Float32Array.from({length}, (_, i) =>
      signs.bit(i) ? -stream.normalMagnitude(i) : stream.normalMagnitude(i),
    );
  }

  /** byte + 255 · sd · N(0, 1), rounded, and within black and white. */
  on(bytes: Uint8Array | Uint8ClampedArray, sd: number): Uint8ClampedArray {
    if (sd === 0) return Uint8ClampedArray.from(bytes);
    return Uint8ClampedArray.from(bytes, (byte, i) => byte + 255 * sd * this.drawn[i]);
  }
}
