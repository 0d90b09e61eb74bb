import * as tf from "@tensorflow/tfjs";

/**
 * Every stride-th row and column of x [batch, h, w, c], from the first on: [batch, ⌈h/stride⌉, ⌈w/stride⌉, c]. A 1×1
 * convolution at a stride is one at stride 1 of these. (`tf.stridedSlice` has no gradient.)
 */
export function subsample(x: tf.Tensor4D, stride: number): tf.Tensor4D {
  return tf.tidy(() => {
    const [batch, height, width, channels] = x.shape;
    const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
    const missing = [rows * stride - height, columns * stride - width];
    const whole = missing.some(n => n > 0)
      ? tf.pad4d(x, [
          [0, 0],
          [0, missing[0]],
          [0, missing[1]],
          [0, 0],
        ])
      : x;
    const cells = tf.reshape(whole, [batch, rows, stride, columns, stride * channels]);
    const first = tf.slice(cells, [0, 0, 0, 0, 0], [batch, rows, 1, columns, channels]);
    return tf.reshape(first, [batch, rows, columns, channels]) as tf.Tensor4D;
  });
}
