import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import * as tf from "@tensorflow/tfjs";
import {UserError} from "../core/errors";
import {processorKey} from "../system/processor";
import {root} from "../system/root";
import type {NativeBackend} from "./nativeBackend";
import {type Attributes, operationOutputs} from "./operations";

/**
 * Which kernels compute: two runs that agree here round alike. `plain` are TensorFlow's; `fused` are the project's own
 * beside TensorFlow's convolutions; `winograd` are its own convolutions too.
 */
export type Kernels = "winograd" | "fused" | "plain";
export const kernelSets: readonly Kernels[] = ["winograd", "fused", "plain"];

/** What MULTIPRIZE_KERNELS asks for. */
export function kernelsAsked(): Kernels {
  const asked = process.env.MULTIPRIZE_KERNELS || "winograd";
  const found = kernelSets.find(each => each === asked);
  if (found === undefined) {
    throw new UserError(`MULTIPRIZE_KERNELS is "${asked}"; choose ${kernelSets.join(", ")}`);
  }
  return found;
}

const native = join(root, ".native");
const addon = join(native, "kernels.node");
interface Addon {
  readonly vectorWidth: number;
  readonly sixteenBits: boolean;
}
let loaded: Addon | undefined;

/**
 * Loads the operations after the native backend, unless MULTIPRIZE_KERNELS=plain. Gives why they are not there, or
 * undefined: they are compiled for one processor's features, and would crash another.
 */
export function loadNativeOperations(): string | undefined {
  if (loaded) return undefined;
  if (kernelsAsked() === "plain") return "MULTIPRIZE_KERNELS=plain";
  if (!existsSync(addon)) return "the project's kernels are not built: run `npm run setup`";
  const {processor} = JSON.parse(readFileSync(join(native, "native.json"), "utf8")) as {processor?: string};
  if (processor !== processorKey()) {
    return "the project's kernels are compiled for another processor: run `npm run setup` on this one";
  }
  const operations = require(addon) as Addon;
  for (const name of Object.keys(operationOutputs) as (keyof typeof operationOutputs)[]) {
    tf.registerKernel({
      kernelName: name,
      backendName: "tensorflow",
      kernelFunc: ({inputs, attrs, backend}) => {
        const native = backend as NativeBackend;
        const {ints = {}, floats = {}} = (attrs ?? {}) as Attributes;
        const {TF_ATTR_INT, TF_ATTR_FLOAT} = native.binding;
        const attributes = [
          ...Object.entries(ints).map(([key, value]) => ({name: key, type: TF_ATTR_INT, value})),
          ...Object.entries(floats).map(([key, value]) => ({name: key, type: TF_ATTR_FLOAT, value})),
        ];
        const tensors = Object.values(inputs) as tf.TensorInfo[];
        return native.executeMultipleOutputs(name, attributes, tensors, operationOutputs[name]);
      },
    });
  }
  loaded = operations;
  return undefined;
}

/** Floats in a register of the processor that the operations were compiled for. */
export function vectorWidth(): number {
  if (loaded === undefined) throw new RangeError("the project's kernels are not loaded");
  return loaded.vectorWidth;
}

/** Whether that processor multiplies pairs of 16-bit numbers, which the convolutions in int16 and bfloat16 need. */
export function hasSixteenBits(): boolean {
  return loaded?.sixteenBits === true;
}
