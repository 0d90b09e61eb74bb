import {architectures, type NetworkOptions, operationsOf} from "../network/architectures";
import {type LayerShape, layerShapes} from "../network/shapes";
import {CheckpointError} from "./checkpointError";

/** [out, in, height, width] of a convolution; of a dense layer [out, in, 1, 1]. */
type Oihw = readonly number[];

export interface Fitted {
  readonly network: Required<NetworkOptions>;
  readonly layers: readonly LayerShape[];
  readonly batchNorms: readonly {readonly name: string; readonly channels: number}[];
}

/**
 * The network of that architecture whose layers have these shapes: the width and the number of classes are read off
 * them. Shapes that no width gives are refused.
 */
export function fittedTo(
  shapes: readonly Oihw[],
  options: Pick<NetworkOptions, "arch" | "activation">,
): Fitted {
  const {image} = architectures[options.arch];
  const classes = shapes.at(-1)?.[0] ?? 0;
  const base = layerShapes(operationsOf(options), image).layers;
  if (shapes.length !== base.length) {
    throw new CheckpointError(`it has ${shapes.length} layers, and ${options.arch} ${base.length}`);
  }
  // trunc(base · width) is the number of outputs, so the width is at least the largest of these, and less than 1/base more.
  const least = base
    .slice(0, -1)
    .reduce((most, {shape}, l) => Math.max(most, shapes[l][0] / shape.at(-1)!), 0);
  for (const width of [least, least * (1 + 2 ** -50)]) {
    if (!(width > 0 && Number.isFinite(width)) || classes < 1) break;
    const network = {...options, width, classes};
    const fitted = layerShapes(operationsOf(network), image);
    if (fitted.layers.every(({shape}, l) => isSame(shape, shapes[l]))) return {network, ...fitted};
  }
  throw new CheckpointError(`its layers are not those of ${options.arch} of any width`);
}

function isSame(ours: readonly number[], [outputs, inputs, height, width]: Oihw): boolean {
  const theirs =
    ours.length === 2 && height === 1 && width === 1 ? [inputs, outputs] : [height, width, inputs, outputs];
  return ours.length === theirs.length && ours.every((size, i) => size === theirs[i]);
}
