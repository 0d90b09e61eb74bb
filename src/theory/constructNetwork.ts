import {type PrunedLayer, runPruned} from "../plain/prunedLayer";
import {activations, lipschitz, type ReluNetwork, withConstantInput} from "../plain/reluNetwork";
import {partsForError, unitsForLayer} from "./bounds";
import {type Construction, type PruneOptions, pruneToLayer} from "./construct";

/** A network of depth l found inside a random ±1 network of depth 2l. */
export interface NetworkConstruction {
  readonly layers: readonly PrunedLayer[];
  /** One a target layer. */
  readonly parts: readonly Construction[];
  /** The output of the pruned network for one input. */
  run(x: ArrayLike<number>): Float64Array;
}

/** As for a layer; `parts` and `units` may differ from layer to layer, each layer's scale is its own. */
export type NetworkPruneOptions = Omit<PruneOptions, "parts" | "units" | "scale"> & {
  readonly parts: number | readonly number[];
  readonly units: number | readonly number[];
};

/**
 * Each target layer by `pruneToLayer`, its bias as the weights of a constant input: depth l inside depth 2l. The error
 * of every output is at most that of `certify`, for every input.
 */
export function pruneToNetwork(target: ReluNetwork, options: NetworkPruneOptions): NetworkConstruction {
  const {name = "theory", ...rest} = options;
  const parts = target.map((layer, l) =>
    pruneToLayer(withConstantInput(layer), {
      ...rest,
      parts: of(options.parts, l),
      units: of(options.units, l),
      name: `${name}/${l}`,
    }),
  );
  const layers = parts.flatMap(part => part.layers);
  return {layers, parts, run: x => runPruned(layers, x)};
}

/**
 * How far each output of the pruned network can be from the target's at this input, before any network is drawn.
 *
 * With n_l parts and the largest weight s_l, every weight of layer l is off by at most s_l/(2n_l), so the errors e_l of
 * its outputs obey, ReLU being 1-Lipschitz,
 *   e_l ≤ s_l · (‖x_{l−1}‖₁ + ‖e_{l−1}‖₁ + 1) / (2n_l) + |W_l|ᵀ e_{l−1},    e_0 = 0;
 * the first term is |ΔW|·|x̂|, its 1 the constant input, the second |W|·|x̂ − x|.
 */
export function certify(
  target: ReluNetwork,
  parts: number | readonly number[],
  x: ArrayLike<number>,
): Float64Array {
  const perWeight = target.map((layer, l) => layerScale(layer) / (2 * of(parts, l)));
  return carried(target, x, (l, l1) => new Float64Array(target[l].outputs).fill(perWeight[l] * l1));
}

/**
 * The same for a network already found: with |ΔW| as it is, not as it may be. Holds with missing units as well.
 *   e_l ≤ |ΔW_l|ᵀ (|x_{l−1}| + e_{l−1}) + |W_l|ᵀ e_{l−1}
 * Only the first layer may see negative values; the others see ReLU's.
 */
export function certifyFound(
  target: ReluNetwork,
  found: NetworkConstruction,
): (x: ArrayLike<number>) => Float64Array {
  const gaps = target.map((layer, l) => {
    const {weights} = withConstantInput(layer);
    const {above, below} = found.parts[l].achieved;
    const gap = (had: Float64Array): Float64Array => had.map((w, i) => Math.abs(w - weights[i]));
    return {above: gap(above), below: gap(below)};
  });
  return x =>
    carried(target, x, (l, _l1, reach) => {
      const {outputs} = target[l];
      const y = new Float64Array(outputs);
      reach.forEach((value, i) => {
        const gap = l === 0 && x[i] < 0 ? gaps[l].below : gaps[l].above;
        for (let k = 0; k < outputs; k++) y[k] += gap[i * outputs + k] * value;
      });
      return y;
    });
}

/**
 * What a found network computes for inputs that are never negative, as an ordinary network of the target's shape: its
 * weights are multiples of scale/n. The same values up to rounding as running thousands of signs, and much faster.
 */
export function achievedNetwork(found: NetworkConstruction): ReluNetwork {
  return found.parts.map(({achieved: {above}, layers: [into, out]}) => {
    const inputs = into.inputs - 1;
    const split = inputs * out.outputs;
    return {inputs, outputs: out.outputs, weights: above.slice(0, split), bias: above.slice(split)};
  });
}

/** The recursion of `certify`, for any bound on what a layer itself adds. `reach` bounds |x̂|, the constant input last. */
function carried(
  target: ReluNetwork,
  x: ArrayLike<number>,
  added: (l: number, l1: number, reach: Float64Array) => Float64Array,
): Float64Array {
  const values = activations(target, x);
  let error = new Float64Array(target[0].inputs);
  target.forEach(({outputs, weights}, l) => {
    const reach = Float64Array.of(...values[l].map((value, i) => Math.abs(value) + error[i]), 1);
    const l1 = reach.reduce((sum, value) => sum + value, 0);
    const before = absoluteProduct(weights, outputs, error);
    error = added(l, l1, reach).map((value, k) => value + before[k]);
  });
  return error;
}

/**
 * Parts and units of each layer so that every output is within ε for every x whose activations stay within `l1`
 * (see `activationNorms`), with probability at least 1 − δ.
 *
 * The error that layer l adds is multiplied by Λ_l = Π_{j>l} L_j on its way (L: `lipschitz`). Each of the `depth`
 * layers gets ε/depth of the whole: n_l = ⌈depth · Λ_l · s_l · B̂_{l−1} / (2ε)⌉, where B̂_{l−1} = l1_{l−1} + width · E_{l−1}
 * + 1 bounds what the pruned network feeds into layer l, and E_{l−1} the error up to there, known from the layers before.
 * δ is shared equally too. RangeError unless `l1` has one bound a layer.
 */
export function sizesForError(
  target: ReluNetwork,
  options: {readonly epsilon: number; readonly l1: readonly number[]; readonly delta?: number},
): {parts: number[]; units: number[]} {
  const {epsilon, l1, delta = 0.01} = options;
  const depth = target.length;
  if (l1.length !== depth) throw new RangeError(`l1 needs one bound a layer: ${depth}, got ${l1.length}`);
  const parts: number[] = [];
  const units: number[] = [];
  let error = 0;
  target.forEach((layer, l) => {
    const onward = target.slice(l + 1).reduce((product, later) => product * lipschitz(later), 1) || 1;
    const reach = l1[l] + layer.inputs * error + 1;
    const scale = layerScale(layer);
    parts.push(partsForError(epsilon / (depth * onward), reach, scale));
    units.push(unitsForLayer(parts[l], layer.inputs + 1, layer.outputs, delta / depth));
    error = (scale * reach) / (2 * parts[l]) + lipschitz(layer) * error;
  });
  return {parts, units};
}

/** The largest ‖·‖₁ of what each layer receives, over these inputs. */
export function activationNorms(target: ReluNetwork, inputs: readonly ArrayLike<number>[]): number[] {
  const most = new Array<number>(target.length).fill(0);
  for (const x of inputs) {
    const values = activations(target, x);
    for (let l = 0; l < most.length; l++) {
      most[l] = Math.max(
        most[l],
        values[l].reduce((sum, value) => sum + Math.abs(value), 0),
      );
    }
  }
  return most;
}

/** s: the largest |weight or bias| of a layer, 1 if all are zero. */
function layerScale({weights, bias}: ReluNetwork[number]): number {
  const most = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  return Math.max(most(weights), most(bias)) || 1;
}

function of(value: number | readonly number[], l: number): number {
  return typeof value === "number" ? value : value[l];
}

/** |W|ᵀ v for W of shape [v.length, outputs]. */
function absoluteProduct(weights: Float64Array, outputs: number, v: Float64Array): Float64Array {
  const y = new Float64Array(outputs);
  v.forEach((value, i) => {
    for (let k = 0; k < outputs; k++) y[k] += Math.abs(weights[i * outputs + k]) * value;
  });
  return y;
}
