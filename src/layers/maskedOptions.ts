import type {FanRule} from "../core/fan";
import {gainRuleOf, type LayerGain} from "../core/layerGain";
import {checkKeepFraction} from "../core/mask";
import {type Ranking, rankings} from "../core/ranking";
import type {ScoreRule} from "../core/scores";
import type {WeightRule} from "../core/weights";
import {ruleName} from "./layerParts";
import {type Method, methods} from "./method";
import {type ScoreGradientRule, scoreGradientNamed} from "./scoreGradients";
import type {MaskSource} from "./selection";

/** Options that every masked layer has. */
export interface MaskedOptions {
  readonly method?: Method;
  /** Share k of weights kept, in (0, 1]. Needed but for dense. */
  readonly keepFraction?: number;
  readonly weights?: WeightRule;
  readonly fan?: FanRule;
  readonly scores?: ScoreRule;
  readonly gain?: LayerGain;
  /** Times the gain that the rule gives, > 0; 1 unless given. */
  readonly gainFactor?: number;
  readonly scoreGradient?: ScoreGradientRule;
  /** Kept are the largest |s|, or the largest s, and then dL/dS lacks its factor sign(S). */
  readonly ranking?: Ranking;
  /** With the layer's name, the address of its random weights and scores. */
  readonly seed?: number;
  readonly selection?: "layerwise" | MaskSource;
  /** Give each layer a name of its own: two layers of one name and seed draw the same weights. */
  readonly name?: string;
}

/** With every default in its place. */
export type Resolved = Required<Omit<MaskedOptions, "name">>;

const defaults: Omit<Resolved, "keepFraction"> = {
  method: "biprop",
  weights: "kaiming-normal",
  fan: "none",
  scores: "uniform",
  gain: "mean-kept",
  gainFactor: 1,
  scoreGradient: "straight-through",
  ranking: "magnitude",
  seed: 0,
  selection: "layerwise",
};

/** The options with the defaults of what is left out. RangeError for a value that there is none of. */
export function resolvedOptions(options: MaskedOptions): Resolved {
  const unset = {...defaults, keepFraction: options.method === "dense" ? 1 : Number.NaN};
  const given = Object.entries(options).filter(([key, value]) => key in unset && value !== undefined);
  const resolved: Resolved = {...unset, ...Object.fromEntries(given)};
  const {method, ranking} = resolved;
  if (!methods.includes(method))
    throw new RangeError(`unknown method "${method}"; choose ${methods.join(", ")}`);
  if (!rankings.includes(ranking))
    throw new RangeError(`unknown ranking "${ranking}"; choose ${rankings.join(", ")}`);
  checkKeepFraction(resolved.keepFraction);
  if (!(resolved.gainFactor > 0 && Number.isFinite(resolved.gainFactor)))
    throw new RangeError(`gainFactor must be a number above 0, got ${resolved.gainFactor}`);
  gainRuleOf(resolved.gain);
  scoreGradientNamed(resolved.scoreGradient);
  return resolved;
}

/** The options as they stand in the config of a saved layer. RangeError where one has no place in a file. */
export function optionsConfig(name: string, options: Resolved): Record<string, string | number> {
  const {selection, weights, fan, scores, gain, scoreGradient, ...rest} = options;
  if (selection !== "layerwise")
    throw new RangeError(`layer ${name} takes its mask from outside: it cannot be saved on its own`);
  return {
    ...rest,
    weights: ruleName("weight initialisation", weights),
    fan: ruleName("fan rule", fan),
    scores: ruleName("score initialisation", scores),
    gain: ruleName("gain", gain),
    scoreGradient: ruleName("score gradient", scoreGradient),
  };
}
