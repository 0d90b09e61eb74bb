import * as tf from "@tensorflow/tfjs";
import {UserError} from "../core/errors";
import {buildNetwork, type Network} from "../layers/build";
import type {BatchNormMode} from "../network/batchNormMode";
import {everyOperation} from "../network/geometry";
import {activate, dense, flatten, globalAverage, type Operation, relu} from "../network/operations";
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
  let flat = false;
  const ours = (list: readonly CaseOperation[]): Operation[] => list.flatMap(one);
  const one = (operation: CaseOperation): Operation | Operation[] => {
    switch (operation.op) {
      case "conv": {
        const {name, shape, stride, pad} = operation;
        const [filters, , kernel] = shape;
        convolutions.set(name, operation);
        return flat ? dense(name, filters) : {op: "conv", name, filters, kernel, stride, pad};
      }
      case "bn":
        batchNorms.set(operation.name, operation);
        return {op: "batchnorm", name: operation.name};
      case "maxpool":
        return operation;
      case "residual":
        return {op: "residual", main: ours(operation.main), shortcut: ours(operation.shortcut)};
      case "flatten":
        if (flat) return [];
        flat = true;
        return flatten;
      case "avgpool":
        flat = true;
        return globalAverage;
      case "sign":
        return activate;
      case "relu":
        return relu;
      default:
        throw new UserError(`case ${parity.name}: unknown operation ${JSON.stringify(operation)}`);
    }
  };
  const operations = ours(parity.architecture);
  const [channels, height, width] = parity.image;
  let flattened: [number, number, number] | undefined;
  for (const {operation, input} of everyOperation(operations, [height, width, channels])) {
    if (operation.op === "flatten") flattened = [input[2], input[0], input[1]];
    if (operation.op !== "dense") continue;
    convolutions.set(operation.name, {...convolutions.get(operation.name)!, flattened});
    flattened = undefined;
  }
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
