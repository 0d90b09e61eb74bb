import {Stream} from "../core/random";

/** A choice of values and how far its sum is from the target. */
export interface Subset {
  /** 1 where the value is in. */
  readonly mask: Uint8Array;
  readonly error: number;
}

const MOST_VALUES = 40;

/**
 * The subset whose sum comes closest to `target`: all sums of either half, sorted, met in the middle, 2^(N/2) of
 * each. Exact; for at most 40 values. RangeError for more.
 */
export function nearestSubset(values: ArrayLike<number>, target: number): Subset {
  const n = values.length;
  if (n > MOST_VALUES) throw new RangeError(`at most ${MOST_VALUES} values, got ${n}`);
  const cut = Math.floor(n / 2);
  const low = sums(values, 0, cut);
  const high = sums(values, cut, n);
  let best = {error: Number.POSITIVE_INFINITY, i: 0, j: 0};
  let j = high.order.length - 1;
  for (let i = 0; i < low.order.length; i++) {
    const sumAt = (at: number): number => low.sum[low.order[i]] + high.sum[high.order[at]];
    while (j > 0 && sumAt(j) > target) j--;
    for (const at of [j, j + 1]) {
      if (at >= high.order.length) continue;
      const error = Math.abs(sumAt(at) - target);
      if (error < best.error) best = {error, i: low.order[i], j: high.order[at]};
    }
  }
  const mask = Uint8Array.from({length: n}, (_, k) => (k < cut ? best.i >> k : best.j >> (k - cut)) & 1);
  return {mask, error: best.error};
}

/** The sum of each subset of values[from…to), by the subset's bits, and the subsets in the order of their sums. */
function sums(values: ArrayLike<number>, from: number, to: number): {sum: Float64Array; order: Uint32Array} {
  const sum = new Float64Array(2 ** (to - from));
  for (let i = from; i < to; i++) {
    const half = 2 ** (i - from);
    for (let s = 0; s < half; s++) sum[half + s] = sum[s] + values[i];
  }
  const order = Uint32Array.from(sum.keys()).sort((a, b) => sum[a] - sum[b]);
  return {sum, order};
}

/** Numbers uniform in (−1, 1). n values; the same seed and name give the same. */
export function uniformValues(n: number, seed: number, name = "uniform"): Float64Array {
  const random = new Stream(seed, name);
  return Float64Array.from({length: n}, (_, i) => 2 * random.uniform(i) - 1);
}

/** From … to, on the line. */
export type Interval = readonly [from: number, to: number];

/**
 * The targets in [−½, ½] that lie within ε of a subset sum, after 0, 1, … N of the values: intervals apart from each
 * other, from left to right. A value x adds to the reachable targets A their copy A + x; copies that leave [−½, ½] are
 * given up, so this holds a little too few.
 */
export function reachableTargets(values: ArrayLike<number>, epsilon: number): Interval[][] {
  let reachable = clip([[-epsilon, epsilon]]);
  const sets = [reachable];
  for (let i = 0; i < values.length; i++) {
    const moved = reachable.map(([a, b]): Interval => [a + values[i], b + values[i]]);
    reachable = union([...reachable, ...clip(moved)]);
    sets.push(reachable);
  }
  return sets;
}

/**
 * |A|, the share of `reachableTargets`, after 0, 1, … N of the values.
 *
 * If a value x is uniform in (−1, 1), each pair (a in A, b not in A) meets with density ½, since |b − a| ≤ 1:
 *   E|A′| = |A| + |A| · (1 − |A|)/2.
 */
export function reachableShares(values: ArrayLike<number>, epsilon: number): Float64Array {
  return Float64Array.from(reachableTargets(values, epsilon), measure);
}

/** f, f + f(1−f)/2, …: the expected growth, if every step took its expected value. */
export function logisticGrowth(start: number, steps: number): Float64Array {
  const shares = Float64Array.of(start, ...new Float64Array(steps));
  for (let i = 1; i <= steps; i++) shares[i] = shares[i - 1] * (1 + (1 - shares[i - 1]) / 2);
  return shares;
}

/**
 * A weight from real random weights (Pensia et al.): of N hidden units with u, v uniform in (−1, 1), those with u > 0
 * give u·v·σ(x) and the others |u|·v·σ(−x); a subset of the first must sum to w, one of the others to −w. The error
 * for |x| ≤ 1 is the larger of the two.
 */
export function pruneRealToWeight(w: number, units: number, seed: number): Subset {
  const u = uniformValues(units, seed, "real/first");
  const v = uniformValues(units, seed, "real/second");
  const mask = new Uint8Array(units);
  let error = 0;
  for (const sign of [1, -1]) {
    const side = Array.from(u.keys()).filter(j => Math.sign(u[j]) === sign);
    const products = side.map(j => Math.abs(u[j]) * v[j]);
    const found = nearestSubset(products, sign * w);
    side.forEach((j, k) => {
      mask[j] = found.mask[k];
    });
    error = Math.max(error, found.error);
  }
  return {mask, error};
}

function clip(intervals: readonly Interval[]): Interval[] {
  return intervals.map(([a, b]): Interval => [Math.max(a, -0.5), Math.min(b, 0.5)]).filter(([a, b]) => a < b);
}

function union(intervals: Interval[]): Interval[] {
  const merged: [number, number][] = [];
  for (const [a, b] of intervals.sort(([a], [b]) => a - b)) {
    const last = merged[merged.length - 1];
    if (last && a <= last[1]) last[1] = Math.max(last[1], b);
    else merged.push([a, b]);
  }
  return merged;
}

function measure(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, [a, b]) => sum + (b - a), 0);
}
