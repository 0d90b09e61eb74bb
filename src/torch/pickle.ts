import {CheckpointError} from "./checkpointError";
import {PickleBytes} from "./pickleBytes";

/** A value that a pickle names by module and name. What it may stand for is decided by whoever reads the result. */
export interface Global {
  readonly global: string;
}

/** What a pickled storage is: its elements lie in a file of their own, named by `key`. */
export interface Storage {
  readonly kind: string;
  readonly key: string;
  readonly elements: number;
}

/** A view of a storage. */
export interface Tensor {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

export type PickleKey = string | number;
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Global
  | Storage
  | Tensor
  | readonly PickleValue[]
  | PickleMap;
export type PickleMap = Map<PickleKey, PickleValue>;

type Item = PickleValue | typeof MARK;
const MARK: unique symbol = Symbol("mark");

const STORAGES = /^torch (Float|Double|Half|BFloat16|Long|Int|Short|Char|Byte|Bool)Storage$/;
const CALLABLES = [
  "collections OrderedDict",
  "torch._utils _rebuild_tensor_v2",
  "torch._utils _rebuild_parameter",
];

/**
 * Reads a pickle of PyTorch's `torch.save`, protocol 2. Nothing in it is executed: of its little machine's instructions
 * only those are known that build numbers, texts, lists and dictionaries, and of the functions that it may call only
 * three, which here make plain values. All else is refused by name. Time and memory are within a constant of its length.
 */
export function readPickle(bytes: Uint8Array): PickleValue {
  return new Machine(bytes).run();
}

class Machine extends PickleBytes {
  private readonly stack: Item[] = [];
  private readonly memo = new Map<number, PickleValue>();

  run(): PickleValue {
    for (;;) {
      const start = this.at;
      const code = this.byte();
      if (code === 0x2e) return this.pop();
      const instruction = instructions[code];
      if (instruction === undefined) {
        throw new CheckpointError(
          `its pickle has instruction 0x${code.toString(16)} at byte ${start}, which is not read here`,
        );
      }
      instruction(this);
    }
  }

  push(value: Item): void {
    this.stack.push(value);
  }

  pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined || value === MARK)
      throw new CheckpointError("its pickle takes what it has not put");
    return value;
  }

  top(): PickleValue {
    const value = this.pop();
    this.push(value);
    return value;
  }

  popToMark(): PickleValue[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) throw new CheckpointError("its pickle takes what it has not put");
    const [, ...values] = this.stack.splice(mark);
    return values as PickleValue[];
  }

  keep(index: number): void {
    this.memo.set(index, this.top());
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw new CheckpointError("its pickle recalls what it has not kept");
    this.push(value);
  }

  setItems(pairs: readonly PickleValue[]): void {
    const map = this.top();
    if (!(map instanceof Map) || pairs.length % 2 !== 0)
      throw new CheckpointError("its pickle fills no dictionary");
    for (let i = 0; i < pairs.length; i += 2) {
      const key = pairs[i];
      if (typeof key !== "string" && typeof key !== "number") {
        throw new CheckpointError("a dictionary in it has a key that is neither text nor number");
      }
      map.set(key, pairs[i + 1]);
    }
  }

  append(values: readonly PickleValue[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw new CheckpointError("its pickle fills no list");
    for (const value of values) list.push(value);
  }
}

/** By their code, as Python's pickletools names them. */
const instructions: Readonly<Record<number, ((machine: Machine) => void) | undefined>> = {
  /* PROTO */ 128: m => {
    const protocol = m.byte();
    if (protocol !== 2)
      throw new CheckpointError(`its pickle is of protocol ${protocol}; torch.save writes 2`);
  },
  /* NONE */ 78: m => m.push(null),
  /* NEWTRUE */ 136: m => m.push(true),
  /* NEWFALSE */ 137: m => m.push(false),
  /* BININT */ 74: m => m.push(m.int32()),
  /* BININT1 */ 75: m => m.push(m.byte()),
  /* BININT2 */ 77: m => m.push(m.uint16()),
  /* LONG1 */ 138: m => m.push(m.long(m.byte())),
  /* BINFLOAT */ 71: m => m.push(m.double()),
  /* BINUNICODE */ 88: m => m.push(m.text(m.uint32())),
  /* EMPTY_DICT */ 125: m => m.push(new Map()),
  /* EMPTY_LIST */ 93: m => m.push([]),
  /* EMPTY_TUPLE */ 41: m => m.push([]),
  /* MARK */ 40: m => m.push(MARK),
  /* TUPLE */ 116: m => m.push(m.popToMark()),
  /* TUPLE1 */ 133: m => m.push([m.pop()]),
  /* TUPLE2 */ 134: m => m.push([m.pop(), m.pop()].reverse()),
  /* TUPLE3 */ 135: m => m.push([m.pop(), m.pop(), m.pop()].reverse()),
  /* APPEND */ 97: m => m.append([m.pop()]),
  /* APPENDS */ 101: m => m.append(m.popToMark()),
  /* SETITEM */ 115: m => m.setItems([m.pop(), m.pop()].reverse()),
  /* SETITEMS */ 117: m => m.setItems(m.popToMark()),
  /* BINPUT */ 113: m => m.keep(m.byte()),
  /* LONG_BINPUT */ 114: m => m.keep(m.uint32()),
  /* BINGET */ 104: m => m.recall(m.byte()),
  /* LONG_BINGET */ 106: m => m.recall(m.uint32()),
  /* GLOBAL */ 99: m => m.push(globalNamed(m.line(), m.line())),
  /* BINPERSID */ 81: m => m.push(storageOf(m.pop())),
  /* REDUCE */ 82: m => {
    const values = m.pop();
    m.push(called(m.pop(), values));
  },
  /* BUILD: what a dictionary knows besides its items, such as PyTorch's versions */ 98: m => {
    m.pop();
    if (!(m.top() instanceof Map)) throw new CheckpointError("its pickle sets the state of an object");
  },
};

function globalNamed(module: string, name: string): Global {
  const global = `${module} ${name}`;
  if (!CALLABLES.includes(global) && !STORAGES.test(global)) {
    throw new CheckpointError(
      `its pickle asks for ${JSON.stringify(`${module}.${name}`.slice(0, 80))}, which is never run`,
    );
  }
  return {global};
}

function called(callable: PickleValue, values: PickleValue): PickleValue {
  const name = isObject(callable) && "global" in callable ? callable.global : "what is no function";
  const given = Array.isArray(values) ? (values as readonly PickleValue[]) : [];
  if (name === "collections OrderedDict" && given.length === 0) return new Map();
  if (name === "torch._utils _rebuild_tensor_v2") return tensorOf(given);
  if (name === "torch._utils _rebuild_parameter" && isObject(given[0]) && "storage" in given[0])
    return given[0];
  throw new CheckpointError(`its pickle calls ${name} in a way that is not read here`);
}

/** (storage, offset, shape, strides, …) */
function tensorOf([storage, offset, shape, strides]: readonly PickleValue[]): Tensor {
  if (!isObject(storage) || !("key" in storage) || !isSize(offset) || !isSizes(shape) || !isSizes(strides)) {
    throw new CheckpointError("a tensor in it is not described as PyTorch does");
  }
  return {storage, offset, shape, strides};
}

/** ("storage", type, key, device, elements) */
function storageOf(id: PickleValue): Storage {
  const [what, type, key, , elements] = Array.isArray(id) ? (id as readonly PickleValue[]) : [];
  const kind = isObject(type) && "global" in type ? STORAGES.exec(type.global)?.[1] : undefined;
  if (
    what !== "storage" ||
    kind === undefined ||
    typeof key !== "string" ||
    !/^\d{1,9}$/.test(key) ||
    !isSize(elements)
  ) {
    throw new CheckpointError("a storage in it is not described as PyTorch does");
  }
  return {kind, key, elements};
}

function isObject(value: PickleValue | undefined): value is Global | Storage | Tensor {
  return value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Map);
}

function isSize(value: PickleValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isSizes(value: PickleValue | undefined): value is readonly number[] {
  return Array.isArray(value) && value.length <= 8 && (value as readonly PickleValue[]).every(isSize);
}
