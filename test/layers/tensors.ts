import * as tf from "@tensorflow/tfjs";
import type {BackendName} from "../../src/backend/backend";
import {Stream} from "../../src/core/random";

/** Native where it is set up, else WebAssembly; WebAssembly; plain JavaScript. */
export const backends: readonly (BackendName | "auto")[] = ["auto", "wasm", "cpu"];

/** What `random` has drawn already: millions of values are drawn in seconds. */
const drawn = new Map<string, Float32Array>();

/** A random tensor on (−1, 1), the same for the same name. */
export function random<T extends tf.Tensor = tf.Tensor>(shape: number[], name: string): T {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const key = `${name} ${size}`;
  if (!drawn.has(key)) {
    const stream = new Stream(1, name);
    drawn.set(
      key,
      new Float32Array(size).map((_, i) => 2 * stream.uniform(i) - 1),
    );
  }
  return tf.tensor(drawn.get(key)!.slice(), shape) as T;
}

/** The values of what `task` makes; everything is disposed. */
export function valuesOf(task: () => tf.Tensor): number[] {
  const tensor = tf.tidy(task);
  const values = [...tensor.dataSync()];
  tensor.dispose();
  return values;
}

/** A model of one or more layers in a row. */
export function sequence(...layers: tf.layers.Layer[]): tf.Sequential {
  return tf.sequential({layers});
}

/** dL/dv of L = Σ dy ⊙ model(x), training mode, as numbers. */
export function gradientOf(model: tf.LayersModel, x: tf.Tensor, dy: tf.Tensor, v: tf.Variable): number[] {
  return valuesOf(() => {
    const loss = (): tf.Scalar => (model.apply(x, {training: true}) as tf.Tensor).mul(dy).sum() as tf.Scalar;
    return tf.variableGrads(loss, [v]).grads[v.name];
  });
}

export function assign(variable: tf.Variable | undefined, values: ArrayLike<number>): void {
  tf.tidy(() => variable!.assign(tf.tensor(Float32Array.from(values), variable!.shape)));
}
