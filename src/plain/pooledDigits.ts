import type {Dataset, Split} from "../data/dataset";
import type {LabelledInputs} from "./trainRelu";

/**
 * Grey pictures made small: means over `factor`×`factor` pixels, in [0, 1], row by row (28×28 by 4: 49 values). The
 * normalisation of the data set is left out, so that no value is negative. RangeError for pictures that are not grey
 * or that `factor` does not divide.
 */
export function pooled(
  {imageShape: [height, width, channels]}: Pick<Dataset, "imageShape">,
  split: Split,
  factor: number,
): LabelledInputs {
  if (channels !== 1 || height % factor !== 0 || width % factor !== 0) {
    throw new RangeError(`pictures of ${height}×${width}×${channels} cannot be pooled by ${factor}`);
  }
  const [rows, columns] = [height / factor, width / factor];
  const inputs = new Float64Array(split.count * rows * columns);
  for (let p = 0; p < split.images.length; p++) {
    const y = Math.floor((p % (height * width)) / width);
    const at = Math.floor(y / factor) * columns + Math.floor((p % width) / factor);
    inputs[Math.floor(p / (height * width)) * rows * columns + at] +=
      split.images[p] / (255 * factor * factor);
  }
  return {inputs, width: rows * columns, labels: split.labels};
}
