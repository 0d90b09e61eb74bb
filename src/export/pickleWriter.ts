/** Values that a pickle of PyTorch can hold. */
export type Pickled =
  | number
  | string
  | {readonly tensor: TensorPlace}
  | {readonly dict: Readonly<Record<string, Pickled>>};

/** A tensor whose numbers lie in the storage of that key. */
export interface TensorPlace {
  readonly key: string;
  readonly type: "Float" | "Long";
  readonly shape: readonly number[];
}

const MARK = Buffer.from("(");
const TUPLE = Buffer.from("t");
const REDUCE = Buffer.from("R");

/** A value as a pickle of protocol 2, as torch.save writes it. Numbers that are whole become integers of 32 bits. */
export function pickleOf(value: Pickled): Buffer {
  return Buffer.concat([Buffer.of(0x80, 2), ...instructions(value), Buffer.from(".")]);
}

function instructions(value: Pickled): Buffer[] {
  if (typeof value === "string") return [text(value)];
  if (typeof value === "number") return [Number.isInteger(value) ? int(value) : double(value)];
  if ("tensor" in value) return tensor(value.tensor);
  const items = Object.entries(value.dict).flatMap(([key, item]) => [text(key), ...instructions(item)]);
  return [...emptyDict(), MARK, ...items, Buffer.from("u")];
}

/** collections.OrderedDict() */
function emptyDict(): Buffer[] {
  return [named("collections", "OrderedDict"), Buffer.from(")"), REDUCE];
}

/** torch._utils._rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict()) */
function tensor({key, type, shape}: TensorPlace): Buffer[] {
  const strides = shape.map((_, i) => size(shape.slice(i + 1)));
  const storage = [
    MARK,
    text("storage"),
    named("torch", `${type}Storage`),
    text(key),
    text("cpu"),
    int(size(shape)),
    TUPLE,
  ];
  return [
    named("torch._utils", "_rebuild_tensor_v2"),
    ...[MARK, ...storage, Buffer.from("Q"), int(0), ...ints(shape), ...ints(strides)],
    ...[Buffer.of(0x89), ...emptyDict(), TUPLE, REDUCE],
  ];
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

function named(module: string, name: string): Buffer {
  return Buffer.from(`c${module}\n${name}\n`);
}

function ints(values: readonly number[]): Buffer[] {
  return [MARK, ...values.map(int), TUPLE];
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.write("J");
  bytes.writeInt32LE(value, 1);
  return bytes;
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.write("G");
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const head = Buffer.alloc(5);
  head.write("X");
  head.writeUInt32LE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
