/** Each function gives, for flat index i of the first layout, the flat index in the second. */

/** OIHW to HWIO. */
export function hwioFromOihw([outputs, inputs, height, width]: readonly number[]): Uint32Array {
  const to = new Uint32Array(outputs * inputs * height * width);
  let i = 0;
  for (let o = 0; o < outputs; o++) {
    for (let c = 0; c < inputs; c++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) to[i++] = ((y * width + x) * inputs + c) * outputs + o;
      }
    }
  }
  return to;
}

/** NCHW to NHWC, the image given as [channels, height, width]. */
export function nhwcFromNchw(batch: number, [channels, height, width]: readonly number[]): Uint32Array {
  const to = new Uint32Array(batch * channels * height * width);
  let i = 0;
  for (let n = 0; n < batch; n++) {
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) to[i++] = ((n * height + y) * width + x) * channels + c;
      }
    }
  }
  return to;
}

/** [out, in, 1, 1] behind a channel-major flatten of [channels, height, width] to [in, out] behind a row-major one. */
export function rowsFromChannelMajor(shape: readonly number[], image: readonly number[]): Uint32Array {
  const [outputs, features] = shape;
  const row = nhwcFromNchw(1, image);
  const to = new Uint32Array(outputs * features);
  for (let o = 0; o < outputs; o++) {
    for (let f = 0; f < features; f++) to[o * features + f] = row[f] * outputs + o;
  }
  return to;
}
