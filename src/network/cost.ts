// What a network costs: weights kept and stored, floating-point operations, memory.
import {keepCount} from "../core/mask";
import {everyOperation, sizeOf} from "./geometry";
import type {ImageShape, Operation} from "./operations";
import {type LayerShape, layerShapes} from "./shapes";

/** How many values a network has. */
export interface Counts {
  readonly weights: number;
  readonly kept: number;
  /** γ and β of every batch norm, there unless its mode is `none`. */
  readonly batchNormValues: number;
  readonly layers: readonly (LayerShape & {readonly kept: number})[];
}

/** Weights, kept weights under layerwise selection, and batch-norm values of a network. */
export function countWeights(
  operations: readonly Operation[],
  image: ImageShape,
  keepFraction: number,
): Counts {
  const {layers, batchNorms} = layerShapes(operations, image);
  const counted = layers.map(layer => ({...layer, kept: keepCount(layer.weights, keepFraction)}));
  return {
    weights: counted.reduce((sum, layer) => sum + layer.weights, 0),
    kept: counted.reduce((sum, layer) => sum + layer.kept, 0),
    batchNormValues: batchNorms.reduce((sum, {channels}) => sum + 2 * channels, 0),
    layers: counted,
  };
}

/** Floating-point operations of one image. */
export interface ModelFlops {
  readonly forward: number;
  /** Forward and backward. */
  readonly step: number;
}

/**
 * FLOPs of the convolutions and dense layers, a multiply-add being 2: forward 2·k²·c·f·h'·w' and 2·in·out; backward
 * as much again for dL/dW and, unless the layer sees the image itself, for dL/dx. Masked weights count as weights:
 * that is the work done. The rest of a network is not counted.
 */
export function modelFlops(operations: readonly Operation[], image: ImageShape): ModelFlops {
  let forward = 0;
  let step = 0;
  for (const {operation, input, output, behindWeights} of everyOperation(operations, image)) {
    if (operation.op !== "conv" && operation.op !== "dense") continue;
    const fanIn = operation.op === "conv" ? operation.kernel ** 2 * input[2] : sizeOf(input);
    const flops = 2 * fanIn * sizeOf(output);
    forward += flops;
    step += flops * (behindWeights ? 3 : 2);
  }
  return {forward, step};
}

/** What a training step holds, in bytes. */
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
