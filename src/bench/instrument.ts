import * as tf from "@tensorflow/tfjs";
import {replaceKernel} from "../backend/nativeBackend";
import {BatchNorm} from "../layers/batchNorm";
import {MaskedLayer} from "../layers/maskedLayer";
import {TorchOptimizer} from "../optim/optimizer";
import {type Part, partOfKernel} from "./parts";
import type {Stopwatch} from "./stopwatch";

type Method = (this: object, ...args: unknown[]) => unknown;

/** Methods all of whose kernels, and whose own work, are one part, whichever kernels a backend has. */
const methods: readonly (readonly [Part, object, string])[] = [
  ["selection", MaskedLayer.prototype, "effectiveWeights"],
  ["optimiser", TorchOptimizer.prototype, "applyGradients"],
  ["batchNorm", BatchNorm.prototype, "call"],
];

/**
 * Puts a stopwatch around every kernel of the backend in use and around the methods above, and gives what takes it off
 * again. A kernel's time is the processor's: on a GPU, that of handing it over.
 */
export function instrument(stopwatch: Stopwatch): () => void {
  const undo = [
    ...methods.map(([part, owner, name]) =>
      timeMethod(stopwatch, part, owner as Record<string, Method>, name),
    ),
    ...tf.getKernelsForBackend(tf.getBackend()).map(kernel => timeKernel(stopwatch, kernel)),
  ];
  return () => {
    for (const each of undo) each();
  };
}

function timeMethod(
  stopwatch: Stopwatch,
  part: Part,
  owner: Record<string, Method>,
  name: string,
): () => void {
  const method = owner[name];
  if (typeof method !== "function") throw new RangeError(`there is no method ${name} to time`);
  owner[name] = function (...args) {
    return stopwatch.time(part, () => method.apply(this, args));
  };
  return () => {
    owner[name] = method;
  };
}

function timeKernel(stopwatch: Stopwatch, kernel: tf.KernelConfig): () => void {
  const part = partOfKernel(kernel.kernelName);
  replaceKernel({...kernel, kernelFunc: params => stopwatch.time(part, () => kernel.kernelFunc(params))});
  return () => replaceKernel(kernel);
}
