import * as tf from "@tensorflow/tfjs";
import type {MaxPoolGradientAttributes} from "../maxPoolGradient";
import type {WebgpuBackend} from "./device";
import {dispatch, oneThreadEach, sizeOf} from "./dispatch";

const THREADS = 256;

function pooled(
  backend: WebgpuBackend,
  name: string,
  n: number,
  bindings: string,
  body: string,
  tensors: tf.TensorInfo[],
): void {
  const code = oneThreadEach(THREADS, bindings, `${n}u`, body);
  dispatch(backend, {name, code, tensors, groups: Math.ceil(n / THREADS)});
}

const POOLING = `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;`;
const GRADIENT = `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;`;

/** The window a b over e f that an entry of the result has, in rows of `width` pixels. */
function window(width: number, channels: number): string {
  return `
  let channel = i % ${channels}u;
  let column = i / ${channels}u % ${width / 2}u;
  let upper = ((i / ${(channels * width) / 2}u * 2u) * ${width}u + column * 2u) * ${channels}u + channel;
  let lower = upper + ${width * channels}u;
  let a = x[upper];
  let b = x[upper + ${channels}u];
  let e = x[lower];
  let f = x[lower + ${channels}u];`;
}

/** 2×2 max-pooling with stride 2 on even sides, NHWC, ReLU behind it or not. Twin: kernels/cpu/maxPool.cc. */
export function maxPool2(backend: WebgpuBackend, x: tf.TensorInfo, relu: boolean): tf.TensorInfo {
  const [batch, height, width, channels] = x.shape;
  const y = backend.makeTensorInfo([batch, height / 2, width / 2, channels], "float32");
  const body = `${window(width, channels)}
  let largest = max(max(a, b), max(e, f));
  y[i] = ${relu ? "max(largest, 0.0)" : "largest"};`;
  pooled(backend, "MaxPool2", sizeOf(y), POOLING, body, [x, y]);
  return y;
}

/** Its gradient: to the first maximum of each window in row-major order, and where ReLU lets it through. */
export function maxPool2Gradient(
  backend: WebgpuBackend,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  relu: boolean,
): tf.TensorInfo {
  const [, , width, channels] = x.shape;
  const dx = backend.makeTensorInfo(x.shape, "float32");
  const body = `${window(width, channels)}
  let top = max(a, b);
  let bottom = max(e, f);
  let d = ${relu ? "select(0.0, dy[i], max(top, bottom) > 0.0)" : "dy[i]"};
  let up = top >= bottom;
  dx[upper] = select(0.0, d, up && a >= b);
  dx[upper + ${channels}u] = select(0.0, d, up && !(a >= b));
  dx[lower] = select(0.0, d, !up && e >= f);
  dx[lower + ${channels}u] = select(0.0, d, !up && !(e >= f));`;
  pooled(backend, "MaxPool2Grad", sizeOf(dy), GRADIENT, body, [x, dy, dx]);
  return dx;
}

/** The gradient of any max-pooling: each dL/dy goes to the first maximum of its window. Twin: backend/maxPoolGradient. */
export function maxPoolGradient(
  backend: WebgpuBackend,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  {filterSize, strides, pad, dimRoundingMode}: MaxPoolGradientAttributes,
): tf.TensorInfo {
  const shape = x.shape as [number, number, number, number];
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const {inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, padInfo} = info;
  const {strideHeight, strideWidth} = info;
  const {top, left} = padInfo;
  const dx = backend.makeTensorInfo(x.shape, "float32");
  // One thread an entry of x: it asks each window that holds it whether it is that window's first maximum.
  const body = `
  let channel = i % ${inChannels}u;
  let column = i / ${inChannels}u % ${inWidth}u;
  let row = i / ${inChannels * inWidth}u % ${inHeight}u;
  let image = i / ${inChannels * inWidth * inHeight}u;
  // Windows with s · oy ≤ row + top < s · oy + height.
  let y1 = min((row + ${top}u) / ${strideHeight}u, ${outHeight - 1}u);
  let x1 = min((column + ${left}u) / ${strideWidth}u, ${outWidth - 1}u);
  var y0 = 0u;
  var x0 = 0u;
  if (row + ${top + 1}u > ${filterHeight}u) { y0 = (row + ${top + strideHeight}u - ${filterHeight}u) / ${strideHeight}u; }
  if (column + ${left + 1}u > ${filterWidth}u) { x0 = (column + ${left + strideWidth}u - ${filterWidth}u) / ${strideWidth}u; }
  let mine = x[i];
  var sum = 0.0;
  for (var oy = y0; oy <= y1; oy++) {
    for (var ox = x0; ox <= x1; ox++) {
      var first = true;
      for (var a = 0u; a < ${filterHeight}u; a++) {
        for (var b = 0u; b < ${filterWidth}u; b++) {
          let r = i32(oy * ${strideHeight}u + a) - ${top};
          let c = i32(ox * ${strideWidth}u + b) - ${left};
          if (r >= 0 && c >= 0 && r < ${inHeight} && c < ${inWidth}) {
            let at = ((image * ${inHeight}u + u32(r)) * ${inWidth}u + u32(c)) * ${inChannels}u + channel;
            if (x[at] > mine || (x[at] == mine && at < i)) { first = false; }
          }
        }
      }
      if (first) { sum += dy[((image * ${outHeight}u + oy) * ${outWidth}u + ox) * ${inChannels}u + channel]; }
    }
  }
  dx[i] = sum;`;
  pooled(backend, "MaxPoolGrad", sizeOf(x), GRADIENT, body, [x, dy, dx]);
  return dx;
}
