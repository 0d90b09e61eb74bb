import type {Matrix} from "./matrix";
import {relu} from "./prunedLayer";

/** An affine map: y_k = Σ_i weights[i·outputs + k] · x_i + bias[k]. */
export interface AffineLayer extends Matrix {
  readonly bias: Float64Array;
}

/** A network with ReLU after each layer but the last. */
export type ReluNetwork = readonly AffineLayer[];

/** [inputs, outputs] of every layer of a network that is so wide from input to output. */
export function shapesOf(widths: readonly number[]): number[][] {
  return widths.slice(1).map((outputs, l) => [widths[l], outputs]);
}

/** The network of these weights, an array of shape [inputs, outputs] a layer, with biases of 0. */
export function withoutBiases(widths: readonly number[], weights: readonly Float32Array[]): ReluNetwork {
  return weights.map((w, l) => {
    const [inputs, outputs] = [widths[l], widths[l + 1]];
    return {inputs, outputs, weights: Float64Array.from(w), bias: new Float64Array(outputs)};
  });
}

/** y = Wᵀx + b. x [inputs], y [outputs], W [inputs, outputs] flattened row by row. */
export function applyAffine(
  {inputs, outputs, weights, bias}: AffineLayer,
  x: ArrayLike<number>,
): Float64Array {
  const y = bias.slice();
  for (let i = 0; i < inputs; i++) {
    if (x[i] === 0) continue;
    for (let k = 0; k < outputs; k++) y[k] += weights[i * outputs + k] * x[i];
  }
  return y;
}

/** What each layer receives, and the output last: [x, σ(y₁), …, y_l]. */
export function activations(network: ReluNetwork, x: ArrayLike<number>): Float64Array[] {
  const values: Float64Array[] = [Float64Array.from(x)];
  network.forEach((layer, l) => {
    const y = applyAffine(layer, values[l]);
    values.push(l === network.length - 1 ? y : y.map(relu));
  });
  return values;
}

/** The network's output for one input. x [inputs of the first layer], the output [outputs of the last]. */
export function runRelu(network: ReluNetwork, x: ArrayLike<number>): Float64Array {
  return activations(network, x)[network.length];
}

/** The bias as the weights of one more input, which is always 1. */
export function withConstantInput({inputs, outputs, weights, bias}: AffineLayer): Matrix {
  return {inputs: inputs + 1, outputs, weights: Float64Array.of(...weights, ...bias)};
}

/** L = max_k Σ_i |w_ik|: inputs that differ by at most e in every place give outputs that differ by at most L·e. */
export function lipschitz({inputs, outputs, weights}: Matrix): number {
  let most = 0;
  for (let k = 0; k < outputs; k++) {
    let sum = 0;
    for (let i = 0; i < inputs; i++) sum += Math.abs(weights[i * outputs + k]);
    most = Math.max(most, sum);
  }
  return most;
}

/**
 * The polygon through f at `pieces` + 1 equidistant points of [−1, 1] as a network 1 → pieces → 1: f(−1) + Σ_j
 * (change of slope at t_j) · σ(x − t_j). For |f″| ≤ C it is within C/(2·pieces²) of f. RangeError unless `pieces` is
 * a whole number of at least 1.
 */
export function polygonNetwork(f: (x: number) => number, pieces: number): ReluNetwork {
  if (!(Number.isInteger(pieces) && pieces > 0))
    throw new RangeError(`pieces must be a whole number, got ${pieces}`);
  const at = (j: number): number => -1 + (2 * j) / pieces;
  const slope = (j: number): number => (j < 0 ? 0 : ((f(at(j + 1)) - f(at(j))) * pieces) / 2);
  const each = (of: (j: number) => number): Float64Array =>
    Float64Array.from({length: pieces}, (_, j) => of(j));
  return [
    {inputs: 1, outputs: pieces, weights: each(() => 1), bias: each(j => -at(j))},
    {inputs: pieces, outputs: 1, weights: each(j => slope(j) - slope(j - 1)), bias: Float64Array.of(f(-1))},
  ];
}
