// Where bits lie: one plane a channel, a bit a pixel, row by row; images one after the other in every plane.
import type {Machine} from "./kernels";

export interface BitPlanes {
  readonly kind: "bits";
  readonly at: number;
  readonly images: number;
  readonly channels: number;
  readonly h: number;
  readonly w: number;
  /** Bits from one image to the next. */
  readonly stride: number;
  /** Bytes from one channel to the next. */
  readonly planeBytes: number;
}

/** Pixels that one vector holds. */
export const VECTOR = 128;

/** Small images share a vector, larger ones begin at its start. */
export function imageStride(pixels: number): number {
  if (pixels <= 16) return 16;
  return pixels <= 64 ? 64 : Math.ceil(pixels / VECTOR) * VECTOR;
}

/** Planes that lie a power of two apart would share a few lines of the processor's cache. */
export function spreadOut(planeBytes: number): number {
  return planeBytes % 512 === 0 ? planeBytes + 64 : planeBytes;
}

export function bitPlanes(
  machine: Machine,
  images: number,
  channels: number,
  h: number,
  w: number,
): BitPlanes {
  const stride = imageStride(h * w);
  const planeBytes = spreadOut(16 * Math.ceil((images * stride) / VECTOR));
  const guard = 64 + Math.ceil((8 * (w + 8)) / 8);
  return {
    kind: "bits",
    at: machine.allocate(channels * planeBytes, guard),
    images,
    channels,
    h,
    w,
    stride,
    planeBytes,
  };
}

/** What a tap adds to an output pixel's coordinates, and which of the input's phases it reads (stride 2). */
export interface Tap {
  readonly dy: number;
  readonly dx: number;
  readonly phaseY: number;
  readonly phaseX: number;
}

/** Taps of a kernel, row by row: input y = stride·(output y + dy) + phaseY. */
export function tapsOf(kernel: number, stride: number, pad: number): Tap[] {
  return Array.from({length: kernel * kernel}, (_, tap) => {
    const y = Math.floor(tap / kernel) - pad;
    const x = (tap % kernel) - pad;
    const [dy, dx] = [Math.floor(y / stride), Math.floor(x / stride)];
    return {dy, dx, phaseY: y - stride * dy, phaseX: x - stride * dx};
  });
}

/** One of the ways in which a vector of 128 output pixels meets the border: for each pixel the taps inside the image. */
export interface TilePattern {
  /** [pixel][tap], 1 inside. */
  readonly inside: Uint8Array;
}

/** Every tile's pattern, equal ones shared: patterns, and which of them each tile of one image has. */
export function tilePatterns(
  taps: readonly Tap[],
  stride: number,
  input: {readonly h: number; readonly w: number},
  output: {readonly h: number; readonly w: number},
): {patterns: TilePattern[]; ofTile: number[]} {
  const pixels = output.h * output.w;
  const period = imageStride(pixels);
  const tiles = Math.max(1, period / VECTOR);
  const patterns: TilePattern[] = [];
  const known = new Map<string, number>();
  const ofTile = Array.from({length: tiles}, (_, tile) => {
    const inside = new Uint8Array(VECTOR * taps.length);
    for (let i = 0; i < VECTOR; i++) {
      const pixel = (tile * VECTOR + i) % period;
      if (pixel >= pixels) continue;
      const [y, x] = [Math.floor(pixel / output.w), pixel % output.w];
      taps.forEach(({dy, dx, phaseY, phaseX}, tap) => {
        const iy = stride * (y + dy) + phaseY;
        const ix = stride * (x + dx) + phaseX;
        if (iy >= 0 && iy < input.h && ix >= 0 && ix < input.w) inside[i * taps.length + tap] = 1;
      });
    }
    const key = inside.join("");
    const found = known.get(key) ?? patterns.push({inside}) - 1;
    known.set(key, found);
    return found;
  });
  return {patterns, ofTile};
}

/** Masks [pattern][tap] of 128 bits: the pixels for which the tap is inside. */
export function tapMasks(patterns: readonly TilePattern[], taps: number): Uint8Array {
  const masks = new Uint8Array(patterns.length * taps * 16);
  patterns.forEach(({inside}, p) => {
    for (let i = 0; i < VECTOR; i++) {
      for (let tap = 0; tap < taps; tap++) {
        if (inside[i * taps + tap]) masks[(p * taps + tap) * 16 + (i >> 3)] |= 1 << (i & 7);
      }
    }
  });
  return masks;
}
