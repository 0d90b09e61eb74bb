/** to[j] = the bits of a[j] where `mask` is 1, else those of b[j]: start planes that depend on an input bit. */
export function chooseStart(mask: v128, a: usize, b: usize, to: usize, planes: i32): void {
  for (let j = 0; j < planes; j++, a += 16, b += 16, to += 16) {
    v128.store(to, v128.bitselect(v128.load(a), v128.load(b), mask));
  }
}

/** Adds the bit-sliced numbers of all lanes of `bits` pixels into the lowest lane, plane by plane. */
export function addLanes(work: usize, planes: i32, bits: i32): void {
  for (let distance = 64; distance >= bits; distance >>= 1) {
    let carry = i64x2.splat(0);
    for (let j = 0, at = work; j < planes; j++, at += 16) {
      const x = v128.load(at);
      const y = distance === 64 ? v128.shuffle<u64>(x, x, 1, 1) : v128.shr<u64>(x, distance);
      const u = v128.xor(x, y);
      v128.store(at, v128.xor(u, carry));
      carry = v128.or(v128.and(x, y), v128.and(u, carry));
    }
  }
}
