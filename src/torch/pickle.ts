import {CheckpointError} from "./checkpointError";
import {PickleBytes} from "./pickleBytes";
import {type Foreign, isObject, type PickleValue, type Storage} from "./pickleValues";
import {called, storageOf} from "./torchObjects";

type Item = PickleValue | typeof MARK;
const MARK: unique symbol = Symbol("mark");

/**
 * Reads a pickle of PyTorch's `torch.save`, of any protocol that Python 3 can write there (1 to 5). Nothing in it is
 * executed: of its little machine's instructions only those are known that build plain values, and of the functions
 * that it may call only the few of torchObjects.ts, which make dictionaries and tensors. An object of any other class
 * becomes its class's name. Time and memory are within a constant of its length.
 */
export function readPickle(bytes: Uint8Array): PickleValue {
  return unpickle(bytes).value;
}

export interface Unpickled {
  readonly value: PickleValue;
  /** Where the pickle ends and something else may follow. */
  readonly end: number;
  /** Every storage that it names, whatever is made of it. */
  readonly storages: readonly Storage[];
}

export function unpickle(bytes: Uint8Array): Unpickled {
  return new Machine(bytes).run();
}

class Machine extends PickleBytes {
  private readonly stack: Item[] = [];
  private readonly storages: Storage[] = [];
  private readonly memo = new Map<number, PickleValue>();

  run(): Unpickled {
    for (;;) {
      const start = this.at;
      const code = this.byte();
      if (code === 0x2e) return {value: this.pop(), end: this.at, storages: this.storages};
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

  keep(index: number = this.memo.size): void {
    this.memo.set(index, this.top());
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw new CheckpointError("its pickle recalls what it has not kept");
    this.push(value);
  }

  /** Items of a dictionary; those of a class that is not read here are dropped, and those by other than text or number. */
  setItems(pairs: readonly PickleValue[]): void {
    const map = this.top();
    if (isForeign(map)) return;
    if (!(map instanceof Map) || pairs.length % 2 !== 0)
      throw new CheckpointError("its pickle fills no dictionary");
    for (let i = 0; i < pairs.length; i += 2) {
      const key = pairs[i];
      if (typeof key === "string" || typeof key === "number") map.set(key, pairs[i + 1]);
    }
  }

  append(values: readonly PickleValue[]): void {
    const list = this.top();
    if (isForeign(list)) return;
    if (!Array.isArray(list)) throw new CheckpointError("its pickle fills no list");
    for (const value of values) list.push(value);
  }

  /** What a dictionary or an object knows besides its items, such as PyTorch's versions, is left aside. */
  build(): void {
    this.pop();
    const built = this.top();
    if (!(built instanceof Map) && !isForeign(built))
      throw new CheckpointError("its pickle sets the state of a plain value");
  }

  call(): void {
    const values = this.pop();
    this.push(called(this.pop(), values));
  }

  global(module: PickleValue, name: PickleValue): void {
    if (typeof module !== "string" || typeof name !== "string")
      throw new CheckpointError("its pickle names something by other than text");
    this.push({global: `${module}.${name}`});
  }

  /** A storage, or in the older format a class, with its source text. */
  persistent(id: PickleValue): void {
    if (Array.isArray(id) && id[0] === "module") {
      this.push(id[1] as PickleValue);
    } else {
      const storage = storageOf(id);
      this.storages.push(storage);
      this.push(storage);
    }
  }

  /** Bytes hold nothing that is wanted here. */
  skip(length: number): void {
    this.passed(length);
    this.push({foreign: "bytes"});
  }
}

function isForeign(value: PickleValue): value is Foreign {
  return isObject(value) && "foreign" in value;
}

/** By their code, as Python's pickletools names them. */
const instructions: Readonly<Record<number, ((machine: Machine) => unknown) | undefined>> = {
  /* PROTO */ 128: m => {
    const protocol = m.byte();
    if (protocol > 5) throw new CheckpointError(`its pickle is of protocol ${protocol}; those to 5 are read`);
  },
  /* FRAME */ 149: m => m.uint64(),
  /* NONE */ 78: m => m.push(null),
  /* NEWTRUE */ 136: m => m.push(true),
  /* NEWFALSE */ 137: m => m.push(false),
  /* BININT */ 74: m => m.push(m.int32()),
  /* BININT1 */ 75: m => m.push(m.byte()),
  /* BININT2 */ 77: m => m.push(m.uint16()),
  /* LONG1 */ 138: m => m.push(m.long(m.byte())),
  /* LONG4 */ 139: m => m.push(m.long(m.uint32())),
  /* INT, or a truth */ 73: m => {
    const line = m.line();
    m.push(line === "00" || line === "01" ? line === "01" : Number(line));
  },
  /* LONG */ 76: m => m.push(Number(m.line().replace(/L$/, ""))),
  /* BINFLOAT */ 71: m => m.push(m.double()),
  /* BINUNICODE */ 88: m => m.push(m.text(m.uint32())),
  /* SHORT_BINUNICODE */ 140: m => m.push(m.text(m.byte())),
  /* BINUNICODE8 */ 141: m => m.push(m.text(m.uint64())),
  /* Texts of Python 2: BINSTRING */ 84: m => m.push(m.text(m.uint32())),
  /* SHORT_BINSTRING */ 85: m => m.push(m.text(m.byte())),
  /* BINBYTES */ 66: m => m.skip(m.uint32()),
  /* SHORT_BINBYTES */ 67: m => m.skip(m.byte()),
  /* BINBYTES8 */ 142: m => m.skip(m.uint64()),
  /* BYTEARRAY8 */ 150: m => m.skip(m.uint64()),
  /* EMPTY_DICT */ 125: m => m.push(new Map()),
  /* EMPTY_LIST */ 93: m => m.push([]),
  /* EMPTY_TUPLE */ 41: m => m.push([]),
  /* EMPTY_SET */ 143: m => m.push([]),
  /* ADDITEMS */ 144: m => m.append(m.popToMark()),
  /* FROZENSET */ 145: m => m.push(m.popToMark()),
  /* MARK */ 40: m => m.push(MARK),
  /* POP */ 48: m => m.pop(),
  /* POP_MARK */ 49: m => m.popToMark(),
  /* TUPLE */ 116: m => m.push(m.popToMark()),
  /* TUPLE1 */ 133: m => m.push([m.pop()]),
  /* TUPLE2 */ 134: m => m.push([m.pop(), m.pop()].reverse()),
  /* TUPLE3 */ 135: m => m.push([m.pop(), m.pop(), m.pop()].reverse()),
  /* APPEND */ 97: m => m.append([m.pop()]),
  /* APPENDS */ 101: m => m.append(m.popToMark()),
  /* SETITEM */ 115: m => m.setItems([m.pop(), m.pop()].reverse()),
  /* SETITEMS */ 117: m => m.setItems(m.popToMark()),
  /* MEMOIZE */ 148: m => m.keep(),
  /* BINPUT */ 113: m => m.keep(m.byte()),
  /* LONG_BINPUT */ 114: m => m.keep(m.uint32()),
  /* BINGET */ 104: m => m.recall(m.byte()),
  /* LONG_BINGET */ 106: m => m.recall(m.uint32()),
  /* GLOBAL */ 99: m => m.global(m.line(), m.line()),
  /* STACK_GLOBAL */ 147: m => {
    const name = m.pop();
    m.global(m.pop(), name);
  },
  /* BINPERSID */ 81: m => m.persistent(m.pop()),
  /* REDUCE */ 82: m => m.call(),
  /* NEWOBJ */ 129: m => m.call(),
  /* NEWOBJ_EX: with named values, which nothing read here has */ 146: m => {
    m.pop();
    m.call();
  },
  /* BUILD */ 98: m => m.build(),
};
