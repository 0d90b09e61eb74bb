import type * as tf from "@tensorflow/tfjs";
import {BinaryActivation} from "./binaryActivation";
import {PaddedMaxPool} from "./paddedMaxPool";

/**
 * The step of which all values of a network's tensor are whole multiples, whatever the image: 1 for signs, pooled or
 * flattened or not; 1/n for their mean over n pixels, n a power of two (other means are rounded). Otherwise undefined.
 */
export function stepOf(x: tf.SymbolicTensor): number | undefined {
  const layer = x.sourceLayer;
  if (layer instanceof BinaryActivation) return 1;
  const kind = layer.getClassName();
  const input = layer.input as tf.SymbolicTensor;
  if (layer instanceof PaddedMaxPool || kind === "Flatten") return stepOf(input);
  if (kind !== "GlobalAveragePooling2D") return undefined;
  const [, height, width] = input.shape;
  const pixels = (height ?? 0) * (width ?? 0);
  const step = stepOf(input);
  return step !== undefined && Number.isInteger(Math.log2(pixels)) ? step / pixels : undefined;
}
