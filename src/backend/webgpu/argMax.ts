import * as tf from "@tensorflow/tfjs";
import type {WebgpuBackend} from "./device";
import {dispatch, oneThreadEach} from "./dispatch";

const THREADS = 64;

/** The index of the first of the largest along an axis, as every other backend has it. One thread a result. */
export function argMax(backend: WebgpuBackend, x: tf.TensorInfo, axis: number): tf.TensorInfo {
  const [before, behind] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const [outer, n, inner] = [tf.util.sizeFromShape(before), x.shape[axis], tf.util.sizeFromShape(behind)];
  const result = backend.makeTensorInfo([...before, ...behind], "int32");
  const bindings = `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<i32>;`;
  const body = `
  let begin = i / ${inner}u * ${n * inner}u + i % ${inner}u;
  var best = 0u;
  var largest = x[begin];
  for (var j = 1u; j < ${n}u; j++) {
    let value = x[begin + j * ${inner}u];
    if (value > largest) { largest = value; best = j; }
  }
  y[i] = i32(best);`;
  dispatch(backend, {
    name: "ArgMax",
    code: oneThreadEach(THREADS, bindings, `${outer * inner}u`, body),
    tensors: [x, result],
    groups: Math.ceil((outer * inner) / THREADS),
  });
  return result;
}
