import * as tf from "@tensorflow/tfjs";
import {Bfloat16Copies} from "./bfloat16Copies";
import {type FormRun, formsOf, keyOf} from "./bfloat16Forms";
import type {KernelChoices} from "./kernelPlan";
import {kernelThrough, type NativeBackend, type NativeCall, replaceKernel} from "./nativeBackend";
import {withPointwise} from "./pointwise";

const BACKEND = "tensorflow";
const KERNELS = ["Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter", "BatchMatMul"];

/** Of convolutions and matrix products. */
export type Part = "gradients" | "all";

/**
 * Runs `task`, which must end before it returns, with convolutions and matrix products, or their gradients alone, in
 * bfloat16 where that is faster; float32 goes in and comes out of each. A tensor is cast once, however many kernels
 * read it.
 */
export function inBfloat16<T>(part: Part, choices: Pick<KernelChoices, "choose">, task: () => T): T {
  const native = tf.findBackend(BACKEND) as NativeBackend;
  const copies = new Bfloat16Copies(native);
  const stock = KERNELS.map(name => tf.getKernel(name, BACKEND));
  const execute = (_: NativeBackend, call: NativeCall, attrs: tf.NamedAttrMap): tf.TensorInfo =>
    call.tensors.some(({dtype}) => dtype === "float32") && (part === "all" || isGradient(call))
      ? run(native, call, attrs, copies, choices)
      : native.executeSingleOutput(call.name, call.attributes, call.tensors);
  const {disposeData} = native;
  native.disposeData = (data, force) => {
    const gone = disposeData.call(native, data, force);
    if (gone) copies.free(data);
    return gone;
  };
  try {
    for (const kernel of stock) {
      replaceKernel({...kernel, kernelFunc: kernelThrough(kernel.kernelFunc, execute)});
    }
    return part === "all" ? withPointwise(task) : task();
  } finally {
    for (const kernel of stock) replaceKernel(kernel);
    native.disposeData = disposeData;
    copies.freeAll();
  }
}

/** Whether a call computes a gradient: layers multiply without transposing. */
function isGradient({name, attributes}: NativeCall): boolean {
  const transposes = attributes.some(({name: attribute, value}) => /^adj_/.test(attribute) && value === true);
  return name.includes("Backprop") || transposes;
}

function run(
  native: NativeBackend,
  call: NativeCall,
  attrs: tf.NamedAttrMap,
  copies: Bfloat16Copies,
  choices: Pick<KernelChoices, "choose">,
): tf.TensorInfo {
  const forms = formsOf(native, call, attrs) as Record<string, FormRun>;
  // A form is tried with casts of its own: what it would cost alone.
  const trials = Object.entries(forms).map(([name, form]): [string, () => void] => [
    name,
    () => {
      const own = new Bfloat16Copies(native);
      try {
        native.binding.deleteTensor(form(own).id);
      } finally {
        own.freeAll();
      }
    },
  ]);
  const chosen = choices.choose(keyOf(call, attrs), Object.fromEntries(trials));
  return native.createOutputTensor(forms[chosen](copies));
}
