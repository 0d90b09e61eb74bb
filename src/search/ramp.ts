import {UserError} from "../core/errors";
import type {Network} from "../layers/build";
import type {RampSpec, SearchSpec} from "./spec";

/** Where the reference's ramp begins. */
const FROM = 0.5;
const EPOCHS = 10;

/**
 * The share kept in epoch e = 0, 1, …: k + (from − k)·(1 − e/E)³ while e < E, then k. A mask that one threshold for
 * all layers makes sparse at once leaves wide layers empty, as their scores start smallest; so it gets there in steps.
 * Layerwise selection can be given a ramp too; that is ours.
 *
 * Source: chrundle/biprop f709fc5, main.py (`prune_rate_epoch`).
 */
export function keepFractionAt(
  {keepFraction, ramp}: Pick<SearchSpec, "keepFraction" | "ramp">,
  epoch: number,
): number {
  if (ramp === undefined || epoch >= ramp.epochs) return keepFraction;
  return keepFraction + (ramp.from - keepFraction) * (1 - epoch / ramp.epochs) ** 3;
}

/** The reference's: ten epochs from one half down. A search of fewer than a hundred epochs ramps over a tenth of them. */
export function usualRamp(keepFraction: number, epochs: number): RampSpec | undefined {
  if (!(keepFraction < FROM)) return undefined;
  return {epochs: Math.min(EPOCHS, Math.floor(epochs / 10)), from: FROM};
}

/** The network keeps that share from now on, of all layers together or of each. */
export function keepShare({selection, masked}: Network, share: number): void {
  if (selection) selection.keepFraction = share;
  else for (const layer of masked) layer.keepFraction = share;
}

/** UserError for a ramp that does not go with the rest of its spec; each of its values alone is its row's affair. */
export function checkRamp({ramp, method, keepFraction, epochs}: SearchSpec): void {
  if (ramp === undefined) return;
  if (method === "dense" || method === "random-mask")
    throw new UserError(`a ramp goes with a search of scores (biprop or edge-popup), not with ${method}`);
  if (ramp.epochs > 0 && ramp.epochs >= epochs) {
    throw new UserError(
      `a ramp of ${ramp.epochs} epochs does not end within a search of ${epochs}: shorten it, or search longer`,
    );
  }
  if (!(ramp.from >= keepFraction && ramp.from <= 1)) {
    throw new UserError(
      `a ramp comes down from a share between keepFraction, ${keepFraction}, and 1; got ${ramp.from}`,
    );
  }
}
