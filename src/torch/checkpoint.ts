import {CheckpointError} from "./checkpointError";
import {type PickleMap, type PickleValue, readPickle, type Tensor} from "./pickle";
import {StoredZip} from "./zip";

/** Those of the reference's largest networks are below 300 kB. */
const LARGEST_PICKLE = 2 ** 20;

/** A file of torch.save: what was pickled, and its tensors on demand. Close it. */
export interface TorchFile {
  readonly root: PickleMap;
  /** The values of a float32 tensor, row-major. */
  readonly values: (name: string, tensor: Tensor) => Promise<Float32Array>;
  readonly close: () => void;
}

/** Opens a checkpoint (.pth, .pt, .state) of PyTorch 1.6 or later. Nothing in it is executed. */
export async function openTorchFile(path: string): Promise<TorchFile> {
  const zip = await StoredZip.open(path);
  try {
    const pickles = zip.names().filter(name => /^[^/]+\/data\.pkl$/.test(name));
    if (pickles.length !== 1) throw new CheckpointError("it is a zip, but not one of torch.save");
    const folder = pickles[0].slice(0, -"data.pkl".length);
    const order = zip.names().includes(`${folder}byteorder`)
      ? await zip.read(`${folder}byteorder`, 16)
      : undefined;
    if (order && new TextDecoder().decode(order) !== "little") {
      throw new CheckpointError("its numbers are not little-endian");
    }
    const root = readPickle(await zip.read(pickles[0], LARGEST_PICKLE));
    if (!(root instanceof Map)) throw new CheckpointError("it holds no dictionary");
    return {
      root,
      values: async (name, tensor) => float32Of(name, tensor, await readStorage(zip, folder, name, tensor)),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function readStorage(
  zip: StoredZip,
  folder: string,
  name: string,
  {storage}: Tensor,
): Promise<Uint8Array> {
  if (storage.kind !== "Float")
    throw new CheckpointError(`${name} is stored as ${storage.kind}, not as float32`);
  const size = 4 * storage.elements;
  const bytes = await zip.read(`${folder}data/${storage.key}`, size);
  if (bytes.length !== size) {
    throw new CheckpointError(`${name} has ${bytes.length} bytes for ${storage.elements} float32 values`);
  }
  return bytes;
}

function float32Of(name: string, {shape, strides, offset}: Tensor, bytes: Uint8Array): Float32Array {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const rowMajor = shape.every((extent, i) => {
    const after = shape.slice(i + 1).reduce((product, each) => product * each, 1);
    return extent === 1 || strides[i] === after;
  });
  if (!rowMajor || strides.length !== shape.length)
    throw new CheckpointError(`${name} is not stored row by row`);
  if (4 * (offset + size) > bytes.length) throw new CheckpointError(`${name} reaches beyond its storage`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) values[i] = view.getFloat32(4 * (offset + i), true);
  return values;
}

/** The tensors of a model by their names, `module.` taken off: in the order in which its layers were made. */
export function stateTensors(root: PickleMap): Map<string, Tensor> {
  const state = root.get("state_dict");
  if (!(state instanceof Map))
    throw new CheckpointError("it has no state_dict, so it is no checkpoint of the reference");
  const tensors = new Map<string, Tensor>();
  for (const [key, value] of state) {
    if (typeof key !== "string" || !isTensor(value))
      throw new CheckpointError("its state_dict holds more than tensors");
    tensors.set(key.replace(/^module\./, ""), value);
  }
  return tensors;
}

function isTensor(value: PickleValue): value is Tensor {
  return value !== null && typeof value === "object" && "storage" in value;
}
