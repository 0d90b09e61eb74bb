import {keepCount} from "../core/mask";
import {EdgeList, type PrunedLayer} from "../plain/prunedLayer";
import type {Construction} from "./construct";
import {randomPair} from "./signMatrix";

/** Between which keep fractions a construction can be had. */
export interface KeepFractions {
  /** What it keeps unpadded, of the layer of which it keeps more. */
  readonly least: number;
  readonly most: number;
}

/**
 * The keep fractions k at which both layers of a construction can keep the same share of their signs and still compute
 * the same: from the larger share it needs up to about ½ (`most` is rounded down to where `padToKeepFraction` works).
 *
 * A hidden unit that the construction does not use may keep all its d edges in (and none out), or all its m edges out
 * (and none in): either way no signal passes. Of F free units, a keep the first kind and F − a the second;
 * k·d·H ≤ kept₁ + d·a and k·H·m ≤ kept₂ + m·(F − a) with H hidden units, so the best a balances the two.
 */
export function keepFractionsOf(found: Construction): KeepFractions {
  const [first, second] = found.layers;
  const hidden = first.outputs;
  const free = freeUnits(first).length;
  const used = [first.from.length / first.inputs, second.from.length / second.outputs];
  let most = 0;
  for (let a = 0; a <= free; a++) most = Math.max(most, Math.min(used[0] + a, used[1] + free - a));
  return {least: Math.max(...used) / hidden, most: (most / hidden) * (1 - 1e-12)};
}

/**
 * The same function at a given keep fraction: of both layers exactly `keepCount` signs are kept, as in a ticket of
 * biprop, by letting hidden units that are not used keep edges on one side only. Outputs stay as they are, to the bit.
 *
 * Throws RangeError for a keep fraction outside `keepFractionsOf(found)`.
 */
export function padToKeepFraction(found: Construction, keepFraction: number): [PrunedLayer, PrunedLayer] {
  const [first, second] = found.layers;
  const {first: signsIn, second: signsOut} = randomPair(found.drawn);
  const missing = [first, second].map(
    layer => keepCount(layer.inputs * layer.outputs, keepFraction) - layer.from.length,
  );
  const free = freeUnits(first);
  const forEntries = Math.ceil(missing[0] / first.inputs);
  const forExits = Math.ceil(missing[1] / second.outputs);
  if (Math.min(...missing) < 0 || forEntries + forExits > free.length) {
    const {least, most} = keepFractionsOf(found);
    throw new RangeError(
      `keepFraction ${keepFraction}: this construction can be padded to between ${least} and ${most}`,
    );
  }
  const into = copied(first);
  const out = copied(second);
  for (let left = missing[0], at = 0; left > 0; left -= first.inputs, at++) {
    for (let i = 0; i < Math.min(left, first.inputs); i++) into.keep(i, free[at], signsIn.sign(i, free[at]));
  }
  for (let left = missing[1], at = forEntries; left > 0; left -= second.outputs, at++) {
    for (let k = 0; k < Math.min(left, second.outputs); k++)
      out.keep(free[at], k, signsOut.sign(free[at], k));
  }
  return [into.layer(first.gain), out.layer(second.gain)];
}

/** Hidden units that keep no edge from an input: they carry 0. */
function freeUnits(first: PrunedLayer): number[] {
  const units = Array.from({length: first.outputs}, (_, unit) => unit);
  return units.filter(unit => first.start[unit] === first.start[unit + 1]);
}

function copied(layer: PrunedLayer): EdgeList {
  const edges = new EdgeList(layer.inputs, layer.outputs);
  for (let k = 0; k < layer.outputs; k++) {
    for (let e = layer.start[k]; e < layer.start[k + 1]; e++) edges.keep(layer.from[e], k, layer.signs[e]);
  }
  return edges;
}
