import {Stream} from "../core/random";
import type {WeightName} from "../core/weights";
import {maskOf, type SignSource, type TicketLayer} from "./ticket";

/** Initialisations whose weights are all positive. The Bernoulli ones, which draw zeros, have no ticket. */
const positive: ReadonlySet<WeightName> = new Set(["ones", "unsigned-constant"]);
const withZeros: ReadonlySet<WeightName> = new Set(["bernoulli", "scaled-bernoulli"]);

/** Where the signs of an initialisation come from, or undefined where some weights have none. */
export function sourceOf(weights: WeightName): "seed" | "positive" | undefined {
  if (withZeros.has(weights)) return undefined;
  return positive.has(weights) ? "positive" : "seed";
}

/** Gives every kept weight (an entry 1) of a layer its sign from the seed: those that are negative become −1. */
export function signFromSeed(
  mask: Int8Array,
  name: string,
  source: Exclude<SignSource, {kind: "stored"}>,
): void {
  if (source.kind === "positive") return;
  const stream = new Stream(source.seed, `${name}/signs`);
  for (let begin = 0; begin < mask.length; begin += 32) {
    const end = Math.min(begin + 32, mask.length);
    const word = stream.word(begin / 32);
    for (let i = begin; i < end; i++) {
      // −m = (m ^ −1) + 1. Whether it turns is chance, so nothing here branches on it.
      const turns = (word >>> (i - begin)) & 1;
      mask[i] = (mask[i] ^ -turns) + turns;
    }
  }
}

/** The first sign of a layer that the seed would give otherwise, if there is one. */
export function signNotFromSeed(
  {name, signs}: TicketLayer,
  source: Parameters<typeof signFromSeed>[2],
): number | undefined {
  const drawn = new Int8Array(maskOf({signs}).buffer);
  signFromSeed(drawn, name, source);
  for (let i = 0; i < signs.length; i++) if (signs[i] !== drawn[i]) return i;
  return undefined;
}
