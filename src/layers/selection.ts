import type * as tf from "@tensorflow/tfjs";
import {hasOperation, runOperation} from "../backend/nativeOperations";
import {UserError} from "../core/errors";
import {checkKeepFraction, globalTopKMasks, keepCount} from "../core/mask";
import type {Ranking} from "../core/ranking";
import type {LayerBoundary} from "./selectOperation";

/** A layer as selection sees it. */
export interface Selectable {
  readonly name: string;
  /** Changes whenever the scores do. */
  scoresVersion(): object;
  scoreValues(): Float32Array;
  scoreTensor(): tf.Tensor;
}

/** Gives layers masks that do not come from their own scores alone. */
export interface MaskSource {
  /** Share that they keep, of all layers together. */
  readonly keepFraction: number;
  add(layer: Selectable): void;
  maskOf(layer: Selectable): Uint8Array;
  /** The mask as a boundary of the scores, found natively without reading one; undefined where it cannot be. */
  boundaryOf?(layer: Selectable): LayerBoundary | undefined;
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

/**
 * One threshold for all layers: of all N scores the keepCount(N) largest |s| are kept, ties going to the earlier
 * layer and lower index. Computed anew only when scores changed. Share one instance among the layers of a model.
 *
 * Source: chrundle/biprop f709fc5, utils/conv_type.py, GlobalSubnetConv; from "A Winning Hand" (arXiv:2106.09129).
 */
export class GlobalSelection implements MaskSource {
  private readonly layers: Selectable[] = [];
  private readonly masks = new Latest<Uint8Array[]>();
  private readonly boundaries = new Latest<LayerBoundary[]>();

  constructor(
    private share: number,
    private readonly ranking: Ranking = "magnitude",
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
    this.masks.forget();
    this.boundaries.forget();
  }

  add(layer: Selectable): void {
    this.layers.push(layer);
  }

  maskOf(layer: Selectable): Uint8Array {
    return this.partOf(layer, this.masks, () => {
      const scores = this.layers.map(each => each.scoreValues());
      const masks = globalTopKMasks(scores, this.keepFraction, this.ranking);
      this.refuseEmptyLayer(masks.map(mask => (mask.includes(1) ? 1 : 0)));
      return masks;
    });
  }

  boundaryOf(layer: Selectable): LayerBoundary | undefined {
    if (this.ranking === "signed" || !hasOperation("MultiprizeGlobalBoundary")) return undefined;
    return this.partOf(layer, this.boundaries, () => {
      const scores = this.layers.map(each => each.scoreTensor());
      const n = scores.reduce((sum, {size}) => sum + size, 0);
      const ints = {count: scores.length, keep: keepCount(n, this.keepFraction)};
      const [counts] = runOperation("MultiprizeGlobalBoundary", scores, {ints});
      const [least, ...pairs] = counts.dataSync();
      counts.dispose();
      const boundaries = scores.map((_, i) => ({least, ties: pairs[2 * i], kept: pairs[2 * i + 1]}));
      this.refuseEmptyLayer(boundaries.map(({kept}) => kept));
      return boundaries;
    });
  }

  private partOf<Part>(layer: Selectable, latest: Latest<Part[]>, compute: () => Part[]): Part {
    const index = this.layers.indexOf(layer);
    if (index < 0) throw new RangeError(`layer ${layer.name} was not built under this global selection`);
    const versions = this.layers.map(each => each.scoresVersion());
    return latest.of(versions, compute)[index];
  }

  private refuseEmptyLayer(kept: readonly number[]): void {
    const empty = kept.indexOf(0);
    if (empty < 0) return;
    throw new UserError(
      `global selection at keepFraction ${this.keepFraction} leaves layer ${this.layers[empty].name} empty: ` +
        "no signal passes; keep more, ramp more slowly, or select layerwise",
    );
  }
}

/** The value for the latest versions of what it is made from. */
class Latest<Value> {
  private current: {readonly versions: readonly object[]; readonly value: Value} | undefined;

  of(versions: readonly object[], compute: () => Value): Value {
    const same = this.current?.versions.length === versions.length;
    if (this.current === undefined || !same || versions.some((v, i) => v !== this.current?.versions[i])) {
      this.current = {versions, value: compute()};
    }
    return this.current.value;
  }

  forget(): void {
    this.current = undefined;
  }
}
