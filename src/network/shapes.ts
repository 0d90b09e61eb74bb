import {everyOperation, sizeOf} from "./geometry";
import type {ImageShape, Operation} from "./operations";

/** A layer with weights, as the network's operations imply it. */
export interface LayerShape {
  readonly name: string;
  /** HWIO of a convolution, IO of a dense layer. */
  readonly shape: readonly number[];
  readonly weights: number;
  /** Where each weight is applied in one image: the output's pixels, 1 of a dense layer. */
  readonly places: number;
}

/** The shapes of all layers of a network. */
export interface NetworkShape {
  readonly layers: LayerShape[];
  readonly batchNorms: {name: string; channels: number}[];
  /** Values that the operations put out for one image, all together. */
  readonly activations: number;
}

/** Every masked layer of a network, in the order they run, its batch-norm channels, and how much it computes. */
export function layerShapes(operations: readonly Operation[], image: ImageShape): NetworkShape {
  let activations = 0;
  const layers: LayerShape[] = [];
  const batchNorms: {name: string; channels: number}[] = [];
  for (const {operation, input, output} of everyOperation(operations, image)) {
    // Flattening copies nothing.
    if (operation.op !== "flatten") activations += sizeOf(output);
    if (operation.op === "conv" || operation.op === "dense") {
      const {name} = operation;
      const shape =
        operation.op === "conv"
          ? [operation.kernel, operation.kernel, input[2], operation.filters]
          : [sizeOf(input), operation.units];
      layers.push({name, shape, weights: sizeOf(shape), places: sizeOf(output) / shape.at(-1)!});
    } else if (operation.op === "batchnorm") {
      batchNorms.push({name: operation.name, channels: input.at(-1)!});
    }
  }
  return {layers, batchNorms, activations};
}
