import {fanOf} from "../core/fan";
import {gainRules} from "../core/gain";
import {cifar10Classes} from "../data/cifar10";
import {normalisations} from "../data/dataset";
import {type ArchitectureName, architectureNames, architectures} from "../network/architectures";
import type {Activation} from "../network/operations";
import type {Provenance, Ticket, TicketBatchNorm, TicketLayer} from "../ticket/ticket";
import {openTorchFile, stateTensors, type TorchFile} from "./checkpoint";
import {CheckpointError} from "./checkpointError";
import {hwioFromOihw, rowsFromChannelMajor} from "./layout";
import type {PickleMap, Tensor} from "./pickleValues";
import {referenceNetworks} from "./referenceNetworks";
import {masksOf, type SelectionOptions, selectionOf} from "./selectionOf";
import {type Fitted, fittedTo} from "./width";

/** What a checkpoint may leave open, such as the share kept before February 2022; given, it is taken instead. */
export interface ImportOptions extends SelectionOptions {
  readonly arch?: ArchitectureName;
  readonly activation?: Activation;
}

/**
 * The ticket in a checkpoint of the reference implementation (.pth). The file holds weights and scores; mask and
 * gain are selected from them as the reference does at every forward pass. Its signs come from PyTorch's generator,
 * so the ticket stores them. What is in the file is data only: nothing in it is executed. CheckpointError, in one
 * line, for what is no such checkpoint or no selection by scores.
 *
 * Source: chrundle/biprop f709fc5, main.py and utils/conv_type.py.
 */
export async function importTicket(path: string, options: ImportOptions = {}): Promise<Ticket> {
  const file = await openTorchFile(path);
  try {
    return await ticketIn(file, options);
  } catch (error) {
    // What the library refuses, such as scores that are no numbers, is here the file's fault.
    if (error instanceof RangeError) throw new CheckpointError(error.message);
    throw error;
  } finally {
    file.close();
  }
}

interface Masked {
  readonly name: string;
  readonly weights: Tensor;
  readonly scores: Tensor;
}

async function ticketIn(file: TorchFile, options: ImportOptions): Promise<Ticket> {
  const tensors = stateTensors(file.root);
  const masked = maskedLayers(tensors);
  const fitted = fittedTo(
    masked.map(({weights}) => weights.shape),
    networkNamed(file.root, options),
  );
  const selection = selectionOf(file.root, options);
  if (file.root.get("epoch") === 0)
    options.onNotice?.("it was saved before the first epoch: nothing was searched");
  const values: {weights: Float32Array; scores: Float32Array}[] = [];
  for (const {name, weights, scores} of masked) {
    values.push({
      weights: await file.values(`${name}.weight`, weights),
      scores: await file.values(`${name}.scores`, scores),
    });
  }
  const masks = masksOf(
    masked.map(({name}, l) => ({name, scores: values[l].scores})),
    selection,
    options.onNotice,
  );
  const layers = fitted.layers.map(({name, shape}, l): TicketLayer => {
    const context = {...selection, selection: selection.kind, fanIn: fanOf(shape).in};
    const gain = gainRules["mean-kept"](values[l].weights, masks[l], context);
    const to = placesOf(fitted, l, masked[l].weights.shape);
    return {name, shape, signs: signsOf(name, values[l].weights, masks[l], to), gain: Math.fround(gain)};
  });
  const {batchNorms, mode} = await readBatchNorms(file, tensors, fitted);
  const {network} = fitted;
  const {image} = architectures[network.arch];
  const small = image[0] === 32;
  return {
    network,
    image,
    classNames:
      small && network.classes === 10
        ? cifar10Classes
        : Array.from({length: network.classes}, (_, i) => `class ${i}`),
    normalisation: normalisations[image[2] === 1 ? "mnist" : small ? "cifar10" : "imagenet"],
    batchNorm: {mode, epsilon: 1e-5},
    selection,
    signs: {kind: "stored"},
    layers,
    batchNorms,
    provenance: provenanceOf(file.root),
  };
}

/** The layers that have weights and scores, in the order in which the model made them. */
function maskedLayers(tensors: ReadonlyMap<string, Tensor>): Masked[] {
  const masked = [...tensors].flatMap(([key, scores]): Masked[] => {
    if (!key.endsWith(".scores")) return [];
    const name = key.slice(0, -".scores".length);
    const weights = tensors.get(`${name}.weight`);
    if (weights === undefined || weights.shape.join() !== scores.shape.join() || weights.shape.length !== 4) {
      throw new CheckpointError(`layer ${name} has no weights of the shape of its scores`);
    }
    return [{name, weights, scores}];
  });
  if (masked.length === 0) {
    throw new CheckpointError("no layer has scores: it is a dense network's, not a ticket's");
  }
  for (const [key, {shape}] of tensors) {
    const [, name, part] = /^(.*)\.(weight|bias)$/.exec(key) ?? [];
    const isMasked = tensors.has(`${name}.scores`);
    if (part === "bias" && isMasked)
      throw new CheckpointError(`layer ${name} has a bias, which no ticket has`);
    if (part === "weight" && !isMasked && shape.length > 1)
      throw new CheckpointError(
        `layer ${name} has weights but no scores: a dense layer, which no ticket has`,
      );
  }
  return masked;
}

/** From the options, else from the class of the reference that the checkpoint names. */
function networkNamed(
  root: PickleMap,
  options: ImportOptions,
): {arch: ArchitectureName; activation: Activation} {
  const name = root.get("arch");
  const known = typeof name === "string" ? referenceNetworks.get(name) : undefined;
  const {arch = known?.arch, activation = known?.activation} = options;
  if (arch !== undefined && activation !== undefined) return {arch, activation};
  const said =
    typeof name === "string"
      ? `names the network "${name.slice(0, 60)}", which is none of ours`
      : "names no network";
  throw new CheckpointError(
    `it ${said}; say which of ours it is: --arch ${architectureNames.join("|")} and --activation relu|sign`,
  );
}

/** Where each of the reference's weights stands in ours: OIHW to HWIO, and behind a flatten channels go last. */
function placesOf({layers}: Fitted, l: number, shape: readonly number[]): Uint32Array {
  if (layers[l].shape.length === 4) return hwioFromOihw(shape);
  const channels = layers[l - 1].shape.at(-1)!;
  const side = Math.sqrt(shape[1] / channels);
  if (!Number.isInteger(side))
    throw new CheckpointError(`layer ${layers[l].name} does not follow a square image`);
  return rowsFromChannelMajor(shape, [channels, side, side]);
}

function signsOf(name: string, weights: Float32Array, mask: Uint8Array, to: Uint32Array): Int8Array {
  const signs = new Int8Array(weights.length);
  for (let i = 0; i < signs.length; i++) {
    if (mask[i] === 0) continue;
    if (weights[i] === 0 || Number.isNaN(weights[i])) {
      throw new CheckpointError(`weight ${i} of layer ${name} is ${weights[i]} and has no sign`);
    }
    signs[to[i]] = weights[i] < 0 ? -1 : 1;
  }
  return signs;
}

async function readBatchNorms(
  file: TorchFile,
  tensors: ReadonlyMap<string, Tensor>,
  fitted: Fitted,
): Promise<{batchNorms: TicketBatchNorm[]; mode: "none" | "frozen" | "learned"}> {
  const names = [...tensors.keys()]
    .filter(key => key.endsWith(".running_mean"))
    .map(key => key.slice(0, -13));
  const expected = fitted.batchNorms;
  if (names.length !== expected.length) {
    throw new CheckpointError(
      `it has ${names.length} batch norms, and ${fitted.network.arch} ${expected.length}`,
    );
  }
  const read = async (key: string, channels: number): Promise<Float32Array> => {
    const tensor = tensors.get(key);
    if (tensor?.shape.join() !== String(channels))
      throw new CheckpointError(`${key} should have ${channels} values`);
    return file.values(key, tensor);
  };
  const affine = names.some(name => tensors.has(`${name}.weight`));
  const batchNorms: TicketBatchNorm[] = [];
  for (const [b, theirs] of names.entries()) {
    const {name, channels} = expected[b];
    batchNorms.push({
      name,
      mean: await read(`${theirs}.running_mean`, channels),
      variance: await read(`${theirs}.running_var`, channels),
      ...(affine && {
        gamma: await read(`${theirs}.weight`, channels),
        beta: await read(`${theirs}.bias`, channels),
      }),
    });
  }
  const untouched = batchNorms.every(
    ({gamma, beta}) => gamma?.every(value => value === 1) && beta?.every(value => value === 0),
  );
  return {batchNorms, mode: affine ? (untouched ? "frozen" : "learned") : "none"};
}

function provenanceOf(root: PickleMap): Provenance {
  const plain = ["arch", "epoch", "curr_acc1", "best_acc1"].flatMap(key => {
    const value = root.get(key);
    return typeof value === "string" || Number.isFinite(value) ? [[key, value as string | number]] : [];
  });
  return {importedFrom: "checkpoint of chrundle/biprop", checkpoint: Object.fromEntries(plain)};
}
