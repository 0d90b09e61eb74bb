import {unknownChoice} from "./choice";
import {type GainName, type GainRule, gainRules} from "./gain";

/** What a masked layer takes for its gain: a rule of weights and mask, or a value trained beside the scores. */
export type LayerGain = GainRule | "learned";
export type LayerGainName = GainName | "learned";

/** The names of all gains: the rules', and "learned". */
export const layerGainNames = [...Object.keys(gainRules), "learned"] as readonly LayerGainName[];

/** The rule itself; of a learned gain, the one that it starts from. RangeError for an unknown name. */
export function gainRuleOf(gain: LayerGain): GainRule {
  if (gain === "learned") return "mean-kept";
  if (typeof gain === "string" && !layerGainNames.includes(gain)) {
    throw new RangeError(`${unknownChoice("gain rule", gain, layerGainNames)}, or give a function`);
  }
  return gain;
}
