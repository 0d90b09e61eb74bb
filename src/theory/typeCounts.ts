import {binomialInterval, type LayerChance} from "./multinomial";
import {randomPair} from "./signMatrix";

/**
 * Smallest number of units of one sign type (u, v) that any (input, output) pair of the random layer has: with n or
 * more, `pruneToLayer` finds every target of n parts in this network.
 */
export function scarcestType(
  options: Omit<LayerChance, "parts"> & {readonly seed: number; readonly name?: string},
): number {
  const {units, inputs = 1, outputs = 1, seed, name} = options;
  const {first, second} = randomPair({inputs, outputs, units, seed, name});
  let scarcest = units;
  for (let i = 0; i < inputs; i++) {
    const counts = new Uint32Array(4 * outputs);
    for (let unit = i * units; unit < (i + 1) * units; unit++) {
      const u = first.sign(i, unit);
      for (let k = 0; k < outputs; k++) counts[4 * k + (u + 1) + (second.sign(unit, k) + 1) / 2]++;
    }
    scarcest = Math.min(scarcest, ...counts);
  }
  return scarcest;
}

/** How often random layers of `trials` successive seeds do, with the 99 % interval of the probability. */
export function measuredSuccess(chance: LayerChance & {readonly trials: number; readonly seed?: number}): {
  rate: number;
  interval: [number, number];
} {
  const {parts, trials, seed = 0, ...layer} = chance;
  let successes = 0;
  for (let trial = 0; trial < trials; trial++) {
    if (scarcestType({...layer, seed: seed + trial}) >= parts) successes++;
  }
  return {rate: successes / trials, interval: binomialInterval(successes, trials)};
}
