// The algorithm from which biprop comes (Ramanujan et al., 2020), on the same plain arrays.
import {prune} from "../core/quantize";
import {type Found, type SearchOptions, searchMasks} from "./biprop";
import type {LabelledInputs} from "./trainRelu";

/**
 * edge-popup: biprop's search, but kept weights compute as they are, W ⊙ M, without a gain. RangeError where k is not in
 * (0, 1].
 */
export function edgePopup(data: LabelledInputs, options: SearchOptions): Found {
  return searchMasks(data, options, ({weights}, masks) => weights.map((w, l) => prune(w, masks[l])));
}
