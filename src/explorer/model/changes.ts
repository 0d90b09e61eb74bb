import {UserError} from "../../core/errors";
import {Stream} from "../../core/random";
import {atKeepFraction} from "../../ticket/atKeepFraction";
import {signFromSeed} from "../../ticket/seedSigns";
import type {Ticket, TicketLayer} from "../../ticket/ticket";

/** What is done to a ticket before it is asked. `unchanged` leaves it as it is. */
export interface Changes {
  /** Another share of weights kept, one of those that its ranks were stored for. */
  readonly keepFraction?: number;
  /** Times every layer's gain. */
  readonly gain: number;
  /** Share of the kept weights whose sign turns, in [0, 1]. */
  readonly flipped: number;
  /** Share of the kept weights that are dropped, as many pruned ones of the same layer coming in, in [0, 1]. */
  readonly redrawn: number;
  /** Standard deviation of the noise on each pixel, where black is 0 and white 1. */
  readonly noise: number;
  /** Whether batch norm's statistics are taken anew for the changed network, or stay those of the search. */
  readonly batchNorm: "re-estimated" | "stored";
}

export const unchanged: Changes = {gain: 1, flipped: 0, redrawn: 0, noise: 0, batchNorm: "re-estimated"};

/** Whether any weight or gain is another; noise changes the pictures alone. */
export function changesWeights(ticket: Ticket, {keepFraction, gain, flipped, redrawn}: Changes): boolean {
  const moved = keepFraction !== undefined && keepFraction !== ticket.selection.keepFraction;
  return moved || gain !== 1 || flipped > 0 || redrawn > 0;
}

/** Names the random numbers of the explorer: the same change gives the same network wherever it is made. */
const SEED = 1;

/**
 * The ticket with its weights changed: first the keep fraction, then some kept weights drawn anew, then signs turned,
 * then the gain. A larger share changes all that a smaller one does, and more. Gains and batch norm stay what they
 * were, but at another keep fraction, where `atKeepFraction` takes the gains anew. UserError for a share outside [0, 1].
 */
export function changedTicket(ticket: Ticket, changes: Changes): Ticket {
  const {keepFraction, gain, flipped, redrawn} = changes;
  for (const [name, share] of Object.entries({flipped, redrawn}))
    if (!(share >= 0 && share <= 1)) throw new UserError(`${name} is a share from 0 to 1; got ${share}`);
  if (!(gain > 0) || !Number.isFinite(gain))
    throw new UserError(`the gain's factor is a positive number; got ${gain}`);
  if (!changesWeights(ticket, changes)) return ticket;
  const own = keepFraction === undefined || keepFraction === ticket.selection.keepFraction;
  const moved = own ? ticket : atKeepFraction(ticket, keepFraction);
  const layers = moved.layers.map(layer => ({
    ...layer,
    signs: withTurned(withRedrawn(layer, redrawn, moved), layer.name, flipped),
    gain: Math.fround(layer.gain * gain),
  }));
  return {...moved, layers};
}

/** Signs of a layer once a share of the kept weights has left; who comes in is drawn among the pruned ones. */
function withRedrawn(layer: TicketLayer, share: number, ticket: Ticket): Int8Array {
  if (share === 0) return layer.signs;
  const leaving = new Stream(SEED, `${layer.name}/explorer/leaves`);
  const coming = new Stream(SEED, `${layer.name}/explorer/comes`);
  const signs = layer.signs.slice();
  const all = signsIfKept(layer, ticket);
  const pruned = Uint32Array.from(signs.keys()).filter(i => signs[i] === 0);
  let come = 0;
  for (let i = 0; i < layer.signs.length; i++) {
    if (layer.signs[i] === 0 || come === pruned.length || leaving.uniform(i) >= share) continue;
    // Fisher–Yates, as far as it is needed: who comes in at a small share does at a larger one too.
    const j = come + coming.integer(come, pruned.length - come);
    [pruned[come], pruned[j]] = [pruned[j], pruned[come]];
    signs[i] = 0;
    signs[pruned[come]] = all[pruned[come]];
    come++;
  }
  return signs;
}

function withTurned(signs: Int8Array, name: string, share: number): Int8Array {
  if (share === 0) return signs;
  const stream = new Stream(SEED, `${name}/explorer/turns`);
  return signs.map((sign, i) => (sign !== 0 && stream.uniform(i) < share ? -sign : sign));
}

/**
 * The sign of every weight of a layer, kept or pruned: the seed's. Where the file stores signs of kept weights alone, a
 * pruned one's is not known, and is drawn.
 */
export function signsIfKept({name, signs}: TicketLayer, {signs: source}: Ticket): Int8Array {
  const all = new Int8Array(signs.length).fill(1);
  if (source.kind !== "stored") {
    signFromSeed(all, name, source);
    return all;
  }
  const drawn = new Stream(SEED, `${name}/explorer/signs`);
  return all.map((_, i) => signs[i] || (drawn.bit(i) ? -1 : 1));
}
