/** H(p) = −p·log₂ p − (1−p)·log₂(1−p), in bits; 0 at 0 and 1, and beyond them. */
export function binaryEntropy(p: number): number {
  return p <= 0 || p >= 1 ? 0 : -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);
}
