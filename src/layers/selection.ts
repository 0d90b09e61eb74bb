import type * as tf from "@tensorflow/tfjs";
import type {GainContext} from "../core/gain";
import {checkKeepFraction, keepCount, topKMask} from "../core/mask";
import type {Ranking} from "../core/ranking";
import {Latest} from "./latest";
import type {LayerBoundary} from "./selectOperation";

/** A layer as selection sees it. */
export interface Selectable {
  readonly name: string;
  /** Changes whenever the scores do. */
  scoresVersion(): object;
  /** s, flattened as the weights are. */
  scoreValues(): Float32Array;
  /** The same as a tensor of the weights' shape. */
  scoreTensor(): tf.Tensor;
}

/** Says which weights a layer keeps. */
export interface MaskSource {
  /** Share that is kept, of the layer or of all layers together. */
  readonly keepFraction: number;
  /** What a gain rule gets to know of it; global unless given. */
  readonly kind?: GainContext["selection"];
  /** Called once for each layer that is built under this source. */
  add(layer: Selectable): void;
  /** M, flattened: another array whenever it may have changed. */
  maskOf(layer: Selectable): Uint8Array;
  /** The mask as a boundary of the scores, for a native operation: undefined where it is none, or cannot be found natively. */
  boundaryOf?(layer: Selectable): LayerBoundary | undefined;
  /** Lets go of all that is remembered. */
  forget?(): void;
}

/** Masks as they stand in a ticket, by the name of the layer; its scores have no say. */
export class GivenMasks implements MaskSource {
  constructor(
    private readonly masks: ReadonlyMap<string, Uint8Array>,
    readonly keepFraction: number,
  ) {}

  add(layer: Selectable): void {
    this.maskOf(layer);
  }

  maskOf({name}: Selectable): Uint8Array {
    const mask = this.masks.get(name);
    if (mask === undefined) throw new RangeError(`no mask is given for layer ${name}`);
    return mask;
  }
}

/** Selection by rank of the scores, remembered until scores or share change. */
export abstract class RankSelection {
  protected readonly masks: Latest<Uint8Array[]> = new Latest();
  protected readonly boundaries: Latest<LayerBoundary[]> = new Latest();

  constructor(
    private share: number,
    protected readonly ranking: Ranking = "magnitude",
  ) {
    checkKeepFraction(share);
  }

  get keepFraction(): number {
    return this.share;
  }

  /** Another share, from the next selection on: a ramp's. */
  set keepFraction(share: number) {
    checkKeepFraction(share);
    if (share === this.share) return;
    this.share = share;
    this.forget();
  }

  forget(): void {
    this.masks.forget();
    this.boundaries.forget();
  }
}

/** Each layer by itself: of its n scores the keepCount(n) largest |s| (s, if ranked so) are kept. One instance a layer. */
export class LayerwiseSelection extends RankSelection implements MaskSource {
  readonly kind = "layerwise";

  add(): void {}

  maskOf(layer: Selectable): Uint8Array {
    const make = (): Uint8Array[] => [topKMask(layer.scoreValues(), this.keepFraction, this.ranking)];
    return this.masks.of([layer.scoresVersion()], make)[0];
  }

  /** The native operation finds least and ties itself; it ranks by magnitude. */
  boundaryOf(layer: Selectable): LayerBoundary | undefined {
    if (this.ranking === "signed") return undefined;
    return this.boundaries.of([], () => [{kept: keepCount(layer.scoreTensor().size, this.keepFraction)}])[0];
  }
}
