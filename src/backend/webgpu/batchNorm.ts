import type * as tf from "@tensorflow/tfjs";
import type {WebgpuBackend} from "./device";
import {dispatch, GROUP, main, oneThreadEach, sizeOf} from "./dispatch";

/** A group sums 32 channels over its rows, 8 rows at a time. */
const CHANNELS = 32;
const ROWS = 8;
const THREADS = CHANNELS * ROWS;
const MANY_GROUPS = 512;
/** Least rows that a group sums. */
const LEAST_ROWS = 64;

interface Shape {
  readonly rows: number;
  readonly channels: number;
  /** Parts that the rows are summed in, and rows of a part. */
  readonly parts: number;
  readonly each: number;
}

function shapeOf(x: tf.TensorInfo, channels: number): Shape {
  const rows = sizeOf(x) / channels;
  const most = Math.max(1, Math.floor(MANY_GROUPS / Math.ceil(channels / CHANNELS)));
  const each = Math.max(LEAST_ROWS, ROWS * Math.ceil(rows / most / ROWS));
  return {rows, channels, parts: Math.ceil(rows / each), each};
}

/** Two sums a channel over a part's rows, in a fixed order, to sums[2 · (part · channels + c)]; `add` sees row at `at`. */
function partialSums({rows, channels, parts, each}: Shape, bindings: string, add: string): string {
  const across = Math.ceil(channels / CHANNELS);
  return `
${bindings}
var<workgroup> tree: array<vec2<f32>, ${THREADS}>;
${main(THREADS)}
  let id = ${GROUP};
  if (id >= ${across * parts}u) { return; }
  let c = id % ${across}u * ${CHANNELS}u + thread % ${CHANNELS}u;
  let part = id / ${across}u;
  let end = min((part + 1u) * ${each}u, ${rows}u);
  var own = vec2<f32>();
  if (c < ${channels}u) {
    for (var row = part * ${each}u + thread / ${CHANNELS}u; row < end; row += ${ROWS}u) {
      let at = row * ${channels}u + c;
${add}
    }
  }
  tree[thread] = own;
  workgroupBarrier();
  for (var half = ${THREADS / 2}u; half >= ${CHANNELS}u; half /= 2u) {
    if (thread < half) { tree[thread] += tree[thread + half]; }
    workgroupBarrier();
  }
  if (thread < ${CHANNELS}u && c < ${channels}u) { sums[part * ${channels}u + c] = tree[thread]; }
}`;
}

/** Adds the parts of a channel in order and leaves both sums in \`total\`. */
function totals({channels, parts}: Shape, bindings: string, finish: string): string {
  return `
${bindings}
${main(64)}
  let c = (${GROUP}) * 64u + thread;
  if (c >= ${channels}u) { return; }
  var total = vec2<f32>();
  for (var part = 0u; part < ${parts}u; part++) { total += sums[part * ${channels}u + c]; }
${finish}
}`;
}

const binding = (i: number, name: string, kind = "read", type = "f32"): string =>
  `@group(0) @binding(${i}) var<storage, ${kind}> ${name}: array<${type}>;`;

function elementwiseCode({rows, channels}: Shape, bindings: string, each: string): string {
  return oneThreadEach(256, bindings, `${rows * channels}u`, `  let c = i % ${channels}u;\n${each}`);
}

/**
 * y = γ·(x − mean)·inverse + β, mean, biased variance and inverse = 1/√(variance + ε) over all axes but the last; ReLU
 * behind it or not. Sums are of x − x₀, x₀ the channel's first value, which keeps their digits. Twin: layers/normalizeBatch.
 */
export function batchNorm(
  backend: WebgpuBackend,
  [x, gamma, beta]: readonly tf.TensorInfo[],
  {epsilon, relu}: {readonly epsilon: number; readonly relu: boolean},
): tf.TensorInfo[] {
  const shape = shapeOf(x, sizeOf(gamma));
  const {rows, channels, parts} = shape;
  const [mean, variance, inverse] = [0, 1, 2].map(() => backend.makeTensorInfo([channels], "float32"));
  const y = backend.makeTensorInfo(x.shape, "float32");
  const sums = backend.makeTensorInfo([parts, channels, 2], "float32");
  const name = "BatchNorm";
  dispatch(backend, {
    name,
    code: partialSums(
      shape,
      [binding(0, "x"), binding(1, "sums", "read_write", "vec2<f32>")].join("\n"),
      "      let d = x[at] - x[c];\n      own += vec2<f32>(d, d * d);",
    ),
    tensors: [x, sums],
    groups: Math.ceil(channels / CHANNELS) * parts,
  });
  dispatch(backend, {
    name,
    code: totals(
      shape,
      [
        binding(0, "x"),
        binding(1, "sums", "read", "vec2<f32>"),
        binding(2, "mean", "read_write"),
        binding(3, "variance", "read_write"),
        binding(4, "inverse", "read_write"),
      ].join("\n"),
      `  let shift = total.x / ${rows}.0;
  let v = max(0.0, total.y / ${rows}.0 - shift * shift);
  mean[c] = x[c] + shift;
  variance[c] = v;
  inverse[c] = 1.0 / sqrt(v + ${epsilon});`,
    ),
    tensors: [x, sums, mean, variance, inverse],
    groups: Math.ceil(channels / 64),
  });
  const inputs = ["x", "mean", "inverse", "gamma", "beta"].map((each, i) => binding(i, each));
  dispatch(backend, {
    name,
    code: elementwiseCode(
      shape,
      [...inputs, binding(5, "y", "read_write")].join("\n"),
      `  let value = (x[i] - mean[c]) * inverse[c] * gamma[c] + beta[c];
  y[i] = ${relu ? "max(value, 0.0)" : "value"};`,
    ),
    tensors: [x, mean, inverse, gamma, beta, y],
    groups: Math.ceil((rows * channels) / 256),
  });
  backend.disposeData(sums.dataId);
  return [y, mean, variance, inverse];
}

/** dx = γ·inverse·(g − dβ/n − x̂·dγ/n), dγ = Σ g·x̂, dβ = Σ g; g is dy, or what ReLU lets through of it. */
export function batchNormGradient(
  backend: WebgpuBackend,
  [dy, x, gamma, beta, mean, inverse]: readonly tf.TensorInfo[],
  relu: boolean,
): tf.TensorInfo[] {
  const shape = shapeOf(x, sizeOf(gamma));
  const {rows, channels, parts} = shape;
  const [dGamma, dBeta] = [0, 1].map(() => backend.makeTensorInfo([channels], "float32"));
  const dx = backend.makeTensorInfo(x.shape, "float32");
  const sums = backend.makeTensorInfo([parts, channels, 2], "float32");
  // dβ/n and dγ/n of a channel in one array: eight buffers is what every adapter binds.
  const means = backend.makeTensorInfo([2 * channels], "float32");
  const name = "BatchNormGrad";
  const read = ["dy", "x", "mean", "inverse", ...(relu ? ["gamma", "beta"] : [])];
  const given: Readonly<Record<string, tf.TensorInfo>> = {dy, x, gamma, beta, mean, inverse};
  const through = (at: string): string => `
  let xHat = (x[${at}] - mean[c]) * inverse[c];
  let g = ${relu ? `select(0.0, dy[${at}], xHat * gamma[c] + beta[c] > 0.0)` : `dy[${at}]`};`;
  dispatch(backend, {
    name,
    code: partialSums(
      shape,
      [
        ...read.map((each, i) => binding(i, each)),
        binding(read.length, "sums", "read_write", "vec2<f32>"),
      ].join("\n"),
      `${through("at")}\n      own += vec2<f32>(g * xHat, g);`,
    ),
    tensors: [...read.map(each => given[each]), sums],
    groups: Math.ceil(channels / CHANNELS) * parts,
  });
  dispatch(backend, {
    name,
    code: totals(
      shape,
      [
        binding(0, "sums", "read", "vec2<f32>"),
        binding(1, "dGamma", "read_write"),
        binding(2, "dBeta", "read_write"),
        binding(3, "means", "read_write"),
      ].join("\n"),
      `  dGamma[c] = total.x;
  dBeta[c] = total.y;
  means[c] = total.y / ${rows}.0;
  means[${channels}u + c] = total.x / ${rows}.0;`,
    ),
    tensors: [sums, dGamma, dBeta, means],
    groups: Math.ceil(channels / 64),
  });
  const all = ["dy", "x", "mean", "inverse", "gamma", ...(relu ? ["beta"] : [])];
  const bindings = [
    ...all.map((each, i) => binding(i, each)),
    binding(all.length, "means"),
    binding(all.length + 1, "dx", "read_write"),
  ];
  dispatch(backend, {
    name,
    code: elementwiseCode(
      shape,
      bindings.join("\n"),
      `${through("i")}
  dx[i] = (g - means[c] - xHat * means[${channels}u + c]) * (gamma[c] * inverse[c]);`,
    ),
    tensors: [...all.map(each => given[each]), means, dx],
    groups: Math.ceil((rows * channels) / 256),
  });
  for (const {dataId} of [sums, means]) backend.disposeData(dataId);
  return [dx, dGamma, dBeta];
}
