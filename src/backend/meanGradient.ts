import * as tf from "@tensorflow/tfjs";

/**
 * Has a mean's gradient, dL/dy divided by how many values went into y, repeated along the axes that it was taken over.
 * TensorFlow.js multiplies by a tensor of ones that JavaScript fills anew each time; the values are the same.
 */
export function registerMeanGradient(): void {
  tf.unregisterGradient("Mean");
  tf.registerGradient({
    kernelName: "Mean",
    inputsToSave: ["x"],
    gradFunc: (dy, [x], attrs) => {
      const axes = tf.util.parseAxisParam((attrs as {axis: number | number[]}).axis, x.shape);
      const along = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
      const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
      return {x: () => tf.tidy(() => tf.broadcastTo((dy as tf.Tensor).reshape(along).div(count), x.shape))};
    },
  });
}
