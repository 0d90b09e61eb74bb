// The textbook's binary convolution, for teaching and comparison: XNOR, mask, popcount.

import {windowGrid} from "../../network/geometry";
import {type KeptInputs, keptInputs} from "../keptInputs";
import type {BinaryLayer} from "../network";
import {packUnits} from "./denseLayer";
import type {Machine} from "./kernels";

/** Σ over kept i of x_i·w_i for x, w ∈ {−1, +1} as bits (1 is +1): kept − 2 · |{kept i whose bits differ}|. */
export function maskedDot(x: Uint32Array, signs: Uint32Array, mask: Uint32Array): number {
  let kept = 0;
  let differing = 0;
  for (let i = 0; i < mask.length; i++) {
    kept += popcount(mask[i]);
    differing += popcount((x[i] ^ signs[i]) & mask[i]);
  }
  return kept - 2 * differing;
}

/** The ones among 32 bits. */
export function popcount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** x's signs [pixels][channels] as bits, every pixel in whole vectors of 16 bytes. */
export function packPixels(x: ArrayLike<number>, channels: number): Uint8Array {
  const pixelBytes = 16 * Math.ceil(channels / 128);
  const packed = new Uint8Array((x.length / channels) * pixelBytes);
  for (let i = 0; i < x.length; i++) {
    const c = i % channels;
    if (!(x[i] < 0)) packed[Math.floor(i / channels) * pixelBytes + (c >> 3)] |= 1 << (c & 7);
  }
  return packed;
}

/** A convolution of one image's signs by XNOR and popcount: NHWC sums, before the gain. */
export function xnorConv(
  machine: Machine,
  {h, w}: {readonly h: number; readonly w: number},
  {shape, signs}: BinaryLayer,
  {stride, pad}: {readonly stride: number; readonly pad: number},
): {
  readonly run: () => void;
  readonly load: (x: ArrayLike<number>) => void;
  readonly sums: () => Float32Array;
} {
  const [kernel, , channels, filters] = shape;
  const vectors = Math.ceil(channels / 128);
  const [outH, outW] = windowGrid({h, w}, {size: kernel, stride, pad}, "a convolution");
  const units = keptInputs(signs, filters).flatMap(lists =>
    Array.from({length: kernel * kernel}, (_, tap) => ofTap(lists, tap, channels)),
  );
  const weights = machine.place(packUnits(units, vectors));
  const input = machine.allocate(h * w * vectors * 16);
  const output = machine.allocate(outH * outW * filters * 4);
  return {
    load: x => machine.bytes(input, h * w * vectors * 16).set(packPixels(x, channels)),
    run: () =>
      machine.kernels.xnorConv(
        input,
        h,
        w,
        vectors,
        weights,
        filters,
        kernel,
        stride,
        pad,
        output,
        outH,
        outW,
      ),
    sums: () => machine.floats(output, outH * outW * filters).slice(),
  };
}

function ofTap({plus, minus}: KeptInputs, tap: number, channels: number): KeptInputs {
  const own = (list: Uint32Array): Uint32Array =>
    list.filter(input => Math.floor(input / channels) === tap).map(input => input - tap * channels);
  return {plus: own(plus), minus: own(minus)};
}
