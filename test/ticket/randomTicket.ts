import {topKMask} from "../../src/core/mask";
import {Stream} from "../../src/core/random";
import {architectures, type NetworkOptions, operationsOf} from "../../src/network/architectures";
import type {BatchNormMode} from "../../src/network/batchNormMode";
import {layerShapes} from "../../src/network/shapes";
import {signFromSeed} from "../../src/ticket/seedSigns";
import type {SignSource, Ticket} from "../../src/ticket/ticket";

export interface RandomTicketOptions extends Partial<NetworkOptions> {
  readonly keepFraction?: number;
  readonly seed?: number;
  readonly signs?: SignSource["kind"];
  readonly batchNorm?: BatchNormMode;
  /** Keep fractions to store ranks for. */
  readonly fractions?: readonly number[];
}

/** A ticket of random scores: as large, and as hard to compress, as any. */
export function randomTicket(options: RandomTicketOptions = {}): Ticket {
  const {arch = "digits", activation = "relu", width = 1, classes = 10} = options;
  const {keepFraction = 0.2, seed = 1, signs: kind = "seed", batchNorm: mode = "none", fractions} = options;
  const {image} = architectures[arch];
  const shapes = layerShapes(operationsOf({arch, activation, width, classes}), image);
  const initialisation = {weights: "kaiming-normal", fan: "pruned", gain: "mean-kept"} as const;
  const drawn = {kind: "seed", seed, initialisation} as const;
  const scores = shapes.layers.map(({name, weights}) => {
    const random = new Stream(seed, `${name}/test scores`);
    return Float32Array.from({length: weights}, (_, i) => random.uniform(i));
  });
  const values = (name: string, channels: number, least: number): Float32Array => {
    const random = new Stream(seed, name);
    return Float32Array.from({length: channels}, (_, i) => least + random.uniform(i));
  };
  return {
    network: {arch, activation, width, classes},
    image,
    classNames: Array.from({length: classes}, (_, i) => `class ${i}`),
    normalisation: {mean: Array(image[2]).fill(0.5), sd: Array(image[2]).fill(0.25)},
    batchNorm: {mode, epsilon: 1e-5},
    selection: {kind: "layerwise", keepFraction},
    signs: kind === "stored" ? {kind} : {...drawn, kind},
    layers: shapes.layers.map(({name, shape}, l) => {
      const signs = Int8Array.from(topKMask(scores[l], keepFraction));
      if (kind !== "positive") signFromSeed(signs, name, drawn);
      return {name, shape, signs, gain: Math.fround(0.01 * (l + 1))};
    }),
    batchNorms: shapes.batchNorms.map(({name, channels}) => ({
      name,
      mean: values(`${name} mean`, channels, -0.5),
      variance: values(`${name} variance`, channels, 0.5),
      ...(mode === "none"
        ? {}
        : {gamma: values(`${name} gamma`, channels, -0.5), beta: values(`${name} beta`, channels, -0.5)}),
    })),
    provenance: {dataset: "random", testAccuracy: 10, epochs: 0},
    ...(fractions ? {ranks: {fractions, layers: scores.map(layer => ranksOf(layer, fractions))}} : {}),
  };
}

function ranksOf(scores: Float32Array, fractions: readonly number[]): Uint8Array {
  const masks = fractions.map(fraction => topKMask(scores, fraction));
  return Uint8Array.from(scores, (_, i) => {
    const first = masks.findIndex(mask => mask[i] === 1);
    return first < 0 ? fractions.length : first;
  });
}
