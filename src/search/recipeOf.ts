import {UserError} from "../core/errors";
import {filledIn, type Given} from "./defaults";
import {type RecipeName, recipeNames} from "./recipe";
import {isDepends, type Located, rows, settingValue} from "./settings";
import type {SearchSpec} from "./spec";

/** What no recipe fills in: which network, how much of it is kept, for how long, on what, from which draw. */
const chosen = [
  "arch",
  "activation",
  "width",
  "keepFraction",
  "epochs",
  "seed",
  "batchSeed",
  "subset",
  "interimTestImages",
  "precision",
] as const satisfies readonly (keyof SearchSpec)[];
/** What a recipe looks at, and a spec by it still differs in from the usual search. */
const lookedAt = {method: "biprop", batchNorm: "none"} as const satisfies Partial<SearchSpec>;

/**
 * The recipe whose values a spec has, in words: "reference", or the one that it is nearest to and every setting of its
 * own, as "unit, learningRate 0.01, batchSize 64". A spec keeps values alone, so this is read off them. Null for what is
 * no spec of this version.
 */
export function recipeOf(spec: unknown): string | null {
  const texts = recipeNames.flatMap(name => {
    const own = departures(name, spec);
    return own === null ? [] : [{own, text: [name, ...own].join(", ")}];
  });
  if (texts.length === 0) return null;
  return texts.reduce((least, each) => (each.own.length < least.own.length ? each : least)).text;
}

/** The settings in which a spec departs from a recipe; null where the recipe says nothing of such a search. */
function departures(recipe: RecipeName, value: unknown): string[] | null {
  try {
    const spec = filledIn(value as Given);
    const kept = [...chosen, ...(Object.keys(lookedAt) as (keyof typeof lookedAt)[])];
    const asked = Object.fromEntries(kept.map(name => [name, spec[name]]));
    const expected = {...filledIn({...asked, recipe} as unknown as Given), ...lookedAt};
    return rows
      .filter(({name}) => !(chosen as readonly string[]).includes(name))
      .filter(row => shownSetting(spec, row) !== shownSetting(expected, row))
      .map(row => `${row.path} ${shownSetting(spec, row) ?? "none"}`);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** As text; what is absent has the value that its row says absence means. */
function shownSetting(spec: SearchSpec, {path, row: {absent}}: Located): string | undefined {
  const meant = settingValue(spec, path) ?? (isDepends(absent) ? undefined : absent);
  return meant === undefined ? undefined : String(meant);
}
