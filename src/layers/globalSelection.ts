// Global pruning: all layers' scores ranked together.
import {hasOperation, runOperation} from "../backend/operations";
import {UserError} from "../core/errors";
import {globalTopKMasks, keepCount} from "../core/mask";
import type {Latest} from "./latest";
import {type MaskSource, RankSelection, type Selectable} from "./selection";
import type {LayerBoundary} from "./selectOperation";

/**
 * One threshold for all layers: of all N scores the keepCount(N) largest |s| are kept, ties going to the earlier
 * layer and lower index. Recomputed only when scores changed. Share one instance among the layers of a model.
 *
 * Source: chrundle/biprop f709fc5, utils/conv_type.py, GlobalSubnetConv; from "A Winning Hand" (arXiv:2106.09129).
 */
export class GlobalSelection extends RankSelection implements MaskSource {
  readonly kind = "global";
  private readonly layers: Selectable[] = [];

  /** Takes a layer into the common ranking; ties go to the layer that came earlier. */
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

  /** Throws where a layer keeps none of its weights. */
  refuseEmptyLayer(kept: readonly number[]): void {
    const empty = kept.indexOf(0);
    if (empty < 0) return;
    throw new UserError(
      `global selection at keepFraction ${this.keepFraction} leaves layer ${this.layers[empty].name} empty: ` +
        "no signal passes; keep more, ramp more slowly, or select layerwise",
    );
  }
}
