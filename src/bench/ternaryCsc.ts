// The usual kernel for sparse ternary matrices, for comparison: columns of indices, those of +1 and those of −1, and for
// each output one gathered sum over either. Convolutions are products with the windows laid out as rows (im2col).

import {UserError} from "../core/errors";
import {type BinaryLayer, type BinaryNetwork, isRelu, layerNamed, normNamed} from "../infer/network";
import {sparseDense} from "../infer/wasm/denseLayer";
import {floatRow} from "../infer/wasm/floatPlanes";
import {Machine} from "../infer/wasm/kernels";
import {windowGrid} from "../network/geometry";
import type {Operation} from "../network/operations";

/** One image's values, NHWC. */
export interface Value {
  readonly h: number;
  readonly w: number;
  readonly channels: number;
  readonly values: Float32Array;
}

/** Called with the result of every operation, by its place: "3", or "3.main.1" within a residual. */
export type Observe = (place: string, value: Value) => void;

export interface TernaryCsc {
  /** Logits [count, classes] of normalised images [count, h, w, c]. */
  logits(images: Float32Array, count: number, observe?: Observe): Float32Array;
}

/** MPT-1/32 on compressed sparse columns of signs, gathered by WebAssembly. UserError for binary activations. */
export function ternaryCsc(network: BinaryNetwork, kernels: WebAssembly.Module): TernaryCsc {
  if (network.activation !== "relu")
    throw new UserError("compressed sparse columns are timed with real activations");
  const machine = new Machine(kernels);
  const products = new Map<string, Product>();
  const productOf = (name: string, width: number, layer: BinaryLayer, channels: number): Product => {
    const made = products.get(name) ?? product(machine, width, layer, channels);
    products.set(name, made);
    return made;
  };
  const [h, w, channels] = network.image;
  const logits = (image: Float32Array, observe: Observe): Float32Array => {
    const through = (operations: readonly Operation[], input: Value, at: string): Value =>
      operations.reduce((value, operation, i) => {
        const result = after(value, operation, `${at}${i}`);
        observe(`${at}${i}`, result);
        return result;
      }, input);
    const after = (x: Value, operation: Operation, at: string): Value => {
      switch (operation.op) {
        case "conv":
          return convolve(x, operation, layerNamed(network, operation.name), productOf);
        case "dense":
          return dense(x, layerNamed(network, operation.name), operation.name, productOf);
        case "batchnorm": {
          const {scale, shift} = normNamed(network, operation.name);
          return mapped(x, (value, c) => Math.fround(value * scale[c]) + shift[c]);
        }
        case "activation":
        case "relu":
          return isRelu(operation, "relu") ? mapped(x, value => (value < 0 ? 0 : value)) : x;
        case "maxpool":
          return maxPool(x, operation);
        case "avgpool":
          return mean(x);
        case "flatten":
          return x;
        case "residual": {
          const main = through(operation.main, x, `${at}.main.`).values;
          const shortcut = through(operation.shortcut, x, `${at}.shortcut.`);
          return {...shortcut, values: shortcut.values.map((value, i) => value + main[i])};
        }
      }
    };
    return through(network.operations, {h, w, channels, values: image}, "").values;
  };
  return {
    logits: (images, count, observe = () => {}) => {
      const size = images.length / count;
      const rows = Array.from({length: count}, (_, i) =>
        logits(images.subarray(i * size, (i + 1) * size), observe),
      );
      const all = new Float32Array(count * rows[0].length);
      rows.forEach((row, i) => void all.set(row, i * row.length));
      return all;
    },
  };
}

/** Rows of inputs times one matrix of signs. */
interface Product {
  /** The inputs of row i, to be filled in. */
  readonly row: (i: number) => Float32Array;
  /** The sums of the first `rows` rows, [rows][outputs], times the gain, into `to` from `at` on. */
  readonly multiply: (rows: number, to: Float32Array, at: number) => void;
}

type ProductOf = (name: string, rows: number, layer: BinaryLayer, channels: number) => Product;

function product(
  machine: Machine,
  rows: number,
  {shape, signs, gain}: BinaryLayer,
  channels: number,
): Product {
  const outputs = shape[shape.length - 1];
  const inputs = signs.length / outputs;
  const [x, y] = [floatRow(machine, rows, inputs), floatRow(machine, rows, outputs)];
  const flat = {shape: [inputs, outputs], signs, gain};
  const run = sparseDense(machine, {...x, channels, pixels: inputs / channels}, flat, y);
  const factor = Math.fround(gain);
  return {
    row: i => machine.floats(x.at + i * x.imageBytes, inputs),
    multiply: (count, to, at) => {
      for (let i = 0; i < count; i++) {
        run(i);
        const sums = machine.floats(y.at + i * y.imageBytes, outputs);
        for (let o = 0; o < outputs; o++) to[at + i * outputs + o] = sums[o] * factor;
      }
    },
  };
}

function convolve(
  x: Value,
  {name, stride, pad}: Extract<Operation, {op: "conv"}>,
  layer: BinaryLayer,
  productOf: ProductOf,
): Value {
  const [kernel, , channels, filters] = layer.shape;
  const [h, w] = windowGrid(x, {size: kernel, stride, pad}, name);
  const {row, multiply} = productOf(name, w, layer, kernel * kernel * channels);
  const values = new Float32Array(h * w * filters);
  for (let y = 0; y < h; y++) {
    for (let column = 0; column < w; column++) {
      const inputs = row(column);
      const left = column * stride - pad;
      const [first, end] = [Math.max(0, left), Math.min(x.w, left + kernel)];
      for (let ky = 0; ky < kernel; ky++) {
        const i = y * stride + ky - pad;
        const at = ky * kernel * channels;
        inputs.fill(0, at, at + kernel * channels);
        if (i < 0 || i >= x.h) continue;
        const pixels = x.values.subarray((i * x.w + first) * channels, (i * x.w + end) * channels);
        inputs.set(pixels, at + (first - left) * channels);
      }
    }
    multiply(w, values, y * w * filters);
  }
  return {h, w, channels: filters, values};
}

/** Features are taken channel by channel, as the engines do. */
function dense(x: Value, layer: BinaryLayer, name: string, productOf: ProductOf): Value {
  const {row, multiply} = productOf(name, 1, layer, x.channels);
  const pixels = x.h * x.w;
  const inputs = row(0);
  for (let c = 0, to = 0; c < x.channels; c++) {
    for (let pixel = 0; pixel < pixels; pixel++) inputs[to++] = x.values[pixel * x.channels + c];
  }
  const values = new Float32Array(layer.shape[1]);
  multiply(1, values, 0);
  return {h: 1, w: 1, channels: values.length, values};
}

function mapped({values, ...shape}: Value, change: (value: number, channel: number) => number): Value {
  const {channels} = shape;
  const to = new Float32Array(values.length);
  for (let i = 0; i < values.length; ) for (let c = 0; c < channels; c++, i++) to[i] = change(values[i], c);
  return {...shape, values: to};
}

function maxPool(x: Value, window: Extract<Operation, {op: "maxpool"}>): Value {
  const {size, stride, pad} = window;
  const {channels} = x;
  const [h, w] = windowGrid(x, window, "max-pooling");
  const values = new Float32Array(h * w * channels).fill(Number.NEGATIVE_INFINITY);
  for (let y = 0; y < h; y++) {
    for (let column = 0; column < w; column++) {
      const to = (y * w + column) * channels;
      for (let i = Math.max(0, y * stride - pad); i < Math.min(x.h, y * stride - pad + size); i++) {
        for (
          let j = Math.max(0, column * stride - pad);
          j < Math.min(x.w, column * stride - pad + size);
          j++
        ) {
          const from = (i * x.w + j) * channels;
          for (let c = 0; c < channels; c++) {
            if (x.values[from + c] > values[to + c]) values[to + c] = x.values[from + c];
          }
        }
      }
    }
  }
  return {h, w, channels, values};
}

function mean({h, w, channels, values}: Value): Value {
  const sums = new Float32Array(channels);
  for (let i = 0; i < values.length; ) for (let c = 0; c < channels; c++, i++) sums[c] += values[i];
  return {h: 1, w: 1, channels, values: sums.map(sum => sum / (h * w))};
}
