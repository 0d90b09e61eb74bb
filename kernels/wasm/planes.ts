// Bit planes: one a channel, a bit a pixel, 1 for +1. Bit offsets may be any; planes have room to read past both ends.

/** 64 bits from bit `at` of a plane on. */
// @ts-expect-error: decorator
@inline
export function fetch(plane: usize, at: i32): u64 {
  const address = plane + <usize>(at >> 3);
  const shift: u64 = at & 7;
  return (load<u64>(address) >> shift) | ((<u64>load<u8>(address, 8) << 1) << (63 - shift));
}

/** Sets `bits` into a zeroed plane from bit `at` on; of 57 bits or fewer. */
// @ts-expect-error: decorator
@inline
export function put(plane: usize, at: i32, bits: u64): void {
  const address = plane + <usize>(at >> 3);
  store<u64>(address, load<u64>(address) | (bits << (at & 7)));
}

// @ts-expect-error: decorator
@inline
export function lowest(count: i32): u64 {
  return count >= 64 ? ~(<u64>0) : ((<u64>1) << count) - 1;
}

/** Bits 0, 2, 4, … 62 as bits 0 … 31. */
// @ts-expect-error: decorator
@inline
function evens(x: u64): u64 {
  x &= 0x5555555555555555;
  x = (x | (x >> 1)) & 0x3333333333333333;
  x = (x | (x >> 2)) & 0x0f0f0f0f0f0f0f0f;
  x = (x | (x >> 4)) & 0x00ff00ff00ff00ff;
  x = (x | (x >> 8)) & 0x0000ffff0000ffff;
  return (x | (x >> 16)) & 0x00000000ffffffff;
}

/**
 * Rows [tap][channel] of 128 bits: what each tap sees of the tile at byte `tile` of every plane. A tap is
 * {address of channel 0's plane, bit offset, mask of the pixels that it sees inside the image: 16 bytes}.
 */
export function packTaps(
  taps: usize, count: i32, masks: usize, channels: i32, planeBytes: usize, tile: i32, rows: usize,
): void {
  for (let j = 0; j < count; j++, taps += 8, masks += 16) {
    const offset = load<i32>(taps, 4);
    const shift = offset & 7;
    const mask = v128.load(masks);
    let from = <usize>load<u32>(taps) + <usize>(tile + (offset >> 3));
    const end = rows + (<usize>channels << 4);
    if (shift === 0) {
      for (; rows < end; rows += 16, from += planeBytes) v128.store(rows, v128.and(v128.load(from), mask));
    } else if (shift === 1) {
      for (; rows < end; rows += 16, from += planeBytes) {
        const x = v128.or(v128.shr<u64>(v128.load(from), 1), v128.shl<u64>(v128.load(from, 8), 63));
        v128.store(rows, v128.and(x, mask));
      }
    } else if (shift === 7) {
      for (; rows < end; rows += 16, from += planeBytes) {
        const x = v128.or(v128.shr<u64>(v128.load(from), 7), v128.shl<u64>(v128.load(from, 8), 57));
        v128.store(rows, v128.and(x, mask));
      }
    } else {
      for (; rows < end; rows += 16, from += planeBytes) {
        const x = v128.or(v128.shr<u64>(v128.load(from), shift), v128.shl<u64>(v128.load(from, 8), 64 - shift));
        v128.store(rows, v128.and(x, mask));
      }
    }
  }
}

/** The same in rows of 2 or 8 bytes, for images of at most 16 or 64 pixels. */
export function packNarrowTaps(
  taps: usize, count: i32, masks: usize, channels: i32, planeBytes: usize, tile: i32, rows: usize, rowBytes: usize,
): void {
  for (let j = 0; j < count; j++, taps += 8, masks += 16) {
    const base = <usize>load<u32>(taps) + <usize>tile;
    const offset = load<i32>(taps, 4);
    const mask = load<u64>(masks);
    for (let c = 0; c < channels; c++, rows += rowBytes) {
      store<u64>(rows, fetch(base + <usize>c * planeBytes, offset) & mask);
    }
  }
}

/**
 * Every second row and column of `images` images a plane, from (`y0`, `x0`) on: what a stride of 2 sees. An image of
 * h × w takes `stride` bits, of the result `outStride`.
 */
export function everySecond(
  planes: usize, planeBytes: usize, channels: i32, images: i32, h: i32, w: i32, stride: i32, y0: i32, x0: i32,
  out: usize, outBytes: usize, outH: i32, outW: i32, outStride: i32,
): void {
  memory.fill(out, 0, <usize>channels * outBytes);
  for (let c = 0; c < channels; c++, planes += planeBytes, out += outBytes) {
    for (let n = 0; n < images; n++) {
      for (let y = 0; y < outH && 2 * y + y0 < h; y++) {
        const row = n * stride + (2 * y + y0) * w + x0;
        const to = n * outStride + y * outW;
        const count = min(outW, (w - x0 + 1) >> 1);
        for (let x = 0; x < count; x += 32) {
          put(out, to + x, evens(fetch(planes, row + 2 * x)) & lowest(min(32, count - x)));
        }
      }
    }
  }
}

/**
 * 2×2 max-pooling, stride 2: the OR of four bits; then planes whose entry in `flips` is −1 are complemented. (A negative
 * slope behind the pooling turns [max ≥ t] round.)
 */
export function halve(
  planes: usize, planeBytes: usize, channels: i32, images: i32, h: i32, w: i32, stride: i32, flips: usize,
  out: usize, outBytes: usize, outStride: i32,
): void {
  memory.fill(out, 0, <usize>channels * outBytes);
  const outW = w >> 1;
  for (let c = 0; c < channels; c++, planes += planeBytes, out += outBytes) {
    const flip: u64 = flips ? load<i64>(flips + (<usize>c << 3)) : 0;
    for (let n = 0; n < images; n++) {
      for (let y = 0; y < h >> 1; y++) {
        const row = n * stride + 2 * y * w;
        const to = n * outStride + y * outW;
        for (let x = 0; x < outW; x += 32) {
          const both = fetch(planes, row + 2 * x) | fetch(planes, row + w + 2 * x);
          put(out, to + x, (evens(both | (both >> 1)) ^ flip) & lowest(min(32, outW - x)));
        }
      }
    }
  }
}

/** Any max-pooling, bit by bit; outside the image is −1. */
export function poolBits(
  planes: usize, planeBytes: usize, channels: i32, images: i32, h: i32, w: i32, stride: i32,
  size: i32, step: i32, pad: i32, flips: usize, out: usize, outBytes: usize, outH: i32, outW: i32, outStride: i32,
): void {
  memory.fill(out, 0, <usize>channels * outBytes);
  for (let c = 0; c < channels; c++, planes += planeBytes, out += outBytes) {
    const flip: u64 = flips ? load<u64>(flips + (<usize>c << 3)) & 1 : 0;
    for (let n = 0; n < images; n++) {
      for (let y = 0; y < outH; y++) {
        for (let x = 0; x < outW; x++) {
          let any: u64 = 0;
          for (let i = max(0, y * step - pad); i < min(h, y * step - pad + size); i++) {
            for (let j = max(0, x * step - pad); j < min(w, x * step - pad + size); j++) {
              any |= fetch(planes, n * stride + i * w + j) & 1;
            }
          }
          put(out, n * outStride + y * outW + x, any ^ flip);
        }
      }
    }
  }
}

/** One image's bits in a row, channel after channel: `pixels` bits of each. The last word's rest is 0. */
export function flattenBits(
  planes: usize, planeBytes: usize, channels: i32, at: i32, pixels: i32, out: usize, outBytes: usize,
): void {
  memory.fill(out, 0, outBytes);
  for (let c = 0, to = 0; c < channels; c++, planes += planeBytes, to += pixels) {
    for (let i = 0; i < pixels; i += 32) {
      put(out, to + i, fetch(planes, at + i) & lowest(min(32, pixels - i)));
    }
  }
}

/** out[c] = mean of ±1 over one image = (2·ones − pixels)/pixels. */
export function meanOfBits(
  planes: usize, planeBytes: usize, channels: i32, at: i32, pixels: i32, out: usize,
): void {
  for (let c = 0; c < channels; c++, planes += planeBytes, out += 4) {
    let ones = 0;
    for (let i = 0; i < pixels; i += 64) {
      ones += <i32>popcnt<u64>(fetch(planes, at + i) & lowest(min(64, pixels - i)));
    }
    const sum = 2 * ones - pixels;
    store<f32>(out, <f32>sum / <f32>pixels);
  }
}
