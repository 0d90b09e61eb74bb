import * as tf from "@tensorflow/tfjs";
import {type NativeBackend, replaceKernel} from "./nativeBackend";
import {hasOperation} from "./operations";

const KERNEL = "ReluGrad";
let registered = false;

/**
 * ReLU's gradient dx = dy where y > 0, else 0, from its output y: one operation on the native backend. TensorFlow.js
 * composes dy · step(x), whose native step takes 25 times as long; on other backends the composition stays.
 */
export function registerReluGradient(): void {
  if (tf.getKernel(KERNEL, "tensorflow") !== undefined) return;
  tf.registerKernel({
    kernelName: KERNEL,
    backendName: "tensorflow",
    kernelFunc: ({inputs, backend}) => {
      const native = backend as NativeBackend;
      const tensors = [inputs.dy!, inputs.y!];
      if (hasOperation("MultiprizeReluGrad")) {
        return native.executeSingleOutput("MultiprizeReluGrad", [], tensors);
      }
      const type = {name: "T", type: native.binding.TF_ATTR_TYPE, value: native.binding.TF_FLOAT};
      return native.executeSingleOutput(KERNEL, [type], tensors);
    },
  });
  registerReluGradientFunction();
}

/** Has ReLU computed by the project's own operation where the native backend has it: it writes past the cache. */
export function registerRelu(): void {
  const stock = tf.getKernel("Relu", "tensorflow");
  if (registered || stock === undefined || !hasOperation("MultiprizeRelu", "tensorflow")) return;
  registered = true;
  replaceKernel({
    ...stock,
    kernelFunc: params => {
      const {x} = params.inputs;
      if (x!.dtype !== "float32") return stock.kernelFunc(params);
      return (params.backend as NativeBackend).executeSingleOutput("MultiprizeRelu", [], [x!]);
    },
  });
}

/** Has ReLU's gradient computed by that operation, on backends that have it. */
export function registerReluGradientFunction(): void {
  tf.registerGradient({
    kernelName: "Relu",
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({x: () => reluGradient(dy as tf.Tensor, y)}),
  });
}

/** Both forms of the gradient; they agree to the last bit. */
export function reluGradient(dy: tf.Tensor, y: tf.Tensor): tf.Tensor {
  if (tf.getKernel(KERNEL, tf.getBackend()) === undefined) return dy.mul(tf.step(y));
  return tf.engine().runKernel(KERNEL, {dy, y}) as tf.Tensor;
}
