import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {type Operation, runOperation} from "../../src/backend/operations";
import {Stream} from "../../src/core/random";

/** Numbers of elements around the lengths of vectors, blocks and threads' parts. */
export const sizes: readonly number[] = [1, 2, 31, 32, 33, 63, 64, 65, 576, 65535, 65537, 131072, 300001];

/** Whether the project's own operations can run: only the native backend on a processor has them. */
export async function native(): Promise<boolean> {
  const {backend, device} = await useBackend("auto");
  return backend === "tensorflow" && device === "cpu";
}

/** Runs an operation and gives its outputs as numbers. */
export function outputs(name: Operation, inputs: tf.Tensor[], attributes = {}): Float32Array[] {
  return tf
    .tidy(() => runOperation(name, inputs, attributes))
    .map(tensor => {
      const values = tensor.dataSync() as Float32Array;
      tensor.dispose();
      return values;
    });
}

/** n draws of N(0, 1), the same for the same name. */
export function normal(n: number, name: string): Float32Array {
  const [magnitudes, signs] = [new Stream(7, name), new Stream(8, name)];
  return Float32Array.from({length: n}, (_, i) => (signs.bit(i) ? -1 : 1) * magnitudes.normalMagnitude(i));
}

/** −0 as 0. */
export function noMinus(value: number): number {
  return value + 0;
}

export function near(found: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(found - expected) <= tolerance, `${found} is not ${expected} within ${tolerance}`);
}
