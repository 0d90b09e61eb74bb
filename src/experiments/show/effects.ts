import {mean, sd} from "../../core/statistics";
import {signed} from "../../report/numbers";
import {checkSeeds, type ResultRow} from "./rows";
import type {Place} from "./verdict";

/** A place of an experiment against its default, seed by seed. */
export interface Effect {
  readonly curve: string;
  readonly x: number | string;
  /** Mean test accuracy over the seeds that both have, %. */
  readonly mean: number;
  /** Of the place's accuracies over seeds (n − 1). */
  readonly sd: number;
  /** Mean of (place − default) over seeds, in points. */
  readonly difference: number;
  /** Of those differences (n − 1): equal seeds share weights, start scores and batches, so much of the spread cancels. */
  readonly differenceSd: number;
  readonly seeds: number;
  readonly verdict: Verdict;
}

/** "left chance" where the default has not: by how much is no claim. */
type Verdict =
  | "higher"
  | "lower"
  | "not resolved"
  | "no difference seen"
  | "at chance"
  | "left chance"
  | "the default";

/** An effect is named where it is larger than so many of its standard deviations, and than a point. */
const DEVIATIONS = 3;
const LEAST_POINTS = 1;

/**
 * Every place of `rows` against `reference`, by paired differences over the seeds that both finished: d_s = a_s − b_s,
 * mean d ± sd(d). An effect is "higher" or "lower" only where |d| > 3·sd(d) and more than a point (with three seeds
 * that is t > 5.2, which chance alone passes in 1 of 28 comparisons), "not resolved" where it is still more than sd(d)
 * and a point. "at chance": no seed left chance, and no order is claimed. "the default": its own searches. Places with
 * fewer than two common seeds are left out.
 * Throws RangeError where the reference has no finished run, UserError where a seed stands twice at one place.
 */
export function effectsOf(rows: readonly ResultRow[], reference: Place): Effect[] {
  checkSeeds(rows);
  const done = rows.filter(row => row.testAccuracy !== null);
  const [curve, x] = reference;
  const defaults = done.filter(row => row.curve === curve && row.x === x);
  const base = new Map(defaults.map(row => [row.seed, row]));
  const defaultLeft = defaults.some(row => row.leftChance);
  if (base.size === 0) throw new RangeError(`nothing is recorded at ${curve}, ${x}`);
  const places = [...new Map(done.map(row => [JSON.stringify([row.curve, row.x]), row])).values()];
  return places.flatMap(place => {
    const own = done.filter(row => row.curve === place.curve && row.x === place.x && base.has(row.seed));
    if (own.length < 2) return [];
    const accuracies = own.map(row => row.testAccuracy!);
    const differences = own.map(row => row.testAccuracy! - base.get(row.seed)!.testAccuracy!);
    const [difference, differenceSd] = [mean(differences), sd(differences)];
    const left = own.some(row => row.leftChance);
    // A default value stands on every curve of an experiment: the same search by another name.
    const same = own.every(row => row.id === base.get(row.seed)!.id);
    const verdict = same ? "the default" : verdictOn(differences, left, defaultLeft);
    return [
      {
        curve: place.curve,
        x: place.x,
        mean: mean(accuracies),
        sd: sd(accuracies),
        difference,
        differenceSd,
        seeds: own.length,
        verdict,
      },
    ];
  });
}

function verdictOn(differences: readonly number[], left: boolean, defaultLeft: boolean): Verdict {
  if (!left) return "at chance";
  if (!defaultLeft) return "left chance";
  const [size, spread] = [Math.abs(mean(differences)), sd(differences)];
  if (size > Math.max(DEVIATIONS * spread, LEAST_POINTS)) return mean(differences) > 0 ? "higher" : "lower";
  return size > Math.max(spread, LEAST_POINTS) ? "not resolved" : "no difference seen";
}

/** "−19.5 ± 0.9": the difference to the default, in points. */
export function effectText({difference, differenceSd}: Effect): string {
  return `${signed(difference)} ± ${differenceSd.toFixed(1)}`;
}

/** What a text says of a place: its effect as `effectText` words it, and the verdict. */
export type Claim = readonly [curve: string, x: number | string, effect: string, verdict: Effect["verdict"]];

/** Throws an Error that names the claims which the records do not bear out. */
export function checkClaims(effects: readonly Effect[], claims: readonly Claim[]): void {
  const wrong = claims.flatMap(([curve, x, text, verdict]) => {
    const effect = effects.find(each => each.curve === curve && each.x === x);
    const actual = effect ? `${effectText(effect)}, ${effect.verdict}` : "not recorded";
    return actual === `${text}, ${verdict}`
      ? []
      : [`${curve}: ${x} is ${actual}, the text says ${text}, ${verdict}`];
  });
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
}

/** Effects as a table to read. */
export function effectRows(effects: readonly Effect[]): Record<string, string | number>[] {
  return effects.map(effect => ({
    setting: `${effect.curve}: ${effect.x}`,
    seeds: effect.seeds,
    "test accuracy (%)": `${effect.mean.toFixed(1)} ± ${effect.sd.toFixed(1)}`,
    "less the default (points)": effect.verdict === "the default" ? "" : effectText(effect),
    "what is seen": effect.verdict,
  }));
}
