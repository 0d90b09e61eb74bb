import {CheckpointError} from "./checkpointError";
import {float32Of} from "./elements";
import {headOf} from "./fileKind";
import {isLegacy, openLegacyFormat} from "./legacyFormat";
import {
  isObject,
  isTensor,
  type PickleMap,
  type PickleValue,
  type Storage,
  type Tensor,
} from "./pickleValues";
import type {TorchFormat} from "./torchFormat";
import {openZipFormat} from "./zipFormat";

/** A file of torch.save: what was pickled, and its tensors on demand. Close it. */
export interface TorchFile {
  readonly root: PickleMap;
  /** The values of a tensor of floating-point numbers as float32, row-major. */
  readonly values: (name: string, tensor: Tensor) => Promise<Float32Array>;
  readonly close: () => void;
}

/** Opens a checkpoint (.pth, .pt, .state), of PyTorch's zip format or of that before 1.6. Nothing in it is executed. */
export async function openTorchFile(path: string): Promise<TorchFile> {
  const format = await openFormat(path);
  const {root} = format;
  if (!(root instanceof Map)) {
    format.close();
    throw new CheckpointError(`it holds no dictionary but ${described(root)}`);
  }
  // Many tensors may be views of one large storage.
  let last: {storage: Storage; bytes: Uint8Array} | undefined;
  return {
    root,
    values: async (name, tensor) => {
      const {storage} = tensor;
      if (last?.storage.key !== storage.key || last.storage.elements !== storage.elements)
        last = {storage, bytes: await format.read(name, storage)};
      return float32Of(name, tensor, last.bytes);
    },
    close: format.close,
  };
}

async function openFormat(path: string): Promise<TorchFormat> {
  const head = headOf(path);
  if (isLegacy(head)) return openLegacyFormat(path);
  if (head.toString("latin1", 0, 2) === "PK") return openZipFormat(path);
  if (head[0] === 0x80) {
    throw new CheckpointError(
      "it was written by Python's pickle, not by torch.save: load it there, and torch.save a dictionary with its state_dict()",
    );
  }
  throw new CheckpointError(
    "it is not a file of torch.save, neither of its zip format nor of the one before PyTorch 1.6",
  );
}

function described(root: PickleValue): string {
  if (!isObject(root)) return Array.isArray(root) ? "a list" : "a plain value";
  if (isTensor(root)) return "a tensor";
  if ("foreign" in root) {
    return `an object of ${JSON.stringify(root.foreign)}, whose code is never run: torch.save its state_dict() instead`;
  }
  return "the name of something";
}

/** Prefixes of wrappers about a model: DataParallel's and DistributedDataParallel's, torch.compile's. */
const WRAPPERS = /^(?:module\.|_orig_mod\.)+/;

/**
 * The tensors of a model by their names, wrappers' prefixes taken off: in the order in which its layers were made. They
 * are those of `state_dict`, or of the file itself, or of the one entry that has scores, such as `model`.
 */
export function stateTensors(root: PickleMap): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const [key, value] of stateOf(root)) {
    // What is no tensor holds no weights: a layer's extra state, a number of batches.
    if (typeof key !== "string" || !isTensor(value)) continue;
    const name = key.replace(WRAPPERS, "");
    if (tensors.has(name))
      throw new CheckpointError(`two of its tensors are called ${JSON.stringify(name.slice(0, 80))}`);
    tensors.set(name, value);
  }
  return tensors;
}

function stateOf(root: PickleMap): PickleMap {
  const named = root.get("state_dict");
  if (named instanceof Map) return named;
  if (hasScores(root)) return root;
  const entries = [...root].filter(([, value]) => value instanceof Map && hasScores(value));
  if (entries.length === 1) return entries[0][1] as PickleMap;
  if (entries.length > 1) {
    const names = entries.map(([key]) => JSON.stringify(String(key).slice(0, 40))).join(", ");
    throw new CheckpointError(`${names} of it each hold a model: save the one that is meant as state_dict`);
  }
  if (
    [...root.values()].some(isTensor) ||
    [...root.values()].some(value => value instanceof Map && hasTensors(value))
  )
    throw new CheckpointError("no layer has scores: it is a dense network's, not a ticket's");
  throw new CheckpointError("it has no state_dict, so it is no checkpoint of the reference");
}

function hasScores(map: PickleMap): boolean {
  return [...map].some(
    ([key, value]) => typeof key === "string" && key.endsWith(".scores") && isTensor(value),
  );
}

function hasTensors(map: PickleMap): boolean {
  return [...map.values()].some(isTensor);
}
