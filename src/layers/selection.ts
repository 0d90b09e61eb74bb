import {UserError} from "../core/errors";
import {checkKeepFraction, globalTopKMasks} from "../core/mask";

/** A layer as selection sees it. */
export interface Selectable {
  readonly name: string;
  /** Changes whenever the scores do. */
  scoresVersion(): object;
  scoreValues(): Float32Array;
}

/** Gives layers masks that do not come from their own scores alone. */
export interface MaskSource {
  /** Share that they keep, of all layers together. */
  readonly keepFraction: number;
  add(layer: Selectable): void;
  maskOf(layer: Selectable): Uint8Array;
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
  private versions: object[] = [];
  private masks: Uint8Array[] = [];

  constructor(private share: number) {
    checkKeepFraction(share);
  }

  get keepFraction(): number {
    return this.share;
  }

  /** Another share, from the next selection on: a ramp's. */
  set keepFraction(share: number) {
    checkKeepFraction(share);
    if (share !== this.share) this.versions = [];
    this.share = share;
  }

  add(layer: Selectable): void {
    this.layers.push(layer);
  }

  maskOf(layer: Selectable): Uint8Array {
    const index = this.layers.indexOf(layer);
    if (index < 0) throw new RangeError(`layer ${layer.name} was not built under this global selection`);
    const versions = this.layers.map(each => each.scoresVersion());
    if (versions.length !== this.versions.length || versions.some((each, i) => each !== this.versions[i])) {
      const masks = globalTopKMasks(
        this.layers.map(each => each.scoreValues()),
        this.keepFraction,
      );
      this.refuseEmptyLayer(masks);
      this.masks = masks;
      this.versions = versions;
    }
    return this.masks[index];
  }

  private refuseEmptyLayer(masks: readonly Uint8Array[]): void {
    const empty = masks.findIndex(mask => mask.indexOf(1) < 0);
    if (empty < 0) return;
    throw new UserError(
      `global selection at keepFraction ${this.keepFraction} leaves layer ${this.layers[empty].name} empty: ` +
        "no signal passes; keep more, ramp more slowly, or select layerwise",
    );
  }
}
