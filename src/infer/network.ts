import {UserError} from "../core/errors";
import {NEAR_ZERO} from "../core/sign";
import {operationsOf} from "../network/architectures";
import type {Activation, ImageShape, Operation} from "../network/operations";
import {givenTicket} from "../ticket/givenTicket";
import type {Ticket} from "../ticket/ticket";

/** A layer with binary weights: W_b = α · M ⊙ sign(W). */
export interface BinaryLayer {
  /** HWIO of a convolution, IO of a dense layer. */
  readonly shape: readonly number[];
  /** M ⊙ sign(W) ∈ {−1, 0, 1}, flattened from `shape`. */
  readonly signs: Int8Array;
  /** α */
  readonly gain: number;
}

/** y = scale·x + shift a channel, each step rounded to float32: batch norm at its running statistics. */
export interface ChannelAffine {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/** All that a prediction needs. */
export interface BinaryNetwork {
  readonly operations: readonly Operation[];
  readonly activation: Activation;
  /** [height, width, channels] */
  readonly image: ImageShape;
  /** By name. */
  readonly layers: ReadonlyMap<string, BinaryLayer>;
  /** By name. */
  readonly norms: ReadonlyMap<string, ChannelAffine>;
}

export function networkOfTicket(ticket: Ticket): BinaryNetwork {
  const {network, image, layers, batchNorms, batchNorm} = givenTicket(ticket);
  return {
    operations: operationsOf(network),
    activation: network.activation,
    image,
    layers: new Map(layers.map(layer => [layer.name, layer])),
    norms: new Map(batchNorms.map(norm => [norm.name, channelAffine({...norm, epsilon: batchNorm.epsilon})])),
  };
}

export interface RunningNorm {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly gamma?: Float32Array;
  readonly beta?: Float32Array;
  readonly epsilon: number;
}

/** scale = γ/√(variance + ε), shift = β − mean·scale, in float32 as the layer computes them. */
export function channelAffine({mean, variance, gamma, beta, epsilon}: RunningNorm): ChannelAffine {
  const f = Math.fround;
  const scale = variance.map((v, c) => (gamma?.[c] ?? 1) / f(Math.sqrt(f(v + f(epsilon)))));
  const shift = mean.map((m, c) => (beta?.[c] ?? 0) - f(m * scale[c]));
  return {scale, shift};
}

/** A sum this near to 0 is 0, where the operation says that a sign comes next. */
export function nearZero({gain}: BinaryLayer): number {
  return Math.fround(Math.fround(Math.abs(gain)) * Math.fround(NEAR_ZERO));
}

export function layerNamed(network: BinaryNetwork, name: string): BinaryLayer {
  const layer = network.layers.get(name);
  if (layer === undefined) throw new UserError(`the network has no weights for its layer ${name}`);
  return layer;
}

export function normNamed(network: BinaryNetwork, name: string): ChannelAffine {
  const norm = network.norms.get(name);
  if (norm === undefined) throw new UserError(`the network has no values for its batch norm ${name}`);
  return norm;
}

export function isRelu(operation: Operation | undefined, activation: Activation): boolean {
  return operation?.op === "relu" || (operation?.op === "activation" && activation === "relu");
}

export function isSign(operation: Operation | undefined, activation: Activation): boolean {
  return operation?.op === "activation" && activation === "sign";
}

/** Refuses what is not `count` normalised images of the network's size. */
export function checkImages({image: [h, w, c]}: BinaryNetwork, images: Float32Array, count: number): void {
  if (!Number.isInteger(count) || count < 1)
    throw new UserError(`count must be a whole number from 1 on; got ${count}`);
  if (Object.prototype.toString.call(images) !== "[object Float32Array]") {
    const found = images === null || typeof images !== "object" ? `${images}` : images.constructor?.name;
    throw new UserError(
      `images are a Float32Array of normalised values; got ${found} (inputOf and classify take bytes, pictures and files)`,
    );
  }
  if (images.length !== count * h * w * c) {
    throw new UserError(
      `${count} images of ${h}×${w}×${c} have ${count * h * w * c} values; got ${images.length}`,
    );
  }
  for (let i = 0; i < images.length; i++) {
    // x − x is 0 for every number that is finite.
    if (images[i] - images[i] !== 0) throw new UserError(`value ${i} of the images is ${images[i]}`);
  }
}

/** Normalised pixels of every data set here lie within ±3; bytes that were only made floats go up to 255. */
const MOST_NORMALISED = 16;

/**
 * Why images cannot be what a network was searched on, (pixel/255 − mean)/sd: they go far beyond it (0…255), or they
 * vary within 0…1. undefined where nothing is plain.
 */
export function notNormalised(images: Float32Array): string | undefined {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < images.length; i++) {
    if (images[i] < least) least = images[i];
    if (images[i] > most) most = images[i];
  }
  const plain = Math.max(-least, most) > MOST_NORMALISED || (least >= 0 && most <= 1 && most > least);
  if (!plain) return undefined;
  return `the images hold ${least} to ${most}: these look like pixels, not like the (pixel/255 − mean)/sd that the network knows, and its answers may be wrong; inputOf and classify make that of pictures`;
}
