// What every engine must equal, read as the paper reads: one operation after the other, one number at a time.
import {signOfActivation} from "../core/sign";
import {type Window, windowGrid} from "../network/geometry";
import type {Operation} from "../network/operations";
import {settled} from "../network/settle";
import {keptInputs} from "./keptInputs";
import {type BinaryLayer, type BinaryNetwork, isSign, layerNamed, nearZero, normNamed} from "./network";
import {channelBlock, sumInFours, sumOfPairs} from "./sumOrder";

/** One image's values: channel c of pixel (y, x) at (y·w + x)·channels + c. */
export interface Activations {
  readonly h: number;
  readonly w: number;
  readonly channels: number;
  readonly values: Float32Array;
  /** What was this near to 0 is 0, in sums that a sign is about to see. */
  readonly nearZero?: number;
}

/** Called with what each sign is taken of, and how near to 0 right behind a convolution counts as 0, so that sign is +1. */
export type OnSign = (input: Activations, nearZero: number) => void;

/** The logits of one normalised image [h, w, channels]. */
export function referenceLogits(network: BinaryNetwork, image: Float32Array, onSign?: OnSign): Float32Array {
  const [h, w, channels] = network.image;
  const run = (x: Activations, operation: Operation): Activations => {
    switch (operation.op) {
      case "conv": {
        const layer = layerNamed(network, operation.name);
        const sums = convolve(x, layer, operation);
        return operation.beforeSign ? withZeros(sums, nearZero(layer)) : sums;
      }
      case "dense":
        return dense(x, layerNamed(network, operation.name));
      case "batchnorm": {
        const {scale, shift} = normNamed(network, operation.name);
        return mapped(x, (value, c) => Math.fround(value * scale[c]) + shift[c]);
      }
      case "activation":
      case "relu":
        if (!isSign(operation, network.activation)) return mapped(x, value => (value < 0 ? 0 : value));
        onSign?.(x, x.nearZero ?? 0);
        return mapped(x, signOfActivation);
      case "maxpool":
        return maxPool(x, operation);
      case "avgpool":
        return mean(x);
      case "flatten":
        return x;
      case "residual": {
        const main = operation.main.reduce(run, x);
        const shortcut = operation.shortcut.reduce(run, x);
        return mapped(main, (value, _, i) => value + shortcut.values[i]);
      }
    }
  };
  const operations = settled(network.operations, network.image, network.activation);
  return operations.reduce(run, {h, w, channels, values: image}).values;
}

/** Sums that are zero but for rounding are 0. */
function withZeros(x: Activations, nearZero: number): Activations {
  return {...mapped(x, value => (Math.abs(value) <= nearZero ? 0 : value)), nearZero};
}

function mapped(
  {h, w, channels, values}: Activations,
  change: (value: number, channel: number, index: number) => number,
): Activations {
  return {h, w, channels, values: values.map((value, i) => change(value, i % channels, i))};
}

/** y = α · Σ over kept inputs of ±x, zeros outside the image; the order of the sum is sumOrder.ts's. */
function convolve(
  x: Activations,
  {shape, signs, gain}: BinaryLayer,
  {name, stride, pad}: Extract<Operation, {op: "conv"}>,
): Activations {
  const [kernel, , channels, filters] = shape;
  const [h, w] = windowGrid(x, {size: kernel, stride, pad}, name);
  const block = channelBlock(kernel, stride);
  const blocks = Array.from({length: Math.ceil(channels / block)}, (_, b) => {
    const inBlock = (input: number): boolean => Math.floor((input % channels) / block) === b;
    return keptInputs(signs, filters).map(({plus, minus}) => ({
      plus: plus.filter(inBlock),
      minus: minus.filter(inBlock),
    }));
  });
  const values = new Float32Array(h * w * filters);
  for (let y = 0; y < h; y++) {
    for (let column = 0; column < w; column++) {
      const input = (index: number): number => {
        const tap = Math.floor(index / channels);
        const i = y * stride + Math.floor(tap / kernel) - pad;
        const j = column * stride + (tap % kernel) - pad;
        const inside = i >= 0 && i < x.h && j >= 0 && j < x.w;
        return inside ? x.values[(i * x.w + j) * channels + (index % channels)] : 0;
      };
      for (let f = 0; f < filters; f++) {
        const sum = blocks.reduce((total, lists) => Math.fround(total + sumOfPairs(lists[f], input)), 0);
        values[(y * w + column) * filters + f] = sum * Math.fround(gain);
      }
    }
  }
  return {h, w, channels: filters, values};
}

/** Features are taken channel by channel. */
function dense(x: Activations, {shape, signs, gain}: BinaryLayer): Activations {
  const [, units] = shape;
  const pixels = x.h * x.w;
  const place = (i: number): number => (i % x.channels) * pixels + Math.floor(i / x.channels);
  const features = new Float32Array(x.values.length);
  x.values.forEach((value, i) => {
    features[place(i)] = value;
  });
  const sums = keptInputs(signs, units, place).map(lists => sumInFours(lists, features) * Math.fround(gain));
  return {h: 1, w: 1, channels: units, values: Float32Array.from(sums)};
}

function maxPool(x: Activations, window: Window): Activations {
  const {size, stride, pad} = window;
  const [h, w] = windowGrid(x, window, "max-pooling");
  const values = new Float32Array(h * w * x.channels).fill(Number.NEGATIVE_INFINITY);
  for (let at = 0; at < values.length; at++) {
    const c = at % x.channels;
    const [y, column] = [Math.floor(at / x.channels / w), Math.floor(at / x.channels) % w];
    for (let i = Math.max(0, y * stride - pad); i < Math.min(x.h, y * stride - pad + size); i++) {
      for (let j = Math.max(0, column * stride - pad); j < Math.min(x.w, column * stride - pad + size); j++) {
        values[at] = Math.max(values[at], x.values[(i * x.w + j) * x.channels + c]);
      }
    }
  }
  return {h, w, channels: x.channels, values};
}

/** The mean over height and width, summed row by row. */
function mean(x: Activations): Activations {
  const values = new Float32Array(x.channels);
  x.values.forEach((value, i) => {
    values[i % x.channels] += value;
  });
  return {h: 1, w: 1, channels: x.channels, values: values.map(sum => sum / (x.h * x.w))};
}
