/**
 * What a weight's place is decided by.
 * - `magnitude`: |s|, as in biprop: a score that falls below 0 climbs again.
 * - `signed`: s itself, as edge-popup is first written down (Ramanujan et al. 2020): the most negative go first.
 */
export type Ranking = "magnitude" | "signed";

/** The valid rankings. */
export const rankings: readonly Ranking[] = ["magnitude", "signed"];

/** What is compared: |s| or s. */
export function ranked(score: number, ranking: Ranking): number {
  return ranking === "signed" ? score : Math.abs(score);
}
