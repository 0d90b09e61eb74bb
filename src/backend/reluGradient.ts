import * as tf from "@tensorflow/tfjs";
import type {NativeBackend} from "./nativeBackend";

const KERNEL = "ReluGrad";

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
      const type = {name: "T", type: native.binding.TF_ATTR_TYPE, value: native.binding.TF_FLOAT};
      return native.executeSingleOutput(KERNEL, [type], [inputs.dy!, inputs.y!]);
    },
  });
  registerReluGradientFunction();
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
