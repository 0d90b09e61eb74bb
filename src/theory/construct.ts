import type {Matrix} from "../plain/matrix";
import {EdgeList, type PrunedLayer} from "../plain/prunedLayer";
import {checkPositive, partsForError, roundingError, unitsForLayer} from "./bounds";
import {type RandomPair, randomPair} from "./signMatrix";

/** Which random network is pruned, and how finely. */
export interface PruneOptions {
  /** n: the largest weight is cut into n parts. */
  readonly parts: number;
  /** N: random hidden units of each input. */
  readonly units: number;
  readonly seed: number;
  /** Names the random layers with the seed. Default "theory". */
  readonly name?: string;
  /** The largest |weight| that can be had. Default: the target's own largest, 1 if all are zero. */
  readonly scale?: number;
  /** A weight finds too few units: stop ("error", the default), or take those that are there ("fewer"). */
  readonly shortage?: "error" | "fewer";
  /** "nonnegative" (pixels, ReLU outputs): units with u = −1 would never fire and none is kept. Default "any". */
  readonly domain?: "any" | "nonnegative";
}

/** A target found inside a random ±1 network of two layers. */
export interface Construction {
  /** d → d·N with gain 1, then d·N → m with gain scale/n; ReLU between. */
  readonly layers: readonly [PrunedLayer, PrunedLayer];
  /** The random network that was pruned. */
  readonly drawn: RandomPair;
  readonly parts: number;
  readonly units: number;
  readonly scale: number;
  /** The weights it has for x_i ≥ 0 and for x_i < 0, multiples of scale/n; the same unless units are missing. */
  readonly achieved: {readonly above: Float64Array; readonly below: Float64Array};
  /** Units wanted that were not there; 0 unless `shortage` is "fewer". */
  readonly missing: number;
  /** What y_k may be off by for ‖x‖₁ ≤ l1: scale · l1 / (2n). No promise if units are missing. */
  bound(l1: number): number;
}

/**
 * A layer d → m. Its error is at most scale · ‖x‖₁ / (2n) in every output and for every x. With
 * N = `unitsForLayer(n, d, m, δ)` units an input it exists with probability at least 1 − δ.
 *
 * w·x = w·(σ(x) − σ(−x)). Input i owns N hidden units, each of which keeps its edge from i only, u = ±1, and may keep
 * its edge to output k, v = ±1. Of the units with u·v = sign(w), r = round(n·|w|/scale) with u = +1 and r with u = −1
 * are kept; together they give sign(w) · r · (σ(x) − σ(−x)) · scale/n, and |r·scale/n − |w|| ≤ scale/(2n).
 *
 * Throws RangeError where a weight exceeds `scale`, or finds too few units.
 */
export function pruneToLayer(target: Matrix, options: PruneOptions): Construction {
  const {parts, units, seed, name} = options;
  const scale = options.scale ?? (largest(target.weights) || 1);
  checkPositive({parts, units, scale});
  if (largest(target.weights) > scale)
    throw new RangeError(`a weight of ${largest(target.weights)} exceeds the scale ${scale}`);
  const {inputs, outputs} = target;
  const drawn: RandomPair = {inputs, outputs, units, seed, name};
  const {first, second} = randomPair(drawn);
  const into = new EdgeList(inputs, inputs * units);
  const out = new EdgeList(inputs * units, outputs);
  const achieved = {
    above: new Float64Array(target.weights.length),
    below: new Float64Array(target.weights.length),
  };
  let missing = 0;
  for (let i = 0; i < inputs; i++) {
    const row = target.weights.subarray(i * outputs, (i + 1) * outputs);
    const wanted = Uint32Array.from(row, w => Math.round((parts * Math.abs(w)) / scale));
    const left = {
      plus: wanted.slice(),
      minus: options.domain === "nonnegative" ? none(outputs) : wanted.slice(),
    };
    for (let unit = i * units; unit < (i + 1) * units; unit++) {
      const u = first.sign(i, unit);
      const still = u === 1 ? left.plus : left.minus;
      let used = false;
      for (let k = 0; k < outputs; k++) {
        if (still[k] === 0) continue;
        const v = second.sign(unit, k);
        if (u * v !== Math.sign(row[k])) continue;
        still[k]--;
        used = true;
        out.keep(unit, k, v);
      }
      if (used) into.keep(i, unit, u);
    }
    for (let k = 0; k < outputs; k++) {
      const short = Math.max(left.plus[k], left.minus[k]);
      if (short > 0 && options.shortage !== "fewer") throw shortageError(i, k, wanted[k], wanted[k] - short);
      missing += left.plus[k] + left.minus[k];
      const unitWeight = (Math.sign(row[k]) * scale) / parts;
      achieved.above[i * outputs + k] = (wanted[k] - left.plus[k]) * unitWeight;
      achieved.below[i * outputs + k] = (wanted[k] - left.minus[k]) * unitWeight;
    }
  }
  return {
    layers: [into.layer(1), out.layer(scale / parts)],
    drawn,
    parts,
    units,
    scale,
    achieved,
    missing,
    bound: l1 => roundingError(parts, l1, scale),
  };
}

/** How well, how surely and from which random network; `units` overrides the bound's N. */
export interface ErrorOptions {
  readonly epsilon: number;
  readonly seed: number;
  /** Probability that the random network will not do, default 0.001. */
  readonly delta?: number;
  readonly units?: number;
}

/** One weight, |w| ≤ 1: |ŵ·x − w·x| ≤ |x|/(2n) ≤ ε for |x| ≤ 1, with n = ⌈1/(2ε)⌉. */
export function pruneToWeight(w: number, options: ErrorOptions): Construction {
  return pruneToNeuron([w], options);
}

/**
 * A neuron w·x with |w_i| ≤ 1: error ≤ ‖x‖₁/(2n) ≤ ε, with n = ⌈d/(2ε)⌉ for all |x_i| ≤ 1, or n = ⌈l1/(2ε)⌉ for all x
 * with ‖x‖₁ ≤ `l1`. Throws RangeError for |w_i| > 1.
 */
export function pruneToNeuron(
  w: ArrayLike<number>,
  options: ErrorOptions & {readonly l1?: number},
): Construction {
  const {epsilon, seed, delta = 0.001, l1 = w.length} = options;
  const parts = partsForError(epsilon, l1);
  const units = options.units ?? unitsForLayer(parts, w.length, 1, delta);
  const target = {inputs: w.length, outputs: 1, weights: Float64Array.from(w)};
  return pruneToLayer(target, {parts, units, seed, scale: 1});
}

/**
 * A bias, |b| ≤ 1: the weight of a constant input 1, with error ≤ 1/(2n) ≤ ε, n = ⌈1/(2ε)⌉. (Its units with a negative
 * input edge never fire: σ(−1) = 0. They could be left out.) Run it on the empty input: `runPruned(layers, [])`.
 */
export function pruneToBias(b: number, options: ErrorOptions): Construction {
  return pruneToWeight(b, options);
}

function none(n: number): Uint32Array {
  return new Uint32Array(n);
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function shortageError(i: number, k: number, wanted: number, found: number): RangeError {
  return new RangeError(
    `the weight from input ${i} to output ${k} wants ${wanted} units of each of two types and finds ${found} of one: ` +
      "give each input more units, or draw another seed",
  );
}
