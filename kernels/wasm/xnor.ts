// The textbook's way: 128 inputs a vector, XOR with the signs, AND with the mask, count the bits.

/** Σ over kept inputs of x·w, x and w in {−1, +1}: kept − 2 · |{kept inputs whose bits differ}|. */
// @ts-expect-error: decorator
@inline
function differing(x: usize, weights: usize, vectors: i32): i32 {
  let total = i16x8.splat(0);
  for (let v = 0; v < vectors; v++, x += 16, weights += 32) {
    const differs = v128.and(v128.xor(v128.load(x), v128.load(weights)), v128.load(weights, 16));
    total = i16x8.add(total, i16x8.extadd_pairwise_i8x16_u(i8x16.popcnt(differs)));
  }
  const four = i32x4.extadd_pairwise_i16x8_u(total);
  const two = i32x4.add(four, v128.shuffle<i64>(four, four, 1, 1));
  return i32x4.extract_lane(two, 0) + i32x4.extract_lane(two, 1);
}

/** A dense layer on bits. A unit's weights are {kept count: 16 bytes} and {signs, mask: 16 bytes each} a vector. */
export function xnorDense(x: usize, vectors: i32, weights: usize, units: i32, out: usize): void {
  const bytes = (<usize>vectors << 5) + 16;
  for (let u = 0; u < units; u++, weights += bytes, out += 4) {
    store<f32>(out, <f32>(load<i32>(weights) - 2 * differing(x, weights + 16, vectors)));
  }
}

/**
 * A convolution on bits: x is [pixel][vectors], weights [filter][tap] as above, out NHWC. Taps outside the image are
 * left out. Kept for comparison: bit-sliced accumulation is several times as fast.
 */
export function xnorConv(
  x: usize, h: i32, w: i32, vectors: i32, weights: usize, filters: i32, kernel: i32, step: i32, pad: i32,
  out: usize, outH: i32, outW: i32,
): void {
  const pixel = <usize>vectors << 4;
  const tap = (<usize>vectors << 5) + 16;
  for (let y = 0; y < outH; y++) {
    for (let column = 0; column < outW; column++) {
      for (let f = 0, at = weights; f < filters; f++, out += 4) {
        let sum = 0;
        for (let ky = 0; ky < kernel; ky++) {
          for (let kx = 0; kx < kernel; kx++, at += tap) {
            const i = y * step + ky - pad, j = column * step + kx - pad;
            if (i < 0 || i >= h || j < 0 || j >= w) continue;
            sum += load<i32>(at) - 2 * differing(x + <usize>(i * w + j) * pixel, at + 16, vectors);
          }
        }
        store<f32>(out, <f32>sum);
      }
    }
  }
}
