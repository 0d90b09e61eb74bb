import {fanOf} from "../core/fan";
import {gainRuleNamed} from "../core/gain";
import {randomWeights} from "../core/weights";
import {signFromSeed} from "./seedSigns";
import type {Ticket} from "./ticket";
import {TicketError} from "./ticketError";

/**
 * The same ticket at another keep fraction, one of those that its ranks were stored for. Masks and signs are exactly
 * those of a selection at that fraction; gains are recomputed over magnitudes drawn from the seed, so they can
 * differ in the last bits between engines; learned gains and batch-norm values stay those of the fraction that it
 * was searched at. Its accuracy there is not known, and it cannot be moved again. TicketError for a ticket without
 * ranks or without a seed, and for another fraction.
 */
export function atKeepFraction(ticket: Ticket, keepFraction: number): Ticket {
  const {ranks, ...rest} = ticket;
  const {signs: source, selection} = ticket;
  if (ranks === undefined)
    throw new TicketError(
      "it holds no ranks, so its keep fraction cannot be moved: search with --ranks to store them",
    );
  const at = ranks.fractions.indexOf(keepFraction);
  if (at < 0) {
    throw new TicketError(
      `it can be moved to the keep fractions ${ranks.fractions.join(", ")}, not ${keepFraction}`,
    );
  }
  if (source.kind === "stored") {
    throw new TicketError(
      "its weights come from no seed, so signs and gains at another keep fraction are not known",
    );
  }
  const {weights: rule, fan, gain: gainRule} = source.initialisation;
  const layers = ticket.layers.map(({name, shape, gain: now}, l) => {
    const mask = Uint8Array.from(ranks.layers[l], rank => (rank <= at ? 1 : 0));
    const signs = Int8Array.from(mask);
    signFromSeed(signs, name, source);
    const drawnAt = {rule, fan, keepFraction: selection.keepFraction, seed: source.seed, name};
    const context = {keepFraction, fanIn: fanOf(shape).in, selection: selection.kind};
    const gain =
      gainRule === "learned" ? now : gainRuleNamed(gainRule)(randomWeights(shape, drawnAt), mask, context);
    return {name, shape, signs, gain: Math.fround(gain)};
  });
  const {testAccuracy: _, ...provenance} = ticket.provenance;
  const moved = {...provenance, movedFrom: selection.keepFraction};
  return {...rest, selection: {...selection, keepFraction}, layers, provenance: moved};
}
