import * as tf from "@tensorflow/tfjs";

/**
 * Sign as [x > 0] − [x < 0]. The WebAssembly backend's own takes |x| < 1e-7 for 0, which would cut small scores off
 * from their gradient.
 */
export function registerExactSign(backendName: string): void {
  if (tf.getKernel("Sign", backendName) !== undefined) tf.unregisterKernel("Sign", backendName);
  tf.registerKernel({
    kernelName: "Sign",
    backendName,
    kernelFunc: ({inputs}) => {
      const {x} = inputs as {x: tf.Tensor};
      return tf.tidy(() => tf.sub(tf.greater(x, 0).toFloat(), tf.less(x, 0).toFloat()));
    },
  });
}
