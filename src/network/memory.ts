import type {ImageShape} from "./architectures";
import type {Operation} from "./operations";
import {layerShapes} from "./shapes";

export interface TrainingMemory {
  /** What one image's operations put out, in bytes of float32. */
  readonly activationBytes: number;
  /** One copy of the weights. */
  readonly weightBytes: number;
  /** About what a step needs at its peak, beyond what the library holds before any network. */
  readonly peakBytes: number;
}

const FLOAT_BYTES = 4;
/** All activations and, on the way back, their gradients and the convolutions' workspaces. */
const ACTIVATION_COPIES = 2.4;
/** W, S, W_eff, dS, the optimiser's memory, and what is on its way from one to the next. */
const WEIGHT_COPIES = 9;

/**
 * Memory of a training step: 4 · (2.4 · images · activations + 9 · weights) bytes. Both factors are measured, on
 * TensorFlow 2.21's processor kernels in float32 with SGD; take the peak for good to about a fifth.
 */
export function trainingMemory(
  operations: readonly Operation[],
  image: ImageShape,
  images: number,
): TrainingMemory {
  const {layers, activations} = layerShapes(operations, image);
  const weights = layers.reduce((sum, layer) => sum + layer.weights, 0);
  return {
    activationBytes: FLOAT_BYTES * activations,
    weightBytes: FLOAT_BYTES * weights,
    peakBytes: FLOAT_BYTES * (ACTIVATION_COPIES * images * activations + WEIGHT_COPIES * weights),
  };
}
