import {suggestion} from "../core/choice";
import type {FanRule} from "../core/fan";
import {gainRuleOf, type LayerGain} from "../core/layerGain";
import {checkKeepFraction} from "../core/mask";
import {type Ranking, rankings} from "../core/ranking";
import type {ScoreRule} from "../core/scores";
import type {WeightRule} from "../core/weights";
import {layerArgumentNames, ruleName} from "./layerParts";
import {type Method, methods} from "./method";
import {type ScoreGradientRule, scoreGradientNamed} from "./scoreGradients";
import type {MaskSource} from "./selection";

/** Options that every masked layer has. */
export interface MaskedOptions {
  readonly method?: Method;
  /** Share k of weights kept, in (0, 1]. Needed but for dense. */
  readonly keepFraction?: number;
  readonly weights?: WeightRule;
  /** The fan that weights are scaled by: pruned unless given, (1 − k) of it as in the reference; none for dense. */
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

const defaults: Resolved = {
  method: "biprop",
  weights: "kaiming-normal",
  scores: "uniform",
  gain: "mean-kept",
  gainFactor: 1,
  scoreGradient: "straight-through",
  ranking: "magnitude",
  seed: 0,
  selection: "layerwise",
  // Must be given.
  keepFraction: Number.NaN,
  fan: "pruned",
};

/** What is a masked layer's among other settings, such as a search's whole spec. */
export function maskedPart(settings: MaskedOptions): MaskedOptions {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => Object.hasOwn(defaults, name)));
}

/**
 * The options with the defaults of what is left out. RangeError for a value that there is none of, and for an option
 * that is neither here, nor of every layer of TensorFlow.js, nor among `own`.
 */
export function resolvedOptions(
  options: MaskedOptions,
  layer = "a masked layer",
  own: readonly string[] = [],
): Resolved {
  checkOptions(layer, options, [...own, ...Object.keys(defaults)]);
  const given = Object.entries(maskedPart(options)).filter(([, value]) => value !== undefined);
  const unset = options.method === "dense" ? {...defaults, keepFraction: 1, fan: "none" as const} : defaults;
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

/** Options that are dropped in silence would leave a network that is another than its author reads. */
function checkOptions(layer: string, options: object, known: readonly string[]): void {
  // The last comes with the config of a saved layer.
  const valid = [...known, ...layerArgumentNames, "customObjects"];
  for (const key of Object.keys(options)) {
    if (valid.includes(key)) continue;
    const instead =
      key === "activation" || key === "useBias"
        ? `; masked layers have ${key === "useBias" ? "no bias" : "none: put a layer of it behind"}`
        : suggestion(key, valid);
    throw new RangeError(`${layer} has no option ${key}${instead}; it has ${known.join(", ")}`);
  }
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
