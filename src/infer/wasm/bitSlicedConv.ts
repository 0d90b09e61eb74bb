import {UserError} from "../../core/errors";
import {windowGrid} from "../../network/geometry";
import {type KeptInputs, keptInputs} from "../keptInputs";
import type {BinaryLayer} from "../network";
import {type BitPlanes, bitPlanes, spreadOut, tapMasks, tapsOf, tilePatterns, VECTOR} from "./bitPlanes";
import {type Machine, TILE} from "./kernels";
import {startPlanes, tapBalances} from "./starts";
import type {Threshold} from "./threshold";

/** Sums of one convolution as 16-bit integers: a row of `rowBytes` a channel, images `stride` values apart. */
export interface Sums {
  readonly kind: "sums";
  readonly at: number;
  readonly channels: number;
  readonly h: number;
  readonly w: number;
  readonly stride: number;
  readonly rowBytes: number;
}

/** What becomes of the sums. */
export type BitSlicedResult =
  | {readonly kind: "sums"}
  /** One threshold a filter. */
  | {readonly kind: "bits"; readonly thresholds: readonly Threshold[]}
  /** Two a filter: which of them holds is said by a bit of `chosen` (the residual), filter by filter. */
  | {
      readonly kind: "chosen";
      readonly chosen: BitPlanes;
      readonly ifOne: readonly Threshold[];
      readonly ifZero: readonly Threshold[];
    };

export interface BitSlicedStep<Output> {
  readonly output: Output;
  readonly run: () => void;
}

/**
 * Bit-sliced sparse accumulation: a kept weight is one load of 128 pixels' bits, counted in vertical counters; a pruned
 * one costs nothing. y = 2(A − B) + balance, A and B the kept ones among the plus and minus inputs.
 */
export function bitSlicedConv(
  machine: Machine,
  input: BitPlanes,
  layer: BinaryLayer,
  {stride, pad}: {readonly stride: number; readonly pad: number},
  result: BitSlicedResult,
): BitSlicedStep<BitPlanes | Sums> {
  const [kernel, , channels, filters] = layer.shape;
  const [h, w] = windowGrid(input, {size: kernel, stride, pad}, "a convolution");
  if (stride > 2 || w !== Math.ceil(input.w / stride) || h !== Math.ceil(input.h / stride)) {
    throw new UserError(
      `the wasm engine convolves bits with stride 1 or 2 and padding (kernel − 1)/2; got stride ${stride}, padding ${pad}, kernel ${kernel}`,
    );
  }
  const {kernels} = machine;
  const output = bitPlanes(machine, input.images, result.kind === "sums" ? 0 : filters, h, w);
  const vectors = Math.ceil((output.images * output.stride) / VECTOR);
  const taps = tapsOf(kernel, stride, pad);
  const {patterns, ofTile} = tilePatterns(taps, stride, input, {h, w});
  const phases = phasePlanes(machine, input, output, taps, stride);

  const oneImage = input.images === 1 && output.stride < VECTOR;
  const narrow = oneImage && TILE + (channels * taps.length + 8) * (output.stride / 8) <= 65536;
  const lanes = narrow ? VECTOR / output.stride : 1;
  const rowBytes = 16 / lanes;
  const far = TILE + channels * taps.length * 16 > 65536;
  if (channels * taps.length > 65535 - TILE / 16)
    throw new UserError(`the wasm engine takes at most 65471 inputs a filter; got ${channels * taps.length}`);

  const lists = keptInputs(layer.signs, filters).map((kept, f) => {
    const flipped =
      result.kind === "sums" ? false : (result.kind === "bits" ? result.thresholds : result.ifOne)[f].flipped;
    return flipped ? {plus: kept.minus, minus: kept.plus} : kept;
  });
  const balances = tapBalances(lists, channels, taps.length);
  const startFor =
    (thresholds: readonly Threshold[]) =>
    (f: number, balance: number): number => {
      // A flipped filter has its lists swapped: 2(A − B) + balance is −y, and y < t is −y ≥ 1 − t.
      const {at, flipped} = thresholds[f];
      return -Math.ceil(((flipped ? 1 - at : at) - balance) / 2);
    };
  const startOf = {
    sums: () => (_: number, balance: number) => balance >> 1,
    bits: () => startFor((result as {thresholds: readonly Threshold[]}).thresholds),
    chosen: () => startFor((result as {ifZero: readonly Threshold[]}).ifZero),
  }[result.kind]();
  const valueIfOne = result.kind === "chosen" ? startFor(result.ifOne) : startOf;

  const top = planesAbove(lists, balances, [startOf, valueIfOne]);
  const parity = result.kind === "sums";
  const each = 6 + top + (parity ? 1 : 0);
  const place = (value: (f: number, balance: number) => number): number => {
    const starts = startPlanes(patterns, balances, filters, 6 + top, parity, value);
    if (lanes > 1) keepLane(starts, output.stride / 8);
    return machine.place(starts);
  };
  const starts = place(startOf);
  const others = result.kind === "chosen" ? place(valueIfOne) : 0;
  const masks = machine.place(tapMasks(patterns, taps.length));
  const packedLists = machine.place(packLists(lists, lanes, far, rowBytes));
  const name =
    far && lanes === 1
      ? `${parity ? "sums" : "bits"}Far${top}`
      : `${parity ? "sums" : "bits"}${lanes}x${top}`;
  const count = kernels.count[name];
  const [chosen, chosenStride] =
    result.kind === "chosen" ? [result.chosen.at, result.chosen.planeBytes] : [0, 0];

  const sums: Sums = {
    kind: "sums",
    at: 0,
    channels: filters,
    h,
    w,
    stride: output.stride,
    rowBytes: spreadOut(vectors * 256),
  };
  const final = parity ? {...sums, at: machine.allocate(filters * sums.rowBytes)} : output;
  const outStride = parity ? sums.rowBytes : output.planeBytes;
  const tapTable = machine.place(phases.table);
  const source = phases.planes[0] ?? input;
  const run = (): void => {
    phases.prepare();
    for (let tile = 0; tile < vectors; tile++) {
      const pattern = ofTile[tile % ofTile.length];
      const mask = masks + pattern * taps.length * 16;
      if (lanes > 1) {
        kernels.packNarrowTaps(
          tapTable,
          taps.length,
          mask,
          channels,
          source.planeBytes,
          tile * 16,
          TILE,
          rowBytes,
        );
      } else kernels.packTaps(tapTable, taps.length, mask, channels, source.planeBytes, tile * 16, TILE);
      const first = pattern * filters * each * 16;
      count(
        packedLists,
        filters,
        starts + first,
        others + first,
        chosen && chosen + tile * 16,
        chosenStride,
        final.at + tile * (parity ? 256 : 16),
        outStride,
        machine.work,
      );
    }
  };
  return {output: final, run};
}

/** Lists are u16: {plus, minus} counts, then addresses (far: rows of 16 bytes) of kept inputs, a multiple of 4 × lanes. */
function packLists(lists: readonly KeptInputs[], lanes: number, far: boolean, rowBytes: number): Uint16Array {
  const group = 4 * lanes;
  const padded = (list: Uint32Array): number => Math.ceil(list.length / group) * group;
  const packed = new Uint16Array(lists.reduce((n, {plus, minus}) => n + 2 + padded(plus) + padded(minus), 0));
  const [first, each] = far && lanes === 1 ? [TILE / 16, 1] : [TILE, rowBytes];
  let at = 0;
  for (const {plus, minus} of lists) {
    packed[at++] = padded(plus) / lanes;
    packed[at++] = padded(minus) / lanes;
    for (const list of [plus, minus]) {
      for (let i = 0; i < list.length; i++) packed[at + i] = first + list[i] * each;
      at += padded(list);
    }
  }
  return packed;
}

/** Top planes so that a counter of 6 + top bits holds every filter's sum, start included. */
function planesAbove(
  lists: readonly KeptInputs[],
  balances: Int32Array,
  values: readonly ((f: number, balance: number) => number)[],
): 5 | 9 {
  const taps = balances.length / lists.length;
  const largest = lists.reduce((most, {plus, minus}, f) => {
    let balance = 0;
    for (let tap = 0; tap < taps; tap++) balance += Math.abs(balances[f * taps + tap]);
    let start = 0;
    for (const value of values)
      start = Math.max(start, Math.abs(value(f, -balance)), Math.abs(value(f, balance)));
    return Math.max(most, start + Math.max(plus.length, minus.length) + 1);
  }, 0);
  if (largest < 1 << 10) return 5;
  if (largest < 1 << 14) return 9;
  throw new UserError(`a filter of the network sums over too many weights for the wasm engine: ${largest}`);
}

/** Starts belong to the lowest lane alone. */
function keepLane(starts: Uint8Array, bytes: number): void {
  for (let at = 0; at < starts.length; at += 16) starts.fill(0, at + bytes, at + 16);
}

/** The planes that taps read, their table {address, bit offset}, and what must run before: at stride 2 the input's phases. */
function phasePlanes(
  machine: Machine,
  input: BitPlanes,
  output: BitPlanes,
  taps: ReturnType<typeof tapsOf>,
  stride: number,
): {planes: BitPlanes[]; table: Int32Array; prepare: () => void} {
  if (stride === 1) {
    const table = Int32Array.from(taps.flatMap(({dy, dx}) => [input.at, dy * input.w + dx]));
    return {planes: [], table, prepare: () => {}};
  }
  const key = ({phaseY, phaseX}: (typeof taps)[number]): number => 2 * phaseY + phaseX;
  const planes = new Map<number, BitPlanes>();
  for (const tap of taps) {
    if (!planes.has(key(tap)))
      planes.set(key(tap), bitPlanes(machine, input.images, input.channels, output.h, output.w));
  }
  const table = Int32Array.from(taps.flatMap(tap => [planes.get(key(tap))!.at, tap.dy * output.w + tap.dx]));
  const {at, planeBytes, channels, images, h, w, stride: bits} = input;
  const prepare = (): void => {
    for (const [phase, p] of planes) {
      machine.kernels.everySecond(
        at,
        planeBytes,
        channels,
        images,
        h,
        w,
        bits,
        phase >> 1,
        phase & 1,
        p.at,
        p.planeBytes,
        p.h,
        p.w,
        p.stride,
      );
    }
  };
  return {planes: [...planes.values()], table, prepare};
}
