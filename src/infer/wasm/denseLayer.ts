import {type KeptInputs, keptInputs} from "../keptInputs";
import type {BinaryLayer} from "../network";
import type {FloatRow} from "./floatPlanes";
import type {Machine} from "./kernels";

/** Bits in a row, channel after channel, `bytes` (whole vectors) an image. */
export interface BitRow {
  readonly kind: "bitrow";
  readonly at: number;
  readonly images: number;
  readonly channels: number;
  /** Pixels a channel: 1 after a dense layer. */
  readonly pixels: number;
  readonly imageBytes: number;
}

export function bitRow(machine: Machine, images: number, channels: number, pixels: number): BitRow {
  const imageBytes = 16 * Math.ceil((channels * pixels) / 128);
  return {kind: "bitrow", at: machine.allocate(images * imageBytes), images, channels, pixels, imageBytes};
}

/** Features are stored channel by channel; weights come with NHWC's order. */
export const channelFirst =
  (channels: number, pixels: number) =>
  (input: number): number =>
    (input % channels) * pixels + Math.floor(input / channels);

/** A dense layer on bits, as XNOR and popcount under the mask; the sums go to `out`. */
export function xnorDense(
  machine: Machine,
  x: BitRow,
  layer: BinaryLayer,
  out: FloatRow,
): (image: number) => void {
  const [, units] = layer.shape;
  const vectors = x.imageBytes / 16;
  const weights = machine.place(
    packUnits(keptInputs(layer.signs, units, channelFirst(x.channels, x.pixels)), vectors),
  );
  return image =>
    machine.kernels.xnorDense(
      x.at + image * x.imageBytes,
      vectors,
      weights,
      units,
      out.at + image * out.imageBytes,
    );
}

/** A unit: {kept count in 16 bytes}, then {signs, mask} of 16 bytes each a vector; bit 1 is +1. */
export function packUnits(lists: readonly KeptInputs[], vectors: number): Uint8Array {
  const unitBytes = 16 + 32 * vectors;
  const packed = new Uint8Array(lists.length * unitBytes);
  const view = new DataView(packed.buffer);
  lists.forEach(({plus, minus}, u) => {
    view.setInt32(u * unitBytes, plus.length + minus.length, true);
    const signs = u * unitBytes + 16;
    const at = (input: number): number => signs + 32 * (input >> 7) + ((input & 127) >> 3);
    for (const input of plus) packed[at(input)] |= 1 << (input & 7);
    for (const list of [plus, minus]) for (const input of list) packed[at(input) + 16] |= 1 << (input & 7);
  });
  return packed;
}

/** A dense layer on reals held channel by channel: additions and subtractions of kept features. */
export function sparseDense(
  machine: Machine,
  x: {readonly at: number; readonly imageBytes: number; readonly channels: number; readonly pixels: number},
  layer: BinaryLayer,
  out: FloatRow,
): (image: number) => void {
  const [features, units] = layer.shape;
  const lists = keptInputs(layer.signs, units, channelFirst(x.channels, x.pixels));
  const short = features < 65536;
  const packed = machine.place(packIndices(lists, features, short));
  const kernel = short ? machine.kernels.sparseDense16 : machine.kernels.sparseDense32;
  return image => kernel(packed, units, x.at + image * x.imageBytes, out.at + image * out.imageBytes);
}

/** A unit: counts of groups of four {plus, minus} as u32, then indices; the last group is filled with that of a zero. */
function packIndices(lists: readonly KeptInputs[], zero: number, short: boolean): Uint8Array {
  const groups = (list: Uint32Array): number => Math.ceil(list.length / 4);
  const total = lists.reduce((n, {plus, minus}) => n + groups(plus) + groups(minus), 0);
  const bytes = short ? 2 : 4;
  const packed = new Uint8Array(lists.length * 8 + total * 4 * bytes);
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const {plus, minus} of lists) {
    view.setUint32(at, groups(plus), true);
    view.setUint32(at + 4, groups(minus), true);
    at += 8;
    for (const list of [plus, minus]) {
      for (let i = 0; i < 4 * groups(list); i++, at += bytes) {
        const index = i < list.length ? list[i] : zero;
        if (short) view.setUint16(at, index, true);
        else view.setUint32(at, index, true);
      }
    }
  }
  return packed;
}
