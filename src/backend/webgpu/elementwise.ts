import type * as tf from "@tensorflow/tfjs";
import type {WebgpuBackend} from "./device";
import {dispatch, oneThreadEach, sizeOf} from "./dispatch";

const THREADS = 256;

export interface Elementwise {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** WGSL for the element i: inputs and outputs are arrays of float32 by those names. */
  readonly each: string;
}

/** One thread an element; outputs have the first input's shape. */
export function elementwise(
  backend: WebgpuBackend,
  {name, inputs, outputs, each}: Elementwise,
  given: readonly tf.TensorInfo[],
): tf.TensorInfo[] {
  const n = sizeOf(given[0]);
  const made = outputs.map(() => backend.makeTensorInfo(given[0].shape, "float32"));
  const bindings = [...inputs, ...outputs].map((tensor, i) => {
    const access = i < inputs.length ? "read" : "read_write";
    return `@group(0) @binding(${i}) var<storage, ${access}> ${tensor}: array<f32>;`;
  });
  const code = oneThreadEach(THREADS, bindings.join("\n"), `arrayLength(&${outputs[0]})`, each);
  dispatch(backend, {name, code, tensors: [...given, ...made], groups: Math.ceil(n / THREADS)});
  return made;
}
