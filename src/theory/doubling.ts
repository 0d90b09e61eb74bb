import {Stream} from "../core/random";
import {EdgeList, type PrunedLayer} from "../plain/prunedLayer";
import {checkDelta, checkPositive} from "./bounds";
import {SignMatrix} from "./signMatrix";

/** How near, and from which random network. */
export interface DeepOptions {
  readonly epsilon: number;
  readonly seed: number;
  /** Probability that the random network will not do, default 0.01. */
  readonly delta?: number;
  /** Random units a level; default that of `sizesForDeepWeight`. */
  readonly width?: number;
}

/** A weight inside a random ±1 network that is deep and narrow. */
export interface DeepConstruction {
  readonly layers: readonly PrunedLayer[];
  /** K: levels that halve. */
  readonly levels: number;
  readonly width: number;
  /** |x| · bound is what the output may be off by: 2^−(K+1). */
  readonly bound: number;
}

/**
 * K = ⌈log₂(1/(2ε))⌉ levels (at least 1) of M = 6·⌈ln(6(K+1)/δ) / ln(4/3)⌉ random units: (K + 1)·M units in all,
 * which grows like log(1/ε) · log(log(1/ε)/δ) where a hidden layer of its own needs 1/ε. RangeError for an ε that is
 * not positive or a δ outside (0, 1).
 */
export function sizesForDeepWeight(epsilon: number, delta: number): {levels: number; width: number} {
  checkPositive({epsilon});
  checkDelta(delta);
  const levels = Math.max(1, Math.ceil(-Math.log2(2 * epsilon)));
  return {levels, width: 6 * Math.ceil(Math.log((6 * (levels + 1)) / delta) / Math.log(4 / 3))};
}

/** The units that matter at one level, for σ(x) or for σ(−x): two copies of the value, and the sum so far. */
interface Chain {
  readonly sign: 1 | -1;
  copies: readonly [number, number];
  sum: number | undefined;
}

/**
 * |w| ≤ 1 from signs alone, by depth: error at most |x| · 2^−(K+1) ≤ ε for |x| ≤ 1, with probability at least 1 − δ.
 *
 * Let r = round(2^K |w|) have the bits b_K … b_1 (r = 2^K: all ones, and one more to start with). Horner, from the
 * lowest bit: c ← ½(c + b_j·a) for j = 1 … K ends at a · r/2^K. One random layer with gain ½ does one step: a unit
 * with positive edges from both copies of a is again a copy, ½(a + a) = a; a unit with positive edges from c and a copy
 * is the new c. Nothing is negative, so ReLU changes nothing. One chain starts at a = σ(x), one at σ(−x).
 *
 * Each of six roles a level looks in its own sixth of the M units, where a unit serves with probability at least ¼:
 * P(none) ≤ (¾)^(M/6). (The last level has two roles, half of the units each, and also asks for the right output edge,
 * probability ⅛: (⅞)³ < ¾.) The union bound over 6(K + 1) roles gives M.
 *
 * Throws RangeError for |w| > 1, or where a role finds no unit.
 */
export function pruneToDeepWeight(w: number, options: DeepOptions): DeepConstruction {
  const {epsilon, seed, delta = 0.01} = options;
  if (!(Math.abs(w) <= 1)) throw new RangeError(`|w| must be at most 1, got ${w}`);
  const {levels, width: enough} = sizesForDeepWeight(epsilon, delta);
  const width = options.width ?? enough;
  const bits = hornerBits(Math.round(2 ** levels * Math.abs(w)), levels);
  const last = new SignMatrix(width, 1, new Stream(seed, "deep/last"));
  const layers: PrunedLayer[] = [];
  let chains: Chain[] = [];
  for (let level = 0; level <= levels; level++) {
    const inputs = level === 0 ? 1 : width;
    const signs = new SignMatrix(inputs, width, new Stream(seed, `deep/${level}`));
    const edges = new EdgeList(inputs, width);
    const find = finder(signs, edges, level === levels ? last : undefined);
    const group = Math.floor(width / (level === levels ? 2 : 6));
    const roles = ([1, -1] as const).map((sign, c): Chain => {
      const at = (role: number): [number, number] => [(3 * c + role) * group, (3 * c + role + 1) * group];
      if (level === levels) {
        const sources = sumSources(chains[c], bits[level]);
        return {
          sign,
          copies: [0, 0],
          sum: find([c * group, (c + 1) * group], sources, 1, sign * Math.sign(w)),
        };
      }
      if (level === 0) {
        const copies = [find(at(0), [0], sign)!, find(at(1), [0], sign)!] as const;
        return {sign, copies, sum: bits[0] === 1 ? find(at(2), [0], sign) : undefined};
      }
      const {copies} = chains[c];
      return {
        sign,
        copies: [find(at(0), copies, 1)!, find(at(1), copies, 1)!],
        sum: find(at(2), sumSources(chains[c], bits[level]), 1),
      };
    });
    layers.push(edges.layer(level === 0 ? 1 : 0.5));
    chains = roles;
  }
  const out = new EdgeList(width, 1);
  for (const {sum} of chains) if (sum !== undefined) out.keep(sum, 0, last.sign(sum, 0));
  return {layers: [...layers, out.layer(1)], levels, width, bound: 2 ** -(levels + 1)};
}

/** b_0 … b_K with r = b_0 + Σ_j b_j 2^(j−1). */
function hornerBits(r: number, levels: number): number[] {
  const full = r === 2 ** levels;
  const rest = full ? r - 1 : r;
  return [full ? 1 : 0, ...Array.from({length: levels}, (_, j) => Math.floor(rest / 2 ** j) % 2)];
}

/** What the next c is the sum of; a c that is still 0 has no unit. */
function sumSources({sum, copies}: Chain, bit: number): number[] {
  return [...(sum === undefined ? [] : [sum]), ...(bit === 1 ? [copies[0]] : [])];
}

/** Finds the first unit of a range with the given sign on all edges from `sources`, keeps those, and names the unit. */
function finder(
  signs: SignMatrix,
  edges: EdgeList,
  last: SignMatrix | undefined,
): (range: [number, number], sources: readonly number[], sign: number, out?: number) => number | undefined {
  return ([from, to], sources, sign, out) => {
    if (sources.length === 0) return undefined;
    for (let unit = from; unit < to; unit++) {
      if (last && last.sign(unit, 0) !== out) continue;
      if (!sources.every(source => signs.sign(source, unit) === sign)) continue;
      for (const source of sources) edges.keep(source, unit, sign);
      return unit;
    }
    throw new RangeError(
      `no unit among ${to - from} has the edges wanted: take a wider network or another seed`,
    );
  };
}
