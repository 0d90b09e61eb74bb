import {signOfActivation} from "../core/sign";

/**
 * A random ±1 layer after pruning: y_k = gain · Σ_{i kept for k} sign_ik · x_i. Only what is kept is stored: the edges
 * into output k are those from start[k] up to start[k + 1].
 */
export interface PrunedLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly gain: number;
  /** outputs + 1 positions in `from` and `signs`. */
  readonly start: Uint32Array;
  /** The input at which each kept edge begins. */
  readonly from: Uint32Array;
  /** Its weight, ±1. */
  readonly signs: Int8Array;
}

/** What stands between the layers. */
export type Between = "relu" | "step";

/** Collects kept edges in any order and puts them in the order of their outputs. */
export class EdgeList {
  private readonly into: number[][];
  private readonly sign: number[][];

  constructor(
    readonly inputs: number,
    readonly outputs: number,
  ) {
    this.into = Array.from({length: outputs}, () => []);
    this.sign = Array.from({length: outputs}, () => []);
  }

  keep(from: number, to: number, sign: number): void {
    this.into[to].push(from);
    this.sign[to].push(sign);
  }

  layer(gain: number): PrunedLayer {
    const start = new Uint32Array(this.outputs + 1);
    for (let k = 0; k < this.outputs; k++) start[k + 1] = start[k] + this.into[k].length;
    const from = new Uint32Array(start[this.outputs]);
    const signs = new Int8Array(from.length);
    for (let k = 0; k < this.outputs; k++) {
      from.set(this.into[k], start[k]);
      signs.set(this.sign[k], start[k]);
    }
    return {inputs: this.inputs, outputs: this.outputs, gain, start, from, signs};
  }
}

/** The mask itself: 1 where an edge is kept, shape [inputs, outputs]. */
export function keptMask(layer: PrunedLayer): Uint8Array {
  const mask = new Uint8Array(layer.inputs * layer.outputs);
  for (let k = 0; k < layer.outputs; k++) {
    for (let e = layer.start[k]; e < layer.start[k + 1]; e++) mask[layer.from[e] * layer.outputs + k] = 1;
  }
  return mask;
}

/** y = gain · (M ⊙ S)ᵀx. x [inputs], y [outputs]. */
export function applyLayer(layer: PrunedLayer, x: ArrayLike<number>): Float64Array {
  const y = new Float64Array(layer.outputs);
  for (let k = 0; k < y.length; k++) {
    let sum = 0;
    for (let e = layer.start[k]; e < layer.start[k + 1]; e++) sum += layer.signs[e] * x[layer.from[e]];
    y[k] = layer.gain * sum;
  }
  return y;
}

/**
 * The pruned network's output for one input: the layers in turn, ReLU (or sign) after each but the last. A layer with
 * one input more than it is given gets a constant 1 there: that is where biases come from.
 */
export function runPruned(
  layers: readonly PrunedLayer[],
  x: ArrayLike<number>,
  between: Between = "relu",
): Float64Array {
  let values: Float64Array = Float64Array.from(x);
  layers.forEach((layer, l) => {
    const y = applyLayer(layer, fitted(layer, values));
    values = l === layers.length - 1 ? y : y.map(between === "relu" ? relu : signOfActivation);
  });
  return values;
}

/** max(0, x), the σ of the proofs. */
export function relu(x: number): number {
  return x > 0 ? x : 0;
}

function fitted(layer: PrunedLayer, values: Float64Array): Float64Array {
  if (layer.inputs === values.length) return values;
  if (layer.inputs === values.length + 1) return Float64Array.of(...values, 1);
  throw new RangeError(`a layer of ${layer.inputs} inputs cannot take ${values.length} values`);
}
