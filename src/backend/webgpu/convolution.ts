import {matrixFactor} from "./matMul";
import type {Factor, Product} from "./product";

/** A convolution's sizes, as tf.backend_util.computeConv2DInfo gives them; NHWC, dilation 1, one group. */
export interface Convolution {
  readonly batchSize: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padInfo: {readonly top: number; readonly left: number};
}

/** A convolution or a gradient of it as a product, and the shape that the product's result has. */
export interface ConvolutionProduct {
  readonly name: string;
  readonly shape: number[];
  readonly product: Product;
}

/** y[n,i,j,o] = Σ x[n, s·i + a − p, s·j + b − p, c] · w[a,b,c,o]: patches [n·i·j, a·b·c] times filters [a·b·c, o]. */
export function forward(c: Convolution): ConvolutionProduct {
  const {batchSize, outHeight, outWidth, outChannels} = c;
  const [rows, terms] = [batchSize * outHeight * outWidth, patchSize(c)];
  const b = matrixFactor("b", {across: outChannels, along: terms, acrossLast: true});
  return {
    name: "Conv2D",
    shape: [batchSize, outHeight, outWidth, outChannels],
    product: {rows, columns: outChannels, terms, a: patchesAlong(c, rows), b},
  };
}

/** dw[a,b,c,o] = Σ x[n, s·i + a − p, s·j + b − p, c] · dy[n,i,j,o]: patches transposed times dy. */
export function filterGradient(c: Convolution): ConvolutionProduct {
  const {batchSize, outHeight, outWidth, outChannels, filterHeight, filterWidth, inChannels} = c;
  const terms = batchSize * outHeight * outWidth;
  const b = matrixFactor("b", {across: outChannels, along: terms, acrossLast: true});
  return {
    name: "Conv2DBackpropFilter",
    shape: [filterHeight, filterWidth, inChannels, outChannels],
    product: {rows: patchSize(c), columns: outChannels, terms, a: patchesAcross(c), b},
  };
}

/** dx[n,y,x,c] = Σ dy[n,i,j,o] · w[a,b,c,o] over s·i + a − p = y, s·j + b − p = x. */
export function inputGradient(c: Convolution): ConvolutionProduct {
  const {batchSize, inHeight, inWidth, inChannels, filterHeight, filterWidth, outChannels} = c;
  const rows = batchSize * inHeight * inWidth;
  const terms = filterHeight * filterWidth * outChannels;
  return {
    name: "Conv2DBackpropInput",
    shape: [batchSize, inHeight, inWidth, inChannels],
    product: {rows, columns: inChannels, terms, a: gradientsAlong(c, rows), b: filtersAlong(c)},
  };
}

function patchSize({filterHeight, filterWidth, inChannels}: Convolution): number {
  return filterHeight * filterWidth * inChannels;
}

/** Row (n, i, j) and term (a, b, c) of the patches of x. */
function patchesAlong(c: Convolution, rows: number): Factor {
  const {inHeight, inWidth, inChannels, outHeight, outWidth} = c;
  const {filterWidth, strideHeight, strideWidth, padInfo} = c;
  return {
    contiguous: "along",
    load: `
@group(0) @binding(0) var<storage, read> x: array<f32>;
fn aAt(row: u32) -> vec3<i32> {
  if (row >= ${rows}u) { return vec3<i32>(0, -1000000, 0); }
  let i = row / ${outWidth}u % ${outHeight}u;
  let j = row % ${outWidth}u;
  let image = row / ${outHeight * outWidth}u;
  return vec3<i32>(i32(image * ${inHeight * inWidth * inChannels}u),
    i32(i * ${strideHeight}u) - ${padInfo.top}, i32(j * ${strideWidth}u) - ${padInfo.left});
}
fn a1(at: vec3<i32>, term: u32) -> f32 {
  let y = at.y + i32(term / ${filterWidth * inChannels}u);
  let column = at.z + i32(term / ${inChannels}u % ${filterWidth}u);
  if (y < 0 || y >= ${inHeight} || column < 0 || column >= ${inWidth}) { return 0.0; }
  return x[u32(at.x + (y * ${inWidth} + column) * ${inChannels}) + term % ${inChannels}u];
}`,
  };
}

/** The same patches the other way round: pixel (n, i, j) along, (a, b, c) across. */
function patchesAcross(c: Convolution): Factor {
  const {inHeight, inWidth, inChannels, outHeight, outWidth} = c;
  const {filterWidth, strideHeight, strideWidth, padInfo} = c;
  const whole = inChannels % 4 === 0;
  const place = `
  let row = i32(pixel / ${outWidth}u % ${outHeight}u * ${strideHeight}u + entry / ${filterWidth * inChannels}u) - ${padInfo.top};
  let column = i32(pixel % ${outWidth}u * ${strideWidth}u + entry / ${inChannels}u % ${filterWidth}u) - ${padInfo.left};
  let within = entry < ${patchSize(c)}u && row >= 0 && row < ${inHeight} && column >= 0 && column < ${inWidth};
  let at = ((pixel / ${outHeight * outWidth}u * ${inHeight}u + u32(row)) * ${inWidth}u + u32(column)) * ${inChannels}u + entry % ${inChannels}u;`;
  const load = whole
    ? `
@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
fn a4(pixel: u32, entry: u32) -> vec4<f32> {${place}
  if (!within) { return vec4<f32>(); }
  return x[at / 4u];
}`
    : `
@group(0) @binding(0) var<storage, read> x: array<f32>;
fn one(pixel: u32, entry: u32) -> f32 {${place}
  if (!within) { return 0.0; }
  return x[at];
}
fn a4(pixel: u32, entry: u32) -> vec4<f32> {
  return vec4<f32>(one(pixel, entry), one(pixel, entry + 1u), one(pixel, entry + 2u), one(pixel, entry + 3u));
}`;
  return {contiguous: "across", load};
}

/** Row (n, y, x) and term (a, b, o) of dy, 0 where no window with stride s holds the pixel at (a, b). */
function gradientsAlong(c: Convolution, rows: number): Factor {
  const {inHeight, inWidth, outHeight, outWidth, outChannels} = c;
  const {filterWidth, strideHeight, strideWidth, padInfo} = c;
  const strided = strideHeight > 1 || strideWidth > 1;
  return {
    contiguous: "along",
    load: `
@group(0) @binding(0) var<storage, read> dy: array<f32>;
fn aAt(row: u32) -> vec3<i32> {
  if (row >= ${rows}u) { return vec3<i32>(0, -1000000, 0); }
  let image = row / ${inHeight * inWidth}u;
  return vec3<i32>(i32(image * ${outHeight * outWidth * outChannels}u),
    i32(row / ${inWidth}u % ${inHeight}u) + ${padInfo.top}, i32(row % ${inWidth}u) + ${padInfo.left});
}
fn a1(at: vec3<i32>, term: u32) -> f32 {
  ${strided ? "var" : "let"} i = at.y - i32(term / ${filterWidth * outChannels}u);
  ${strided ? "var" : "let"} j = at.z - i32(term / ${outChannels}u % ${filterWidth}u);
  if (i < 0 || j < 0) { return 0.0; }
${
  strided
    ? `  if (i % ${strideHeight} != 0 || j % ${strideWidth} != 0) { return 0.0; }
  i /= ${strideHeight};
  j /= ${strideWidth};`
    : ""
}
  if (i >= ${outHeight} || j >= ${outWidth}) { return 0.0; }
  return dy[u32(at.x + (i * ${outWidth} + j) * ${outChannels}) + term % ${outChannels}u];
}`,
  };
}

/** Channel c across, (a, b, o) along, of filters [a, b, c, o]. */
function filtersAlong({inChannels, outChannels}: Convolution): Factor {
  return {
    contiguous: "along",
    load: `
@group(0) @binding(1) var<storage, read> w: array<f32>;
fn bAt(channel: u32) -> vec3<i32> {
  return vec3<i32>(select(-1, i32(channel * ${outChannels}u), channel < ${inChannels}u), 0, 0);
}
fn b1(at: vec3<i32>, term: u32) -> f32 {
  if (at.x < 0) { return 0.0; }
  return w[term / ${outChannels}u * ${inChannels * outChannels}u + u32(at.x) + term % ${outChannels}u];
}`,
  };
}
