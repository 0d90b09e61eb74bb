import {counted} from "../../report/numbers";
import {epochsLacking} from "./denseBudget";
import type {MeanRow} from "./rows";

/** A place of a table: a curve and where on it. */
export type Place = readonly [curve: string, x: number | string];

/** What the records say of a claim. */
export interface Verdict {
  readonly claim: string;
  readonly verdict: "holds" | "does not hold" | "mixed" | "cannot be told";
  readonly evidence: string;
}

/**
 * Whether the first of each pair of places is more accurate than the second. A pair counts where both were run and have
 * left chance, and, of a ticket and a dense network, where both ran for as many epochs as the dense one's rate is made
 * for; nothing is told from the others.
 */
export function verdictOf(
  claim: string,
  means: readonly MeanRow[],
  pairs: readonly (readonly [Place, Place])[],
): Verdict {
  const at = ([curve, x]: Place): MeanRow | undefined =>
    means.find(row => row.curve === curve && row.x === x && row.leftChance);
  const run = pairs.flatMap(([a, b]) => {
    const [first, second] = [at(a), at(b)];
    if (first === undefined || second === undefined) return [];
    return [{higher: first.mean! > second.mean!, lacking: epochsLacking(first, second)}];
  });
  const told = run.filter(({lacking}) => lacking === undefined);
  const [holds, seen] = [told, run].map(some => some.filter(({higher}) => higher).length);
  const meant = Math.max(...run.flatMap(({lacking}) => lacking ?? []));
  const evidence =
    run.length === 0
      ? `none of ${counted(pairs.length, "pair")} was run and has left chance`
      : told.length === 0
        ? `${seen} of ${counted(run.length, "pair")}, which decides nothing: a dense network's rate is made for ${meant} epochs`
        : `${holds} of ${told.length} pairs; ${pairs.length - told.length} cannot be compared`;
  const all = holds === told.length ? "holds" : holds === 0 ? "does not hold" : "mixed";
  return {claim, verdict: told.length === 0 ? "cannot be told" : all, evidence};
}
