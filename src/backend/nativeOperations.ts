import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import * as tf from "@tensorflow/tfjs";
import {NotANumber, UserError} from "../core/errors";
import {processorKey} from "../system/processor";
import {root} from "../system/root";
import type {NativeBackend} from "./nativeBackend";

/** Outputs of each operation. */
const outputs = {
  MultiprizeSelect: 1,
  MultiprizeSelectAt: 1,
  MultiprizeGlobalBoundary: 1,
  MultiprizeScoreGradient: 1,
  MultiprizeSgd: 2,
  MultiprizeAdam: 3,
  MultiprizeMaxPool2: 1,
  MultiprizeMaxPool2Grad: 1,
  MultiprizeBatchNorm: 4,
  MultiprizeBatchNormGrad: 3,
  MultiprizeSign: 1,
  MultiprizeBiRealGrad: 1,
  MultiprizeConv3x3: 1,
  MultiprizeConv3x3InputGrad: 1,
  MultiprizeConv3x3FilterGrad: 1,
  MultiprizeFirstLayerFilterGrad: 1,
} as const;

/**
 * The project's own TensorFlow operations, compiled by set-up from kernels/cpu: each does in one pass over
 * memory what the public API composes from many. Where they are not there (other backends, a set-up without a
 * compiler, or MULTIPRIZE_KERNELS=plain) callers take the composition, which is also what tests hold them against.
 */
export type Operation = keyof typeof outputs | WebgpuOperation;

/** Those that WebGPU alone has: backend/webgpu. */
type WebgpuOperation = "MultiprizeSelectAll" | "MultiprizeSpans";

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

/** Attributes by name; whole-numbered ones are int attributes unless listed in `floats`. */
interface Attributes {
  readonly ints?: Readonly<Record<string, number>>;
  readonly floats?: Readonly<Record<string, number>>;
}

const native = join(root, ".native");
const addon = join(native, "kernels.node");
let loaded: {readonly vectorWidth: number} | undefined;

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
  const operations = require(addon) as {vectorWidth: number};
  for (const name of Object.keys(outputs) as (keyof typeof outputs)[]) {
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
        return native.executeMultipleOutputs(name, attributes, tensors, outputs[name]);
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

/** Whether an operation can run on a backend, the one in use if not said. */
export function hasOperation(name: Operation, backendName: string = tf.getBackend()): boolean {
  return tf.getKernel(name, backendName) !== undefined;
}

/** TensorFlow's code with which a kernel refuses scores that are not numbers (kernels/cpu/operation.h). */
const OUT_OF_RANGE = 11;

/** Runs an operation; inputs in its order, not recorded for gradients. What a kernel refuses is a RangeError. */
export function runOperation(
  name: Operation,
  inputs: readonly tf.Tensor[],
  attributes: Attributes = {},
): tf.Tensor[] {
  const named = Object.fromEntries(inputs.map((tensor, i) => [`input${i}`, tensor]));
  try {
    return tf
      .engine()
      .runKernel(name, named, attributes as unknown as tf.NamedAttrMap) as unknown as tf.Tensor[];
  } catch (error) {
    // The binding puts TensorFlow's status code before what the kernel said.
    const [, code, said] = /^Invalid TF_Status: (\d+)\s*Message: (.*)/s.exec((error as Error).message) ?? [];
    if (Number(code) === OUT_OF_RANGE) throw new NotANumber("scores");
    throw new RangeError(said ?? (error as Error).message);
  }
}
