import type * as tf from "@tensorflow/tfjs";
import {newShare} from "../core/mask";
import type {Network} from "../layers/build";
import {relativeSizes} from "../search/scoreSteps";
import type {LayerFacts} from "./panelState";

/** Looks at a search cost no more than this share of its time. */
const SHARE = 0.05;
const LEAST_MS = 250;

/** Looks at the layers of a search while it runs, not so often that it would slow it down. */
export class LayerWatch {
  layers: readonly LayerFacts[] = [];
  /** Each filter's kept share, 0 to 255. */
  filters: Uint8Array = new Uint8Array();
  private start: readonly Uint8Array[] | undefined;
  private epoch: readonly Uint8Array[] = [];
  private nextAt = 0;

  /** An epoch begins. */
  mark({masked}: Network): void {
    this.epoch = masked.map(layer => layer.mask());
    this.start ??= this.epoch;
  }

  /** Whether it is time for another look. */
  get due(): boolean {
    return performance.now() >= this.nextAt;
  }

  /** Takes a look: the masks of this moment, and r by the gradients of the step. */
  async look({masked}: Network, gradients: tf.NamedTensorMap): Promise<void> {
    const began = performance.now();
    const variables = masked.flatMap(layer => layer.variables().scores ?? []);
    const moving = variables.filter(({name}) => name in gradients);
    const sizes = new Map(
      (await relativeSizes(moving, gradients)).map((r, i) => [moving[i].name, r] as const),
    );
    const shares: number[] = [];
    this.layers = masked.map((layer, l) => {
      const mask = layer.mask();
      const {weights, scores} = layer.variables();
      const filters = weights.shape.at(-1)!;
      const kept = keptByFilter(mask, filters);
      const each = mask.length / filters;
      for (const count of kept) shares.push(Math.round((255 * count) / each));
      return {
        name: layer.name,
        weights: mask.length,
        kept: kept.reduce((a, b) => a + b, 0) / mask.length,
        gain: layer.gain(),
        newSinceStart: this.start ? newShare(mask, this.start[l]) : 0,
        newSinceEpoch: this.epoch[l] ? newShare(mask, this.epoch[l]) : 0,
        r: (scores && sizes.get(scores.name)) ?? 0,
        filters,
      };
    });
    this.filters = Uint8Array.from(shares);
    const now = performance.now();
    this.nextAt = now + Math.max(LEAST_MS, (now - began) / SHARE);
  }

  /** The next step is looked at, whenever it comes. */
  again(): void {
    this.nextAt = 0;
  }
}

/** Weights that each filter keeps: a weight's filter is the last of its indices. */
export function keptByFilter(mask: Uint8Array, filters: number): Uint32Array {
  const kept = new Uint32Array(filters);
  for (let i = 0, filter = 0; i < mask.length; i++) {
    kept[filter] += mask[i];
    if (++filter === filters) filter = 0;
  }
  return kept;
}
