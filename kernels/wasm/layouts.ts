// From one layout to another: NHWC, planes of reals, planes of bits, sums of 16 bits.

import {sumsBlockToNhwc} from "./generated";
import {fetch, lowest, put} from "./planes";

/** One NHWC image to planes of reals. */
export function nhwcToFloats(
  from: usize, channels: i32, h: i32, w: i32, out: usize, outRow: usize, outPlane: usize,
): void {
  const pixel = <usize>channels << 2;
  const whole = channels & ~3;
  for (let y = 0; y < h; y++, out += outRow) {
    let x = 0;
    for (; x + 4 <= w; x += 4, from += 4 * pixel) {
      let to = out + (<usize>x << 2);
      for (let c = 0, at = from; c < whole; c += 4, at += 16, to += 4 * outPlane) {
        const p = v128.load(at), q = v128.load(at + pixel), r = v128.load(at + 2 * pixel), s = v128.load(at + 3 * pixel);
        const pq = v128.shuffle<f32>(p, q, 0, 4, 1, 5), rs = v128.shuffle<f32>(r, s, 0, 4, 1, 5);
        const pq2 = v128.shuffle<f32>(p, q, 2, 6, 3, 7), rs2 = v128.shuffle<f32>(r, s, 2, 6, 3, 7);
        v128.store(to, v128.shuffle<i64>(pq, rs, 0, 2));
        v128.store(to + outPlane, v128.shuffle<i64>(pq, rs, 1, 3));
        v128.store(to + 2 * outPlane, v128.shuffle<i64>(pq2, rs2, 0, 2));
        v128.store(to + 3 * outPlane, v128.shuffle<i64>(pq2, rs2, 1, 3));
      }
      for (let i = 0; i < 4; i++) copyPixel(from + <usize>i * pixel, whole, channels, out + (<usize>(x + i) << 2), outPlane);
    }
    for (; x < w; x++, from += pixel) copyPixel(from, 0, channels, out + (<usize>x << 2), outPlane);
  }
}

function copyPixel(from: usize, first: i32, channels: i32, to: usize, plane: usize): void {
  for (let c = first; c < channels; c++) store<f32>(to + <usize>c * plane, load<f32>(from + (<usize>c << 2)));
}

/** Planes of reals, times `gain`, to one NHWC image. */
export function floatsToNhwc(
  x: usize, rowBytes: usize, planeBytes: usize, channels: i32, h: i32, w: i32, gain: f32, out: usize,
): void {
  const g = f32x4.splat(gain);
  const pixel = <usize>channels << 2;
  for (let y = 0; y < h; y++, x += rowBytes) {
    for (let column = 0; column < w; column += 4, out += 4 * pixel) {
      const count = min(4, w - column);
      let from = x + (<usize>column << 2);
      let c = 0;
      if (count === 4) {
        for (let to = out; c + 4 <= channels; c += 4, to += 16, from += 4 * planeBytes) {
          const p = f32x4.mul(v128.load(from), g), q = f32x4.mul(v128.load(from + planeBytes), g);
          const r = f32x4.mul(v128.load(from + 2 * planeBytes), g), s = f32x4.mul(v128.load(from + 3 * planeBytes), g);
          const pq = v128.shuffle<f32>(p, q, 0, 4, 1, 5), rs = v128.shuffle<f32>(r, s, 0, 4, 1, 5);
          const pq2 = v128.shuffle<f32>(p, q, 2, 6, 3, 7), rs2 = v128.shuffle<f32>(r, s, 2, 6, 3, 7);
          v128.store(to, v128.shuffle<i64>(pq, rs, 0, 2));
          v128.store(to + pixel, v128.shuffle<i64>(pq, rs, 1, 3));
          v128.store(to + 2 * pixel, v128.shuffle<i64>(pq2, rs2, 0, 2));
          v128.store(to + 3 * pixel, v128.shuffle<i64>(pq2, rs2, 1, 3));
        }
      }
      for (; c < channels; c++, from += planeBytes) {
        for (let i = 0; i < count; i++) {
          store<f32>(out + <usize>i * pixel + (<usize>c << 2), load<f32>(from + (<usize>i << 2)) * gain);
        }
      }
      if (count < 4) out -= <usize>(4 - count) * pixel;
    }
  }
}

/** [x ≥ 0] of one NHWC image as bits of (zeroed) planes, the image beginning at bit `at` of each. */
export function nhwcToBits(from: usize, channels: i32, pixels: i32, out: usize, outPlane: usize, at: i32): void {
  const pixel = <usize>channels << 2;
  const zero = f32x4.splat(0);
  let i = 0;
  for (; i + 8 <= pixels && (at & 7) === 0; i += 8, from += 8 * pixel) {
    const to = out + (<usize>(at + i) >> 3);
    let c = 0;
    for (let x = from; c + 16 <= channels; c += 16, x += 64) {
      let bits = i64x2.splat(0);
      for (let p = 0, y = x; p < 8; p++, y += pixel) {
        const a = i16x8.narrow_i32x4_s(f32x4.ge(v128.load(y), zero), f32x4.ge(v128.load(y, 16), zero));
        const b = i16x8.narrow_i32x4_s(f32x4.ge(v128.load(y, 32), zero), f32x4.ge(v128.load(y, 48), zero));
        const bit = 1 << p;
        bits = v128.or(bits, v128.and(i8x16.narrow_i16x8_s(a, b), i8x16.splat(<i8>bit)));
      }
      storeBytes(bits, to + <usize>c * outPlane, outPlane);
    }
    for (; c < channels; c++) {
      let byte: u32 = 0;
      for (let p: usize = 0; p < 8; p++) byte |= u32(load<f32>(from + p * pixel + (<usize>c << 2)) >= 0) << <u32>p;
      store<u8>(to + <usize>c * outPlane, <u8>byte);
    }
  }
  for (; i < pixels; i++, from += pixel) {
    for (let c = 0; c < channels; c++) {
      put(out + <usize>c * outPlane, at + i, u64(load<f32>(from + (<usize>c << 2)) >= 0));
    }
  }
}

// @ts-expect-error: decorator
@inline
function storeBytes(bytes: v128, to: usize, stride: usize): void {
  v128.store_lane<u8>(to, bytes, 0); to += stride;
  v128.store_lane<u8>(to, bytes, 1); to += stride;
  v128.store_lane<u8>(to, bytes, 2); to += stride;
  v128.store_lane<u8>(to, bytes, 3); to += stride;
  v128.store_lane<u8>(to, bytes, 4); to += stride;
  v128.store_lane<u8>(to, bytes, 5); to += stride;
  v128.store_lane<u8>(to, bytes, 6); to += stride;
  v128.store_lane<u8>(to, bytes, 7); to += stride;
  v128.store_lane<u8>(to, bytes, 8); to += stride;
  v128.store_lane<u8>(to, bytes, 9); to += stride;
  v128.store_lane<u8>(to, bytes, 10); to += stride;
  v128.store_lane<u8>(to, bytes, 11); to += stride;
  v128.store_lane<u8>(to, bytes, 12); to += stride;
  v128.store_lane<u8>(to, bytes, 13); to += stride;
  v128.store_lane<u8>(to, bytes, 14); to += stride;
  v128.store_lane<u8>(to, bytes, 15);
}

/** Bits of one image to planes of ±1. */
export function bitsToFloats(
  planes: usize, planeBytes: usize, channels: i32, at: i32, h: i32, w: i32, out: usize, outRow: usize, outPlane: usize,
): void {
  for (let c = 0; c < channels; c++, planes += planeBytes, out += outPlane) {
    for (let y = 0; y < h; y++) {
      const to = out + <usize>y * outRow;
      for (let x = 0; x < w; x++) {
        store<f32>(to + (<usize>x << 2), fetch(planes, at + y * w + x) & 1 ? 1 : -1);
      }
    }
  }
}

/** Sums of one image, a row of `stride` bytes a channel, to planes of reals. */
export function sumsToFloats(
  sums: usize, stride: usize, channels: i32, h: i32, w: i32, out: usize, outRow: usize, outPlane: usize,
): void {
  for (let c = 0; c < channels; c++, sums += stride, out += outPlane) {
    for (let y = 0, from = sums; y < h; y++, from += <usize>w << 1) {
      const to = out + <usize>y * outRow;
      for (let x = 0; x < w; x += 4) {
        const four = i32x4.extend_low_i16x8_s(v128.load64_zero(from + (<usize>x << 1)));
        v128.store(to + (<usize>x << 2), f32x4.convert_i32x4_s(four));
      }
    }
  }
}

/** Sums of one image, times `gain`, to NHWC. */
export function sumsToNhwc(sums: usize, stride: usize, channels: i32, pixels: i32, gain: f32, out: usize): void {
  const pixel = <usize>channels << 2;
  const whole = channels & ~7;
  let i = 0;
  for (; i + 8 <= pixels; i += 8) {
    for (let c = 0; c < whole; c += 8) {
      const block = sums + <usize>c * stride + (<usize>i << 1);
      sumsBlockToNhwc(block, stride, gain, out + <usize>i * pixel + (<usize>c << 2), pixel);
    }
    for (let p = i; p < i + 8; p++) scaleSums(sums, stride, whole, channels, p, gain, out + <usize>p * pixel);
  }
  for (; i < pixels; i++) scaleSums(sums, stride, 0, channels, i, gain, out + <usize>i * pixel);
}

function scaleSums(sums: usize, stride: usize, first: i32, channels: i32, i: i32, gain: f32, out: usize): void {
  for (let c = first; c < channels; c++) {
    store<f32>(out + (<usize>c << 2), <f32>load<i16>(sums + <usize>c * stride + (<usize>i << 1)) * gain);
  }
}

/** Planes of reals, one after the other without gaps. */
export function flattenFloats(
  x: usize, rowBytes: usize, planeBytes: usize, channels: i32, h: i32, w: i32, out: usize,
): void {
  for (let c = 0; c < channels; c++, x += planeBytes) {
    for (let y = 0, row = x; y < h; y++, row += rowBytes, out += <usize>w << 2) memory.copy(out, row, <usize>w << 2);
  }
}

/** [x ≥ 0] of `count` values in a row, as bits; the last 16 bytes' rest is 0. */
export function signsOfRow(x: usize, count: i32, out: usize, outBytes: usize): void {
  memory.fill(out, 0, outBytes);
  for (let i = 0; i < count; i += 4) {
    const bits = <u64>i32x4.bitmask(f32x4.ge(v128.load(x + (<usize>i << 2)), f32x4.splat(0)));
    put(out, i, bits & lowest(min(4, count - i)));
  }
}

export function clear(at: usize, bytes: usize): void {
  memory.fill(at, 0, bytes);
}
