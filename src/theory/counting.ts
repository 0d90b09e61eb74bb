/** C(n, k), exact. */
export function choose(n: number, k: number): bigint {
  let result = 1n;
  for (let i = 1; i <= Math.min(k, n - k); i++) result = (result * BigInt(n - i + 1)) / BigInt(i);
  return k > n ? 0n : result;
}

/**
 * log₂ C(n, k): the bits it takes to name one mask that keeps k of n weights; also where C itself has no double. Lies
 * between n·H(k/n) − log₂(n + 1) and n·H(k/n), H the binary entropy.
 */
export function log2Choose(n: number, k: number): number {
  let bits = 0;
  for (let i = 1; i <= Math.min(k, n - k); i++) bits += Math.log2((n - i + 1) / i);
  return bits;
}

/**
 * How many different functions all 2^N choices of hidden units of a ±1 network 1 → N → 1 compute. The type counts of
 * the kept units give a·σ(x) + b·σ(−x), where a runs over −n₊₋ … n₊₊ and b over −n₋₋ … n₋₊: (n₊₊+n₊₋+1)·(n₋₊+n₋₋+1).
 */
export function distinctFunctions(types: readonly (readonly [u: number, v: number])[]): number {
  const positive = types.filter(([u]) => u > 0).length;
  return (positive + 1) * (types.length - positive + 1);
}
