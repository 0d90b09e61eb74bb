import * as tf from "@tensorflow/tfjs";
import {UserError} from "../core/errors";
import {buildNetwork, type Network} from "../layers/build";
import type {BatchNormMode} from "../network/batchNormMode";
import type {Operation} from "../network/operations";
import {hwioFromOihw, nhwcFromNchw, rowsFromChannelMajor} from "../torch/layout";
import type {CaseOperation, ParityCase} from "./caseFile";
import {parityLabels, parityTensor, type TensorSpec} from "./generator";

const modes: Readonly<Record<ParityCase["bn"], BatchNormMode>> = {
  none: "none",
  nonaffine: "none",
  "affine-frozen": "frozen",
  learned: "learned",
};

/** How the flat indices of a case's tensor meet ours: `ours[to[i]] = theirs[i]`. */
export type Permutation = Uint32Array;

export interface CaseNetwork {
  readonly network: Network;
  readonly images: tf.Tensor4D;
  readonly labels: tf.Tensor1D;
  /** By layer name. */
  readonly permutations: ReadonlyMap<string, Permutation>;
}

/** Builds whatever network a case describes, with its weights, scores, batch-norm values and batch. */
export function buildCase(parity: ParityCase): CaseNetwork {
  const {seed, image, batch, classes} = parity;
  const [channels, height, width] = image;
  const {operations, convolutions, batchNorms} = translate(parity);
  const binary = JSON.stringify(parity.architecture).includes('"op":"sign"');
  const network = buildNetwork(operations, [height, width, channels], {
    activation: binary ? "sign" : "relu",
    keepFraction: parity.keepFraction,
    selection: parity.pruning,
    batchNorm: modes[parity.bn],
    batchNormMomentum: parity.bnMomentum,
    batchNormEpsilon: parity.bnEps,
    weights: "signed-constant",
  });
  const tensor = (t: number): TensorSpec => {
    const spec = parity.tensors.find(each => each.t === t);
    if (spec === undefined) throw new UserError(`case ${parity.name}: tensor ${t} is used but not listed`);
    return spec;
  };
  const permutations = new Map<string, Permutation>();
  for (const layer of network.masked) {
    const found = convolutions.get(layer.name);
    if (found === undefined) throw new UserError(`case ${parity.name}: no layer ${layer.name}`);
    const permutation = found.flattened
      ? rowsFromChannelMajor(found.shape, found.flattened)
      : hwioFromOihw(found.shape);
    permutations.set(layer.name, permutation);
    const {weights, scores} = layer.variables();
    assign(weights, scatter(parityTensor(seed, tensor(found.W)), permutation));
    if (scores) assign(scores, scatter(parityTensor(seed, tensor(found.S)), permutation));
  }
  for (const layer of network.batchNorms) {
    const {gamma, beta} = layer.variables();
    const found = batchNorms.get(layer.name);
    if (gamma && found?.gamma !== undefined) assign(gamma, parityTensor(seed, tensor(found.gamma)));
    if (beta && found?.beta !== undefined) assign(beta, parityTensor(seed, tensor(found.beta)));
  }
  const pixels = parityTensor(seed, tensor(0));
  return {
    network,
    images: tf.tensor4d(scatter(pixels, nhwcFromNchw(batch, image)), [batch, height, width, channels]),
    labels: tf.tensor1d(parityLabels(seed, tensor(1), classes), "int32"),
    permutations,
  };
}

type Convolution = Extract<CaseOperation, {op: "conv"}> & {flattened?: [number, number, number]};

/** The case's operations as ours; convolutions behind `flatten` or the global mean are dense layers. */
function translate(parity: ParityCase): {
  operations: Operation[];
  convolutions: Map<string, Convolution>;
  batchNorms: Map<string, Extract<CaseOperation, {op: "bn"}>>;
} {
  const convolutions = new Map<string, Convolution>();
  const batchNorms = new Map<string, Extract<CaseOperation, {op: "bn"}>>();
  const [channels, height, width] = parity.image;
  let flat = false;
  let flattened: [number, number, number] | undefined;

  const walk = (
    list: CaseOperation[],
    start: [number, number, number],
  ): [Operation[], [number, number, number]] => {
    let at = start;
    const slide = (size: number, kernel: number, stride: number, pad: number): number =>
      Math.floor((size + 2 * pad - kernel) / stride) + 1;
    const operations = list.flatMap((operation): Operation | Operation[] => {
      switch (operation.op) {
        case "conv": {
          const {name, shape, stride, pad} = operation;
          const [filters, , kernel] = shape;
          convolutions.set(name, {...operation, flattened});
          flattened = undefined;
          if (flat) return {op: "dense", name, units: filters};
          at = [filters, slide(at[1], kernel, stride, pad), slide(at[2], kernel, stride, pad)];
          return {op: "conv", name, filters, kernel, stride, pad};
        }
        case "bn":
          batchNorms.set(operation.name, operation);
          return {op: "batchnorm", name: operation.name};
        case "maxpool": {
          const {size, stride, pad} = operation;
          at = [at[0], slide(at[1], size, stride, pad), slide(at[2], size, stride, pad)];
          return operation;
        }
        case "residual": {
          const [main, after] = walk(operation.main, at);
          const [shortcut] = walk(operation.shortcut, at);
          at = after;
          return {op: "residual", main, shortcut};
        }
        case "flatten":
          if (flat) return [];
          flat = true;
          flattened = at;
          return {op: "flatten"};
        case "avgpool":
          at = [at[0], 1, 1];
          flat = true;
          return {op: "avgpool"};
        case "sign":
          return {op: "activation"};
        case "relu":
          return {op: "relu"};
        default:
          throw new UserError(`case ${parity.name}: unknown operation ${JSON.stringify(operation)}`);
      }
    });
    return [operations, at];
  };
  const [operations] = walk(parity.architecture, [channels, height, width]);
  return {operations, convolutions, batchNorms};
}

function scatter(theirs: Float32Array, to: Permutation): Float32Array {
  const ours = new Float32Array(theirs.length);
  for (let i = 0; i < theirs.length; i++) ours[to[i]] = theirs[i];
  return ours;
}

function assign(variable: tf.Variable, values: Float32Array): void {
  if (values.length !== variable.size) {
    throw new UserError(`${variable.name} holds ${variable.size} values, the case gives ${values.length}`);
  }
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
}
