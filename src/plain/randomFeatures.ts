import {argmax} from "../core/argmax";
import {Stream} from "../core/random";
import {relu} from "./prunedLayer";
import {inputAt, type LabelledInputs} from "./trainRelu";

/** Distribution of the hidden layer's frozen weights. */
export type FeatureWeights = "normal" | "signs";

/**
 * Random features: h_j = σ(Σ_i W_ij x_i) with W drawn once and never trained, a constant 1 last; W is N(0, 1) or its
 * sign. Shape [count, features + 1].
 */
export function randomFeatures(
  data: LabelledInputs,
  options: {readonly features: number; readonly seed: number; readonly weights?: FeatureWeights},
): Float64Array {
  const {features, seed, weights = "normal"} = options;
  const sizes = new Stream(seed, "features/sizes");
  const signs = new Stream(seed, "features/signs");
  const w = Float64Array.from({length: data.width * features}, (_, i) => {
    const sign = signs.bit(i) === 1 ? -1 : 1;
    return weights === "signs" ? sign : sign * sizes.normalMagnitude(i);
  });
  const h = new Float64Array(data.labels.length * (features + 1));
  data.labels.forEach((_, row) => {
    const x = inputAt(data, row);
    const at = row * (features + 1);
    for (let i = 0; i < x.length; i++) {
      if (x[i] === 0) continue;
      for (let j = 0; j < features; j++) h[at + j] += w[i * features + j] * x[i];
    }
    for (let j = 0; j < features; j++) h[at + j] = relu(h[at + j]);
    h[at + features] = 1;
  });
  return h;
}

/**
 * The linear readout that least squares gives: V = (HᵀH + λI)⁻¹HᵀY for H of shape [count, width] and Y of shape
 * [count, outputs], by Cholesky. Shape [width, outputs].
 */
export function leastSquares(
  h: Float64Array,
  y: Float64Array,
  sizes: {readonly width: number; readonly outputs: number; readonly lambda: number},
): Float64Array {
  const {width, outputs, lambda} = sizes;
  const gram = new Float64Array(width * width);
  const right = new Float64Array(width * outputs);
  for (let row = 0; row * width < h.length; row++) {
    for (let i = 0; i < width; i++) {
      const value = h[row * width + i];
      if (value === 0) continue;
      for (let j = 0; j <= i; j++) gram[i * width + j] += value * h[row * width + j];
      for (let k = 0; k < outputs; k++) right[i * outputs + k] += value * y[row * outputs + k];
    }
  }
  for (let i = 0; i < width; i++) gram[i * width + i] += lambda;
  cholesky(gram, width);
  return solve(gram, right, width, outputs);
}

/** Per cent of rows of H whose largest entry of HV is their label. */
export function readoutAccuracy(
  h: Float64Array,
  readout: Float64Array,
  labels: Uint8Array,
  outputs: number,
): number {
  const width = readout.length / outputs;
  let correct = 0;
  labels.forEach((label, row) => {
    const y = new Float64Array(outputs);
    for (let i = 0; i < width; i++) {
      for (let k = 0; k < outputs; k++) y[k] += h[row * width + i] * readout[i * outputs + k];
    }
    if (argmax(y) === label) correct++;
  });
  return (100 * correct) / labels.length;
}

/** One row a label: 1 at its class, 0 elsewhere. */
export function oneHot(labels: Uint8Array, classes: number): Float64Array {
  const y = new Float64Array(labels.length * classes);
  labels.forEach((label, i) => {
    y[i * classes + label] = 1;
  });
  return y;
}

/** A = LLᵀ in place, in the lower triangle. */
function cholesky(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      if (i === j && !(sum > 0))
        throw new RangeError("the normal equations are singular: lambda must be larger");
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j];
    }
  }
}

/** X with LLᵀX = B. */
function solve(l: Float64Array, b: Float64Array, n: number, outputs: number): Float64Array {
  const x = b.slice();
  for (let c = 0; c < outputs; c++) {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) x[i * outputs + c] -= l[i * n + k] * x[k * outputs + c];
      x[i * outputs + c] /= l[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) x[i * outputs + c] -= l[k * n + i] * x[k * outputs + c];
      x[i * outputs + c] /= l[i * n + i];
    }
  }
  return x;
}
