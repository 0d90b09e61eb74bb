import {crc32} from "../../src/core/crc32";

/** Files as a zip that stores them, as torch.save writes it. */
export function storedZip(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const offset = Buffer.alloc(14);
    offset.writeUInt32LE(at, 10);
    directory.push(
      Buffer.from("PK\x01\x02\x14\x00", "latin1"),
      common,
      offset.subarray(0, 14),
      Buffer.from(name),
    );
    const part = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), bytes]);
    parts.push(part);
    at += part.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, central, end]);
}

/** Instructions of a pickle, as bytes. */
export const pickle = {
  start: Buffer.of(0x80, 2),
  stop: Buffer.from("."),
  mark: Buffer.from("("),
  dict: Buffer.from("}"),
  list: Buffer.from("]"),
  tuple: Buffer.from("t"),
  emptyTuple: Buffer.from(")"),
  reduce: Buffer.from("R"),
  setItem: Buffer.from("s"),
  persistent: Buffer.from("Q"),
  false: Buffer.of(0x89),
  global: (module: string, name: string): Buffer => Buffer.from(`c${module}\n${name}\n`),
  text(text: string): Buffer {
    const length = Buffer.alloc(5);
    length.write("X");
    length.writeUInt32LE(Buffer.byteLength(text), 1);
    return Buffer.concat([length, Buffer.from(text)]);
  },
  int(value: number): Buffer {
    const bytes = Buffer.alloc(5);
    bytes.write("J");
    bytes.writeInt32LE(value, 1);
    return bytes;
  },
} as const;

const {mark, tuple, text, int} = pickle;
const ints = (values: readonly number[]): Buffer => Buffer.concat([mark, ...values.map(int), tuple]);

export interface PickledTensor {
  readonly shape: readonly number[];
  readonly key?: string;
  readonly elements?: number;
  readonly offset?: number;
  readonly strides?: readonly number[];
  readonly storage?: string;
}

/** torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, False, OrderedDict()) */
export function pickledTensor(tensor: PickledTensor): Buffer {
  const {shape, key = "0", offset = 0, storage = "FloatStorage"} = tensor;
  const elements = tensor.elements ?? shape.reduce((a, b) => a * b, 1);
  const strides = tensor.strides ?? shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const id = [
    mark,
    text("storage"),
    pickle.global("torch", storage),
    text(key),
    text("cpu"),
    int(elements),
    tuple,
  ];
  return Buffer.concat([
    pickle.global("torch._utils", "_rebuild_tensor_v2"),
    ...[mark, ...id, pickle.persistent, int(offset), ints(shape), ints(strides), pickle.false],
    ...[pickle.global("collections", "OrderedDict"), pickle.emptyTuple, pickle.reduce, tuple, pickle.reduce],
  ]);
}

/** A pickle of {key: value, …, state_dict: {name: tensor, …}}. */
export function pickledCheckpoint(
  tensors: Readonly<Record<string, Buffer>>,
  entries: Readonly<Record<string, Buffer>> = {},
): Buffer {
  const items = (pairs: Readonly<Record<string, Buffer>>): Buffer[] =>
    Object.entries(pairs).flatMap(([key, value]) => [text(key), value, pickle.setItem]);
  const state = Buffer.concat([pickle.dict, ...items(tensors)]);
  return Buffer.concat([pickle.start, pickle.dict, ...items({...entries, state_dict: state}), pickle.stop]);
}
