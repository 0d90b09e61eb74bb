/** Bytes [height, width, channels] of a picture. */
export interface Bytes {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/** The whole numbers that PIL's weights are rounded to: 1 is 2²². */
const ONE = 2 ** 22;

/**
 * A picture at another size as PIL's `resize(…, BILINEAR)` makes it, byte for byte: each pixel is a mean under a
 * triangle as wide as the shrinking, along rows first, then along columns, rounded after each.
 *
 * Source: Pillow, src/libImaging/Resample.c.
 */
export function resized(picture: Bytes, width: number, height: number): Bytes {
  return flipped(alongRows(flipped(alongRows(picture, width)), height));
}

/** Rows become columns. */
function flipped({width, height, channels, data}: Bytes): Bytes {
  const out = new Uint8Array(data.length);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) out[(x * height + y) * channels + c] = data[at++];
    }
  }
  return {width: height, height: width, channels, data: out};
}

function alongRows(picture: Bytes, width: number): Bytes {
  if (picture.width === width) return picture;
  const {height, channels, data} = picture;
  const pixels = Array.from({length: width}, (_, x) => weightsOf(x, picture.width, width));
  const out = new Uint8Array(width * height * channels);
  for (let y = 0, at = 0; y < height; y++) {
    for (const {first, weights} of pixels) {
      const from = (y * picture.width + first) * channels;
      for (let c = 0; c < channels; c++) {
        let sum = ONE / 2;
        for (let i = 0; i < weights.length; i++) sum += data[from + i * channels + c] * weights[i];
        out[at++] = Math.min(255, Math.floor(sum / ONE));
      }
    }
  }
  return {width, height, channels, data: out};
}

/** The pixels under the triangle of pixel x, and their weights. */
function weightsOf(x: number, from: number, to: number): {first: number; weights: number[]} {
  const scale = from / to;
  const support = Math.max(1, scale);
  const centre = (x + 0.5) * scale;
  const first = Math.max(0, Math.trunc(centre - support + 0.5));
  const end = Math.min(from, Math.trunc(centre + support + 0.5));
  const shares = Array.from({length: end - first}, (_, i) =>
    Math.max(0, 1 - Math.abs((first + i - centre + 0.5) / support)),
  );
  const sum = shares.reduce((a, b) => a + b, 0);
  return {first, weights: shares.map(share => Math.trunc(0.5 + (share / sum) * ONE))};
}
