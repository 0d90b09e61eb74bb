import {keepCount} from "../core/mask";
import type {ImageShape} from "./architectures";
import type {Operation} from "./operations";

/** A layer with weights, as the network's operations imply it. */
export interface LayerShape {
  readonly name: string;
  /** HWIO of a convolution, IO of a dense layer. */
  readonly shape: readonly number[];
  readonly weights: number;
  /** Where each weight is applied in one image: the output's pixels, 1 of a dense layer. */
  readonly places: number;
}

/** Shape after an operation: [height, width, channels], or [features]. */
type Extent = readonly number[];

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
  const masked = (name: string, shape: readonly number[], places: number): void => {
    layers.push({name, shape, weights: sizeOf(shape), places});
  };
  const after = (extent: Extent, operation: Operation): Extent => {
    const output = outputOf(extent, operation);
    // Flattening copies nothing.
    if (operation.op !== "flatten") activations += sizeOf(output);
    return output;
  };
  const outputOf = (extent: Extent, operation: Operation): Extent => {
    switch (operation.op) {
      case "conv": {
        const {name, filters, kernel, stride, pad} = operation;
        const [height, width, channels] = spatial(extent, name);
        const [h, w] = [slide(height, kernel, stride, pad, name), slide(width, kernel, stride, pad, name)];
        masked(name, [kernel, kernel, channels, filters], h * w);
        return [h, w, filters];
      }
      case "dense":
        masked(operation.name, [sizeOf(extent), operation.units], 1);
        return [operation.units];
      case "batchnorm":
        batchNorms.push({name: operation.name, channels: extent.at(-1)!});
        return extent;
      case "maxpool": {
        const {size, stride, pad} = operation;
        const [height, width, channels] = spatial(extent, "max-pooling");
        return [
          slide(height, size, stride, pad, "max-pooling"),
          slide(width, size, stride, pad, "max-pooling"),
          channels,
        ];
      }
      case "avgpool":
        return [spatial(extent, "average pooling")[2]];
      case "flatten":
        return [sizeOf(extent)];
      case "residual": {
        // The main branch first, as networks are built.
        const end = operation.main.reduce(after, extent);
        operation.shortcut.reduce(after, extent);
        return end;
      }
      default:
        return extent;
    }
  };
  operations.reduce<Extent>(after, image);
  return {layers, batchNorms, activations};
}

function sizeOf(extent: Extent): number {
  return extent.reduce((product, size) => product * size, 1);
}

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

function spatial(extent: Extent, what: string): Extent {
  if (extent.length === 3) return extent;
  throw new RangeError(`${what} needs height, width and channels, but its input is flat: [${extent}]`);
}

function slide(size: number, kernel: number, stride: number, pad: number, what: string): number {
  const steps = Math.floor((size + 2 * pad - kernel) / stride) + 1;
  if (steps > 0) return steps;
  throw new RangeError(`the image is too small for this network: ${what} meets a side of ${size}`);
}
