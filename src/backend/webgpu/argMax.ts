import type * as tf from "@tensorflow/tfjs";
import type {WebgpuBackend} from "./device";
import {dispatch, GROUP, main} from "./dispatch";

const THREADS = 64;

/** The index of the first of the largest along an axis, as every other backend has it. One thread a result. */
export function argMax(backend: WebgpuBackend, x: tf.TensorInfo, axis: number): tf.TensorInfo {
  const product = (shape: number[]): number => shape.reduce((a, b) => a * b, 1);
  const [outer, n, inner] = [
    product(x.shape.slice(0, axis)),
    x.shape[axis],
    product(x.shape.slice(axis + 1)),
  ];
  const result = backend.makeTensorInfo([...x.shape.slice(0, axis), ...x.shape.slice(axis + 1)], "int32");
  const code = `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<i32>;
${main(THREADS)}
  let i = (${GROUP}) * ${THREADS}u + thread;
  if (i >= ${outer * inner}u) { return; }
  let begin = i / ${inner}u * ${n * inner}u + i % ${inner}u;
  var best = 0u;
  var largest = x[begin];
  for (var j = 1u; j < ${n}u; j++) {
    let value = x[begin + j * ${inner}u];
    if (value > largest) { largest = value; best = j; }
  }
  y[i] = i32(best);
}`;
  dispatch(backend, {
    name: "ArgMax",
    code,
    tensors: [x, result],
    groups: Math.ceil((outer * inner) / THREADS),
  });
  return result;
}
