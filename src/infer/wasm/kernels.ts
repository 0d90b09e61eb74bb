import {UserError} from "../../core/errors";

/** Bit-sliced accumulation: lists, filters, starts, others, chosen, chosenStride, out, outStride, work. */
export type CountKernel = (...pointersAndCounts: number[]) => void;

type Kernel = (...pointersAndNumbers: (number | boolean)[]) => void;

/** What kernels/wasm exports; arguments are addresses and numbers, described there. */
export interface Kernels {
  readonly count: Readonly<Record<string, CountKernel>>;
  readonly packTaps: Kernel;
  readonly packNarrowTaps: Kernel;
  readonly everySecond: Kernel;
  readonly halve: Kernel;
  readonly poolBits: Kernel;
  readonly flattenBits: Kernel;
  readonly meanOfBits: Kernel;
  readonly packTile: Kernel;
  readonly packStridedTile: Kernel;
  readonly sparse2x2: Kernel;
  readonly sparse4x1: Kernel;
  readonly finish: Kernel;
  readonly finishBits: Kernel;
  readonly poolFloats: Kernel;
  readonly meanOfFloats: Kernel;
  readonly sparseDense16: Kernel;
  readonly sparseDense32: Kernel;
  readonly nhwcToFloats: Kernel;
  readonly floatsToNhwc: Kernel;
  readonly nhwcToBits: Kernel;
  readonly bitsToFloats: Kernel;
  readonly sumsToFloats: Kernel;
  readonly sumsToNhwc: Kernel;
  readonly flattenFloats: Kernel;
  readonly signsOfRow: Kernel;
  readonly clear: Kernel;
  readonly xnorDense: Kernel;
  readonly xnorConv: Kernel;
}

const PAGE = 65536;
const ALIGN = 64;
/** Low memory: zeros, then what is packed for one tile, so that lists can hold short addresses. */
export const TILE = 1024;
/** Where bit-sliced counters spill to. */
const WORK = 1 << 20;
const HEAP = WORK + 3 * PAGE;
const MOST_PAGES = 65536;

/** One instance of the kernels and its memory, handed out from the bottom and never taken back. */
export class Machine {
  readonly kernels: Kernels;
  readonly work: number = WORK;
  private end = HEAP;

  constructor(
    module: WebAssembly.Module,
    private readonly memory: WebAssembly.Memory = new WebAssembly.Memory({initial: HEAP / PAGE}),
  ) {
    const {exports} = new WebAssembly.Instance(module, {env: {memory}});
    this.kernels = {...(exports as unknown as Omit<Kernels, "count">), count: exports as Kernels["count"]};
  }

  /** `bytes` zeroed bytes, with room to read `guard` bytes past either end. */
  allocate(bytes: number, guard = 64): number {
    const at = Math.ceil((this.end + guard) / ALIGN) * ALIGN;
    this.end = at + bytes + guard;
    const missing = Math.ceil(this.end / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (missing > 0) {
      if (this.memory.buffer.byteLength / PAGE + missing > MOST_PAGES) {
        throw new UserError("the network needs more than the 4 GiB that WebAssembly can address");
      }
      this.memory.grow(missing);
    }
    return at;
  }

  /** A copy of `values` in memory. */
  place(
    values: Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | BigInt64Array,
    guard = 64,
  ): number {
    const at = this.allocate(values.byteLength, guard);
    this.bytes(at, values.byteLength).set(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
    return at;
  }

  /** A view, good until the next allocation. */
  bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, at, length);
  }

  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }
}
