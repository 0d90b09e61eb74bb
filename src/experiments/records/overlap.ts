import {sketchOverlap} from "./maskFacts";
import type {DoneRecord} from "./record";

/**
 * Of the weights that one run kept, the share that another kept too: estimated from 512 places of each layer, the
 * layers weighted by what they keep. Two masks that know nothing of each other agree on the share k. RangeError for
 * records of two networks.
 */
export function maskOverlap(one: DoneRecord, other: DoneRecord): number {
  let kept = 0;
  let both = 0;
  for (const [i, layer] of one.layers.entries()) {
    const counterpart = other.layers[i];
    if (layer.sketch === null || !counterpart?.sketch || layer.name !== counterpart.name)
      throw new RangeError("masks of one network are compared, not those of two");
    kept += layer.kept;
    both += layer.kept * sketchOverlap(layer.sketch, counterpart.sketch);
  }
  return both / kept;
}
