import type {Setting} from "./experiment";

/**
 * What is wrong where two settings of one seed each stand at one place of a curve, which reports take together as seeds of
 * one thing, mean ± standard deviation, but are no two seeds of it: they are the same run, or differ in more.
 */
export function sharedPlace(settings: readonly Setting[]): string | undefined {
  const first = new Map<string, number>();
  const found = new Map<string, number>();
  for (const [i, {curve, x, label, given, dataset}] of settings.entries()) {
    const run = {...given, dataset};
    const [place, key] = [JSON.stringify([curve, x]), JSON.stringify([curve, x, run])];
    const [before, same] = [first.get(place) ?? i, found.get(key)];
    if (same !== undefined)
      return `cells ${same + 1} and ${i + 1} (${label}) are one run: leave one of them out`;
    const difference = differing({...settings[before].given, dataset: settings[before].dataset}, run);
    if (difference !== undefined)
      return `cells ${before + 1} and ${i + 1} (${label}) would be taken for two seeds of one thing, and differ in ${difference}: give each spec a "label" of its own`;
    first.set(place, before);
    found.set(key, i);
  }
  return undefined;
}

/** The first setting but the seed in which two runs differ. */
function differing(one: object, other: object): string | undefined {
  const [a, b] = [one, other] as Record<string, unknown>[];
  return Object.keys({...a, ...b}).find(
    key => key !== "seed" && JSON.stringify(a[key]) !== JSON.stringify(b[key]),
  );
}
