// Signs as graphs of other frameworks want them: outputs first or last, and an image's channels before its pixels.

/** [height, width, in, out] to [out, in, height, width]. */
export function oihwFromHwio(
  signs: Int8Array,
  [height, width, inputs, outputs]: readonly number[],
): Int8Array {
  const taps = height * width;
  const to = new Int8Array(signs.length);
  let i = 0;
  for (let tap = 0; tap < taps; tap++) {
    for (let c = 0; c < inputs; c++) {
      for (let o = 0; o < outputs; o++) to[(o * inputs + c) * taps + tap] = signs[i++];
    }
  }
  return to;
}

/**
 * The rows of [in, out] behind a flattening of `channels`: ours count pixel by pixel, theirs channel by channel. With 1
 * channel, or `channels` = in, nothing moves.
 */
export function rowsByChannel(
  signs: Int8Array,
  [inputs, outputs]: readonly number[],
  channels: number,
): Int8Array {
  const pixels = inputs / channels;
  const to = new Int8Array(signs.length);
  for (let i = 0; i < inputs; i++) {
    const place = (i % channels) * pixels + Math.floor(i / channels);
    to.set(signs.subarray(i * outputs, (i + 1) * outputs), place * outputs);
  }
  return to;
}

/** [rows, columns] to [columns, rows]. */
export function transposed(values: Int8Array, rows: number, columns: number): Int8Array {
  const to = new Int8Array(values.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) to[j * rows + i] = values[i * columns + j];
  return to;
}
