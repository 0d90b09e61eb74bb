import {UserError} from "../../core/errors";
import {windowGrid} from "../../network/geometry";
import {type KeptInputs, keptInputs} from "../keptInputs";
import type {BinaryLayer} from "../network";
import {channelBlock} from "../sumOrder";
import {spreadOut} from "./bitPlanes";
import type {FloatPlanes} from "./floatPlanes";
import {type Machine, TILE} from "./kernels";

/** Sums of one image before gain and batch norm, rows and columns rounded up to whole tiles. */
export interface RawPlanes {
  readonly at: number;
  readonly channels: number;
  readonly h: number;
  readonly w: number;
  readonly rowBytes: number;
  readonly planeBytes: number;
}

export interface FloatConvStep {
  readonly output: RawPlanes;
  /** Convolves image `image` of the input into `output`. */
  readonly run: (image: number) => void;
}

/** Gives the place for raw sums of so many bytes. */
export type RawBuffer = (bytes: number) => number;

/** How many zeros a convolution needs around its input. */
export const MOST_PADDING = 3;

export function rawPlanes(channels: number, h: number, w: number, buffer: RawBuffer): RawPlanes {
  const {rows, vectors} = tileShape(w);
  const rowBytes = 16 * vectors * Math.ceil(w / (4 * vectors));
  const planeBytes = spreadOut(rowBytes * rows * Math.ceil(h / rows));
  return {at: buffer(channels * planeBytes), channels, h, w, rowBytes, planeBytes};
}

/** Output pixels of a tile: 2 rows of 8, or 4 of 4 where the image is no wider. */
function tileShape(w: number): {rows: number; vectors: number; kernel: "sparse2x2" | "sparse4x1"} {
  return w <= 4 ? {rows: 4, vectors: 1, kernel: "sparse4x1"} : {rows: 2, vectors: 2, kernel: "sparse2x2"};
}

/**
 * A convolution of reals with binary weights: additions and subtractions of kept inputs only. Input channels come in
 * blocks, packed into a tile that lists of short addresses reach.
 */
export function floatConv(
  machine: Machine,
  input: FloatPlanes,
  layer: BinaryLayer,
  {stride, pad}: {readonly stride: number; readonly pad: number},
  buffer: RawBuffer,
): FloatConvStep {
  const {kernels} = machine;
  const [kernel, , channels, filters] = layer.shape;
  if (pad > MOST_PADDING) throw new UserError(`the wasm engine pads by at most ${MOST_PADDING}; got ${pad}`);
  const [h, w] = windowGrid(input, {size: kernel, stride, pad}, "a convolution");
  const output = rawPlanes(filters, h, w, buffer);
  const {rows, vectors, kernel: sparse} = tileShape(output.w);
  const tileRows = rows + kernel - 1;
  const tileVectors = Math.ceil((4 * vectors + kernel - 1) / 4);
  const tapBytes = 16 * rows * vectors;
  const layout =
    stride === 1
      ? {channelBytes: 16 * tileRows * tileVectors, rowBytes: 16 * tileVectors}
      : {channelBytes: kernel * kernel * tapBytes, rowBytes: 16 * vectors};
  const tapOffset = (tap: number): number =>
    stride === 1 ? Math.floor(tap / kernel) * layout.rowBytes + 4 * (tap % kernel) : tap * tapBytes;

  const block = channelBlock(kernel, stride);
  const all = keptInputs(layer.signs, filters);
  const blocks = Array.from({length: Math.ceil(channels / block)}, (_, b) => {
    const first = b * block;
    const addresses = Int32Array.from({length: kernel * kernel * channels}, (_, input) => {
      const c = (input % channels) - first;
      if (c < 0 || c >= block) return ELSEWHERE;
      return TILE + c * layout.channelBytes + tapOffset(Math.floor(input / channels));
    });
    return {first, count: Math.min(block, channels - first), lists: machine.place(packPairs(all, addresses))};
  });
  const run = (image: number): void => {
    const corner = input.at + image * input.imageBytes - pad * input.rowBytes - 4 * pad;
    for (let y = 0; y < output.h; y += rows) {
      for (let x = 0; x < output.w; x += 4 * vectors) {
        const from = corner + y * stride * input.rowBytes + 4 * x * stride;
        const to = output.at + y * output.rowBytes + 4 * x;
        for (const {first, count, lists} of blocks) {
          const source = from + first * input.planeBytes;
          if (stride === 1) {
            kernels.packTile(source, input.rowBytes, input.planeBytes, count, tileRows, tileVectors, TILE);
          } else {
            kernels.packStridedTile(
              source,
              input.rowBytes,
              input.planeBytes,
              count,
              rows,
              vectors,
              kernel,
              stride,
              TILE,
            );
          }
          kernels[sparse](
            lists,
            filters,
            first === 0,
            layout.rowBytes,
            to,
            output.planeBytes,
            output.rowBytes,
          );
        }
      }
    }
  };
  return {output, run};
}

/** In place of an address: the input is in another block of channels. */
const ELSEWHERE = -1;

/** Lists are u16: {plus, minus} counts of pairs, then addresses; an odd one is paired with zeros at address 0. */
function packPairs(lists: readonly KeptInputs[], addresses: Int32Array): Uint16Array {
  const most = lists.reduce((n, {plus, minus}) => n + plus.length + minus.length + 4, 0);
  const packed = new Uint16Array(most);
  let end = 0;
  for (const {plus, minus} of lists) {
    const counts = end;
    end += 2;
    for (const [which, list] of [plus, minus].entries()) {
      const begin = end;
      for (let i = 0; i < list.length; i++) {
        const address = addresses[list[i]];
        if (address !== ELSEWHERE) packed[end++] = address;
      }
      if ((end - begin) % 2 === 1) packed[end++] = 0;
      packed[counts + which] = (end - begin) / 2;
    }
  }
  return packed.subarray(0, end);
}
