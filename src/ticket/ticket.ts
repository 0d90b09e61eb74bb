import type {FanName} from "../core/fan";
import type {LayerGainName} from "../core/layerGain";
import type {WeightName} from "../core/weights";
import type {Normalisation} from "../data/dataset";
import type {ArchitectureName} from "../network/architectures";
import type {BatchNormMode} from "../network/batchNormMode";
import type {Activation, ImageShape} from "../network/operations";

/**
 * A multi-prize ticket: all that its predictions need, in plain data. Layer l computes with W_b = α · M ⊙ sign(W);
 * no weight is stored, only M ⊙ sign(W) and α. `operationsOf(ticket.network)` gives the operations that join the parts.
 */
export interface Ticket {
  readonly network: TicketNetwork;
  /** [height, width, channels] of the images that it was searched on. */
  readonly image: ImageShape;
  readonly classNames: readonly string[];
  /** A network sees (pixel/255 − mean)/sd, per channel. */
  readonly normalisation: Normalisation;
  readonly batchNorm: {readonly mode: BatchNormMode; readonly epsilon: number};
  readonly selection: Selection;
  readonly signs: SignSource;
  /** In the order that `layerShapes` lists them. */
  readonly layers: readonly TicketLayer[];
  /** In the order that `layerShapes` lists them. */
  readonly batchNorms: readonly TicketBatchNorm[];
  /** Who made it, and what it was measured at: anything that JSON can say. */
  readonly provenance: Provenance;
  /** With them the keep fraction of a ticket can be moved; predictions do not need them. */
  readonly ranks?: Ranks;
}

/** What `operationsOf` asks for, all of it. */
export interface TicketNetwork {
  readonly arch: ArchitectureName;
  /** relu: MPT-1/32. sign: MPT-1/1. */
  readonly activation: Activation;
  readonly width: number;
  readonly classes: number;
}

/** How the mask was chosen. */
export interface Selection {
  readonly kind: "layerwise" | "global";
  /** Share k of weights kept, in (0, 1]: of each layer, or of all together. */
  readonly keepFraction: number;
}

/** A masked layer, convolution or dense. */
export interface TicketLayer {
  readonly name: string;
  /** HWIO of a convolution, IO of a dense layer. */
  readonly shape: readonly number[];
  /** M ⊙ sign(W), flattened from `shape`, one entry a weight: −1 or +1 where it is kept, 0 where it is pruned. */
  readonly signs: Int8Array;
  /** α, a float32. */
  readonly gain: number;
}

/** y = γ·(x − mean)/√(variance + ε) + β, a value a channel; without γ and β (mode `none`) they are 1 and 0. */
export interface TicketBatchNorm {
  readonly name: string;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly gamma?: Float32Array;
  readonly beta?: Float32Array;
}

/**
 * Where a file takes the signs of kept weights from.
 * - `seed`: bit i of `Stream(seed, "NAME/signs")` is 1 where weight i of layer NAME is negative. Exact on every engine.
 * - `positive`: every weight is positive.
 * - `stored`: one bit a kept weight, in the file.
 */
export type SignSource =
  | {readonly kind: "seed"; readonly seed: number; readonly initialisation: Initialisation}
  | {readonly kind: "positive"; readonly seed: number; readonly initialisation: Initialisation}
  | {readonly kind: "stored"};

/** The rules by which magnitudes and gain come from the seed; predictions need neither. */
export interface Initialisation {
  readonly weights: WeightName;
  readonly fan: FanName;
  readonly gain: LayerGainName;
}

export type Provenance = {readonly [key: string]: Json};
export type Json = null | boolean | number | string | readonly Json[] | {readonly [key: string]: Json};

/** |scores|, as coarsely as is needed to select again at a few keep fractions. */
export interface Ranks {
  /** Rising, each in (0, 1]. */
  readonly fractions: readonly number[];
  /** Of each layer, one entry a weight: the first j at whose fractions[j] it is kept; their number if at none. */
  readonly layers: readonly Uint8Array[];
}

/** M of a layer: 1 where a weight is kept. */
export function maskOf({signs}: Pick<TicketLayer, "signs">): Uint8Array {
  const mask = new Uint8Array(signs.length);
  for (let i = 0; i < mask.length; i++) mask[i] = signs[i] & 1;
  return mask;
}
