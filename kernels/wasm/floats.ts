// Real activations: one plane a channel, rows of `rowBytes`, with zeros around every image that a kernel may reach.
import {lowest, put} from "./planes";

/** A tile of every channel for stride 1: `rows` rows of `vectors` × 4 values from `from` on, one after the other. */
export function packTile(
  from: usize, rowBytes: usize, planeBytes: usize, channels: i32, rows: i32, vectors: i32, tile: usize,
): void {
  for (let c = 0; c < channels; c++, from += planeBytes) {
    for (let y = 0, row = from; y < rows; y++, row += rowBytes) {
      for (let v = 0, at = row; v < vectors; v++, at += 16, tile += 16) v128.store(tile, v128.load(at));
    }
  }
}

/** For any other stride: rows × 4·vectors values of each of kernel² taps, `from` being the first tap's first value. */
export function packStridedTile(
  from: usize, rowBytes: usize, planeBytes: usize, channels: i32, rows: i32, vectors: i32, kernel: i32, step: i32,
  tile: usize,
): void {
  for (let c = 0; c < channels; c++, from += planeBytes) {
    for (let ky = 0; ky < kernel; ky++) {
      for (let kx = 0; kx < kernel; kx++) {
        for (let y = 0; y < rows; y++) {
          let at = from + <usize>(ky + y * step) * rowBytes + (<usize>kx << 2);
          if (step === 2) {
            for (let v = 0; v < vectors; v++, at += 32, tile += 16) {
              v128.store(tile, v128.shuffle<f32>(v128.load(at), v128.load(at, 16), 0, 2, 4, 6));
            }
          } else {
            for (let x = 0; x < 4 * vectors; x++, at += <usize>step << 2, tile += 4) store<f32>(tile, load<f32>(at));
          }
        }
      }
    }
  }
}

/** Four values, or the maxima of four 2 × 2 windows. */
// @ts-expect-error: decorator
@inline
function pooled(at: usize, rowBytes: usize, pool: bool): v128 {
  if (!pool) return v128.load(at);
  const a = f32x4.pmax(v128.load(at), v128.load(at + rowBytes));
  const b = f32x4.pmax(v128.load(at, 16), v128.load(at + rowBytes, 16));
  return f32x4.pmax(v128.shuffle<f32>(a, b, 0, 2, 4, 6), v128.shuffle<f32>(a, b, 1, 3, 5, 7));
}

// @ts-expect-error: decorator
@inline
function affine(x: v128, gain: v128, norms: usize, scale: v128, shift: v128): v128 {
  const y = f32x4.mul(x, gain);
  return norms ? f32x4.add(f32x4.mul(y, scale), shift) : y;
}

/**
 * What follows a convolution: out = relu(scale · gain · pool(x) + shift + addend), each part but the gain optional;
 * h × w is the result's size. `norms` is {scale, shift} a channel, or 0. The rest of a row's last vector becomes 0.
 */
export function finish(
  x: usize, rowBytes: usize, planeBytes: usize, channels: i32, h: i32, w: i32, pool: bool, gain: f32, norms: usize,
  addend: usize, addendRow: usize, addendPlane: usize, relu: bool, out: usize, outRow: usize, outPlane: usize,
): void {
  const gains = f32x4.splat(gain), zero = f32x4.splat(0);
  const last = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(((w - 1) & 3) + 1));
  for (let c = 0; c < channels; c++) {
    const scale = norms ? v128.load32_splat(norms + (<usize>c << 3)) : zero;
    const shift = norms ? v128.load32_splat(norms + (<usize>c << 3), 4) : zero;
    for (let y = 0; y < h; y++) {
      let from = x + <usize>(pool ? 2 * y : y) * rowBytes;
      let add = addend + <usize>y * addendRow;
      let to = out + <usize>y * outRow;
      for (let left = w; left > 0; left -= 4, from += pool ? 32 : 16, add += 16, to += 16) {
        let v = affine(pooled(from, rowBytes, pool), gains, norms, scale, shift);
        if (addend) v = f32x4.add(v, v128.load(add));
        if (relu) v = f32x4.pmax(v, zero);
        v128.store(to, left < 4 ? v128.and(v, last) : v);
      }
    }
    x += planeBytes;
    addend += addend ? addendPlane : 0;
    out += outPlane;
  }
}

/** The same up to the sum, then [value ≥ 0] as bits of one image that begins at bit `at` of every (zeroed) plane. */
export function finishBits(
  x: usize, rowBytes: usize, planeBytes: usize, channels: i32, h: i32, w: i32, pool: bool, gain: f32, norms: usize,
  addend: usize, addendRow: usize, addendPlane: usize, out: usize, outPlane: usize, at: i32,
): void {
  const gains = f32x4.splat(gain), zero = f32x4.splat(0);
  for (let c = 0; c < channels; c++) {
    const scale = norms ? v128.load32_splat(norms + (<usize>c << 3)) : zero;
    const shift = norms ? v128.load32_splat(norms + (<usize>c << 3), 4) : zero;
    for (let y = 0, bit = at; y < h; y++, bit += w) {
      let from = x + <usize>(pool ? 2 * y : y) * rowBytes;
      let add = addend + <usize>y * addendRow;
      for (let column = 0; column < w; column += 32) {
        let negative: u64 = 0;
        const count = min(32, w - column);
        for (let i = 0; i < count; i += 4, from += pool ? 32 : 16, add += 16) {
          let v = affine(pooled(from, rowBytes, pool), gains, norms, scale, shift);
          if (addend) v = f32x4.add(v, v128.load(add));
          negative |= <u64>i32x4.bitmask(f32x4.lt(v, zero)) << i;
        }
        put(out, bit + column, ~negative & lowest(count));
      }
    }
    x += planeBytes;
    addend += addend ? addendPlane : 0;
    out += outPlane;
  }
}

/** Any max-pooling; outside the image is −∞. */
export function poolFloats(
  x: usize, rowBytes: usize, planeBytes: usize, channels: i32, h: i32, w: i32, size: i32, step: i32, pad: i32,
  out: usize, outRow: usize, outPlane: usize, outH: i32, outW: i32,
): void {
  for (let c = 0; c < channels; c++, x += planeBytes, out += outPlane) {
    for (let y = 0; y < outH; y++) {
      for (let column = 0; column < outW; column++) {
        let largest: f32 = -Infinity;
        for (let i = max(0, y * step - pad); i < min(h, y * step - pad + size); i++) {
          for (let j = max(0, column * step - pad); j < min(w, column * step - pad + size); j++) {
            const value = load<f32>(x + <usize>i * rowBytes + (<usize>j << 2));
            if (largest < value) largest = value;
          }
        }
        store<f32>(out + <usize>y * outRow + (<usize>column << 2), largest);
      }
    }
  }
}

/** Mean over height and width, summed row by row. */
export function meanOfFloats(
  x: usize, rowBytes: usize, planeBytes: usize, channels: i32, h: i32, w: i32, out: usize,
): void {
  for (let c = 0; c < channels; c++, x += planeBytes, out += 4) {
    let sum: f32 = 0;
    for (let y = 0, row = x; y < h; y++, row += rowBytes) {
      for (let column = 0; column < w; column++) sum += load<f32>(row + (<usize>column << 2));
    }
    store<f32>(out, sum / <f32>(h * w));
  }
}

/** Groups whose sums are made apart before they join the total: long sums of one sign would lose their last digits. */
const GROUPS_APART = 32;

/**
 * A dense layer on reals: out[u] = Σ plus − Σ minus over lists of indices into x, in groups of four whose sums run apart
 * and are added as (0 + 1) + (2 + 3) at the end; each runs over GROUPS_APART groups of a list, then joins its total.
 */
function sparseDense<T>(lists: usize, units: i32, x: usize, out: usize): void {
  const bytes = sizeof<T>();
  for (let u = 0; u < units; u++, out += 4) {
    let n = load<u32>(lists), m = load<u32>(lists, 4);
    lists += 8;
    let a: f32 = 0, b: f32 = 0, c: f32 = 0, d: f32 = 0;
    while (n + m > 0) {
      const isPlus = n > 0;
      let left = min(isPlus ? n : m, GROUPS_APART);
      if (isPlus) n -= left;
      else m -= left;
      let p: f32 = 0, q: f32 = 0, r: f32 = 0, s: f32 = 0;
      for (; left > 0; left--, lists += 4 * bytes) {
        p += load<f32>(x + (<usize>load<T>(lists) << 2));
        q += load<f32>(x + (<usize>load<T>(lists + bytes) << 2));
        r += load<f32>(x + (<usize>load<T>(lists + 2 * bytes) << 2));
        s += load<f32>(x + (<usize>load<T>(lists + 3 * bytes) << 2));
      }
      a += isPlus ? p : -p;
      b += isPlus ? q : -q;
      c += isPlus ? r : -r;
      d += isPlus ? s : -s;
    }
    store<f32>(out, a + b + (c + d));
  }
}

export function sparseDense16(lists: usize, units: i32, x: usize, out: usize): void {
  sparseDense<u16>(lists, units, x, out);
}

export function sparseDense32(lists: usize, units: i32, x: usize, out: usize): void {
  sparseDense<u32>(lists, units, x, out);
}
