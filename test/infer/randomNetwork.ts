import {Stream} from "../../src/core/random";
import {
  type BinaryLayer,
  type BinaryNetwork,
  type ChannelAffine,
  channelAffine,
} from "../../src/infer/network";
import type {Activation, ImageShape, Operation} from "../../src/network/operations";
import {layerShapes} from "../../src/network/shapes";

export interface RandomNetworkOptions {
  readonly operations: readonly Operation[];
  readonly activation: Activation;
  readonly image: ImageShape;
  readonly seed?: number;
  /** Share of weights kept; 0 and 1 are all-zero and all-one masks. */
  readonly keep?: number;
}

/** A network with random masks and signs, and batch norms whose slopes are of either sign and sometimes 0. */
export function randomNetwork({
  operations,
  activation,
  image,
  seed = 1,
  keep = 0.3,
}: RandomNetworkOptions): BinaryNetwork {
  const {layers, batchNorms} = layerShapes(operations, image);
  const layer = (name: string, shape: readonly number[], n: number): BinaryLayer => {
    const random = new Stream(seed, name);
    const signs = Int8Array.from({length: n}, (_, i) =>
      random.uniform(2 * i) < keep ? 1 - 2 * random.bit(64 * i) : 0,
    );
    return {shape, signs, gain: Math.fround(0.02 + random.uniform(1) / 10)};
  };
  return {
    operations,
    activation,
    image,
    layers: new Map(layers.map(({name, shape, weights}) => [name, layer(name, shape, weights)])),
    norms: new Map(
      batchNorms.map(({name, channels}) => [name, randomNorm(new Stream(seed, name), channels)]),
    ),
  };
}

function randomNorm(random: Stream, channels: number): ChannelAffine {
  const values = (from: number, of: (uniform: number) => number): Float32Array =>
    Float32Array.from({length: channels}, (_, c) => of(random.uniform(from + 4 * c)));
  return channelAffine({
    mean: values(0, u => u - 0.5),
    variance: values(1, u => 0.1 + u),
    gamma: values(2, u => (u < 0.1 ? 0 : 2 * u - 1)),
    beta: values(3, u => u - 0.5),
    epsilon: 1e-5,
  });
}

/** `count` images of values on (−1, 1). */
export function randomImages([h, w, channels]: ImageShape, count: number, seed = 1): Float32Array {
  const random = new Stream(seed, "images");
  return Float32Array.from({length: count * h * w * channels}, (_, i) => 2 * random.uniform(i) - 1);
}
