import {Stream} from "../core/random";
import type {BinaryLayer, BinaryNetwork} from "../infer/network";
import type {Activation, ImageShape, Operation} from "../network/operations";
import {layerShapes} from "../network/shapes";

/** A network with random masks and signs: what a prediction costs depends on how much is kept, not on which. */
export function benchNetwork(
  operations: readonly Operation[],
  activation: Activation,
  image: ImageShape,
  keepFraction: number,
): BinaryNetwork {
  const {layers, batchNorms} = layerShapes(operations, image);
  const layer = (name: string, shape: readonly number[], weights: number): BinaryLayer => {
    const random = new Stream(1, name);
    const signs = new Int8Array(weights);
    for (let i = 0; i < weights; i++) {
      const u = random.uniform(i);
      if (u < keepFraction) signs[i] = u < keepFraction / 2 ? -1 : 1;
    }
    const fanIn = weights / shape[shape.length - 1];
    return {shape, signs, gain: Math.fround(Math.sqrt(2 / (keepFraction * fanIn)))};
  };
  const unit = (channels: number) => ({
    scale: new Float32Array(channels).fill(1),
    shift: new Float32Array(channels),
  });
  return {
    operations,
    activation,
    image,
    layers: new Map(layers.map(({name, shape, weights}) => [name, layer(name, shape, weights)])),
    norms: new Map(batchNorms.map(({name, channels}) => [name, unit(channels)])),
  };
}
