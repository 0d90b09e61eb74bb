import {Stream} from "../core/random";
import {EdgeList, type PrunedLayer} from "../plain/prunedLayer";
import {SignMatrix} from "./signMatrix";

/** f on [−1, 1] by a step function. */
export interface StaircaseOptions {
  /** K: steps of width 2/K. */
  readonly steps: number;
  /** g: the output layer's gain; levels are multiples of 2g. */
  readonly gain: number;
  readonly seed: number;
  /** Copies of the input x, and as many constant inputs 1. Default 8·steps. */
  readonly copies?: number;
  /** Random hidden units. Default four times those needed, and at least 64. */
  readonly units?: number;
}

/** A pruned binary network of one hidden layer that follows a function in steps. */
export interface Staircase {
  /** 2·copies → units → 1: run with `runPruned(layers, staircaseInput(x, copies), "step")`. */
  readonly layers: readonly [PrunedLayer, PrunedLayer];
  readonly copies: number;
  /** Hidden units kept. */
  readonly kept: number;
  /** |network − f| ≤ lipschitz/K + g for |f(x) − f(y)| ≤ lipschitz · |x − y|. */
  bound(lipschitz: number): number;
}

/**
 * A random ±1 network with *binary* activations, pruned to a staircase: error ≤ L/K + g for f with Lipschitz constant L.
 *
 * A unit that keeps K edges + from copies of x and |r| edges of sign −sign(r) from constant inputs computes
 * sign(Kx − r): a step at t = r/K. Steps stand at t_k = (2k − K)/K, k = 1 … K−1; the level on the piece around m is
 * 2g·a with a = round(f(m)/(2g)), within g of f(m); within the piece f moves by at most L/K. A jump of j multiples takes
 * |j| units with that threshold and output edge sign(j), each jumping by 2g; the constant g·(a_first + a_last) takes
 * |a_first + a_last| units that keep one constant edge.
 *
 * Throws RangeError where the random network has too few fitting units.
 */
export function pruneToStaircase(f: (x: number) => number, options: StaircaseOptions): Staircase {
  const {steps, gain, seed, copies = 8 * steps} = options;
  if (!(Number.isInteger(steps) && steps > 0 && gain > 0)) {
    throw new RangeError(`steps must be whole and gain positive, got ${steps} and ${gain}`);
  }
  const levels = Array.from({length: steps}, (_, m) => Math.round(f(-1 + (2 * m + 1) / steps) / (2 * gain)));
  const needed = [{edges: 0, constant: -1, jump: levels[0] + levels[steps - 1]}];
  for (let k = 1; k < steps; k++) {
    needed.push({edges: steps, constant: 2 * k - steps, jump: levels[k] - levels[k - 1]});
  }
  const kept = needed.reduce((sum, {jump}) => sum + Math.abs(jump), 0);
  const units = options.units ?? Math.max(64, 4 * kept);
  const signs = new SignMatrix(2 * copies, units, new Stream(seed, "staircase/first"));
  const last = new SignMatrix(units, 1, new Stream(seed, "staircase/second"));
  const into = new EdgeList(2 * copies, units);
  const out = new EdgeList(units, 1);
  let next = {plus: 0, minus: 0};
  for (const {edges, constant, jump} of needed) {
    const sign = Math.sign(jump);
    for (let left = Math.abs(jump); left > 0; left--) {
      let unit = sign > 0 ? next.plus : next.minus;
      while (unit < units && last.sign(unit, 0) !== sign) unit++;
      if (unit >= units)
        throw new RangeError(`${units} hidden units are too few: take more, or another seed`);
      keepFirst(signs, into, {unit, from: 0, to: copies, count: edges, sign: 1});
      const constantSign = constant > 0 ? -1 : 1;
      keepFirst(signs, into, {
        unit,
        from: copies,
        to: 2 * copies,
        count: Math.abs(constant),
        sign: constantSign,
      });
      out.keep(unit, 0, sign);
      next = sign > 0 ? {...next, plus: unit + 1} : {...next, minus: unit + 1};
    }
  }
  const bound = (lipschitz: number): number => lipschitz / steps + gain;
  return {layers: [into.layer(1), out.layer(gain)], copies, kept, bound};
}

/** x, `copies` times, then as many ones. 2 · copies values. */
export function staircaseInput(x: number, copies: number): Float64Array {
  return new Float64Array(2 * copies).fill(1).fill(x, 0, copies);
}

function keepFirst(
  signs: SignMatrix,
  edges: EdgeList,
  wanted: {unit: number; from: number; to: number; count: number; sign: number},
): void {
  const {unit, from, to, sign} = wanted;
  let left = wanted.count;
  for (let i = from; i < to && left > 0; i++) {
    if (signs.sign(i, unit) !== sign) continue;
    edges.keep(i, unit, sign);
    left--;
  }
  if (left > 0)
    throw new RangeError(`${to - from} copies of an input are too few: take more, or another seed`);
}
