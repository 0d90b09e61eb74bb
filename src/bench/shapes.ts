import {loadavg} from "node:os";
import * as tf from "@tensorflow/tfjs";
import {type Arithmetic, arithmeticOf} from "../backend/arithmetic";
import {backendInfo} from "../backend/backend";
import {UserError} from "../core/errors";
import type {Precision} from "../core/precision";
import {processorFlags, processorName} from "../system/processorAbout";
import {gemmPeak, gemmPeakBfloat16} from "./gemmPeak";
import {interleaved} from "./interleaved";
import type {Direction, LayerShape, ShapeRow, ShapesReport} from "./shapesReport";

/** A fifth of standard normal numbers are further from 0. */
const TWENTY_PERCENT = 1.2816;

export interface ShapesOptions {
  readonly batch: number;
  readonly precisions: readonly Precision[];
  readonly rounds: number;
  readonly turnMs: number;
  /** Side of the matrices behind the GEMM peaks. */
  readonly gemmSize: number;
  readonly signal?: AbortSignal;
  readonly onShape?: (shape: LayerShape, precision: Precision) => void;
}

const features = /^(avx2|fma|avx512\w*|avx_vnni|amx_\w+)$/;
/** Of each of the three arrays whose sum tells the bandwidth: more than a cache holds. */
const BANDWIDTH_BYTES = 2 ** 27;

/** Each shape in each direction, in each precision: how near to the machine's peak, how near to its bandwidth. */
export async function benchShapes(
  shapes: readonly LayerShape[],
  options: ShapesOptions,
): Promise<ShapesReport> {
  const {backend, threads, version, kernels} = backendInfo();
  if (backend !== "tensorflow")
    throw new UserError(`shapes are timed on the backend tensorflow (this is ${backend})`);
  const {batch, precisions, gemmSize, signal} = options;
  const loadBefore = loadavg()[0];
  const gemmGflops: Partial<Record<Precision, number>> = {};
  for (const precision of precisions) {
    const peak = precision === "float32" ? gemmPeak : gemmPeakBfloat16;
    gemmGflops[precision] = await peak(gemmSize, {signal});
  }
  const bandwidth = await measureBandwidth(options);
  const rows: ShapeRow[] = [];
  for (const precision of precisions) {
    for (const shape of shapes) {
      options.onShape?.(shape, precision);
      const times = await timesOf(shape, arithmeticOf(precision), options);
      for (const [direction, ms] of times) {
        const {first, ...described} = shape;
        const gflops = flopsOf(shape, batch) / (ms * 1e6);
        const shareOfPeak = gflops / gemmGflops[precision]!;
        const shareOfBandwidth = bytesOf(shape, batch) / (ms * 1e6) / bandwidth;
        rows.push({...described, direction, precision, ms, gflops, shareOfPeak, shareOfBandwidth});
      }
    }
  }
  const flags = processorFlags()
    .split(/\s+/)
    .filter(flag => features.test(flag));
  const machine = {
    ...{cpu: processorName().trim(), features: flags, threads, version, kernels},
    ...{gemmGflops, bandwidth, loadBefore},
  };
  return {machine, batch, rows};
}

function outputSide(side: number, {kernel, stride, pad}: LayerShape): number {
  return Math.floor((side + 2 * pad - kernel) / stride) + 1;
}

function outputSize(shape: LayerShape, batch: number): number {
  const [height, width] = shape.input;
  return batch * outputSide(height, shape) * outputSide(width, shape) * shape.outputs;
}

function flopsOf(shape: LayerShape, batch: number): number {
  return 2 * shape.kernel ** 2 * shape.input[2] * outputSize(shape, batch);
}

function bytesOf(shape: LayerShape, batch: number): number {
  const {input, kernel, outputs} = shape;
  const filters = kernel ** 2 * input[2] * outputs;
  return 4 * (batch * input[0] * input[1] * input[2] + filters + outputSize(shape, batch));
}

async function timesOf(
  shape: LayerShape,
  arithmetic: Arithmetic,
  {batch, rounds, turnMs, signal}: ShapesOptions,
): Promise<[Direction, number][]> {
  const {input, outputs, kernel, first} = shape;
  const random = (...sides: number[]): tf.Tensor => tf.randomNormal(sides, 0, 1, "float32", 1);
  const operands = tf.tidy(() => {
    const sides: [number, number] = [shape.pad, shape.pad];
    const image = random(batch, ...input) as tf.Tensor4D;
    const bordered = adjacent(shape) ? image : image.pad([[0, 0], sides, sides, [0, 0]]);
    // A ticket's, 0 and ±1 at k = 0.2, for some forms serve no others.
    const filter = tf.tidy(() => {
      const drawn = random(kernel, kernel, input[2], outputs);
      return tf.mul(tf.sign(drawn), tf.greater(tf.abs(drawn), TWENTY_PERCENT).toFloat()) as tf.Tensor4D;
    });
    const x = (shape.dense ? image.reshape([batch, input[2]]) : bordered) as tf.Tensor4D;
    const w = (shape.dense ? filter.reshape([input[2], outputs]) : filter) as tf.Tensor4D;
    // Not ones: of signs alone a product in whole numbers is exact, and float32 takes it.
    return {x, w, dy: random(...directions(shape, {x, w, dy: x}).forward().shape)};
  });
  const runs = directions(shape, operands);
  // The image needs no gradient, and the forward pass of `bfloat16` is float32's.
  const left = first ? "input gradient" : undefined;
  const float = arithmetic.precision === "bfloat16" ? "forward" : undefined;
  const names = (Object.keys(runs) as Direction[]).filter(name => name !== left && name !== float);
  const contenders = names.map(name => ({
    run: () => arithmetic.run(() => runs[name]()).dispose(),
    threads: true,
  }));
  try {
    const turns = await interleaved(contenders, {rounds, turnMs, signal});
    return names.map((name, i) => [name, turns[i].shortest]);
  } finally {
    tf.dispose(operands);
  }
}

/** Whether TensorFlow's own border of zeros serves. */
function adjacent({kernel, stride, pad}: LayerShape): boolean {
  return stride === 1 && 2 * pad + 1 === kernel;
}

function directions(
  shape: LayerShape,
  {x, w, dy}: {readonly x: tf.Tensor4D; readonly w: tf.Tensor4D; readonly dy: tf.Tensor},
): Record<Direction, () => tf.Tensor> {
  if (shape.dense) {
    return {
      forward: () => tf.matMul(x, w),
      "input gradient": () => tf.matMul(dy, w, false, true),
      "filter gradient": () => tf.matMul(x, dy, true, false),
    };
  }
  const pad = adjacent(shape) ? "same" : "valid";
  const attributes = {strides: shape.stride, pad, dataFormat: "NHWC"};
  const kernel = (name: string, inputs: tf.NamedTensorMap, more: object): tf.Tensor =>
    tf.engine().runKernel(name, inputs, {...attributes, ...more} as unknown as tf.NamedAttrMap) as tf.Tensor;
  return {
    forward: () => tf.conv2d(x, w, shape.stride, pad),
    "input gradient": () => kernel("Conv2DBackpropInput", {dy, filter: w}, {inputShape: x.shape}),
    "filter gradient": () => kernel("Conv2DBackpropFilter", {x, dy}, {filterShape: w.shape}),
  };
}

/** Gigabytes a second of a sum of two arrays: two read, one written. */
async function measureBandwidth({rounds, turnMs, signal}: ShapesOptions): Promise<number> {
  const array = tf.ones([BANDWIDTH_BYTES / 4]);
  const other = tf.ones([BANDWIDTH_BYTES / 4]);
  try {
    const sum = {run: () => tf.add(array, other).dispose(), threads: true};
    const [{shortest}] = await interleaved([sum], {rounds, turnMs, signal});
    return (3 * BANDWIDTH_BYTES) / (shortest * 1e6);
  } finally {
    tf.dispose([array, other]);
  }
}
