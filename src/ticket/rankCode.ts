import {Estimate} from "./estimate";
import {RangeDecoder, RangeEncoder} from "./rangeCoder";
import type {Ranks, TicketLayer} from "./ticket";
import {TicketError} from "./ticketError";

/**
 * Ranks as one range code, layer after layer. A weight of rank r asks at fractions 0, 1, … "kept here?": no r times, then
 * yes, unless r is their number. The probability of a yes depends on the layer, the fraction, and whether the ticket
 * keeps the weight, so a ticket of one of the fractions says nothing twice.
 */
export function encodeRanks({fractions, layers: ranks}: Ranks, layers: readonly TicketLayer[]): Uint8Array {
  if (ranks.length !== layers.length)
    throw new TicketError(`ranks of ${ranks.length} layers, not of ${layers.length}`);
  const encoder = new RangeEncoder();
  layers.forEach(({name, signs}, l) => {
    if (ranks[l].length !== signs.length) throw new TicketError(`layer ${name} has ${ranks[l].length} ranks`);
    const estimate = new Estimate(2 * fractions.length);
    for (let i = 0; i < signs.length; i++) {
      const context = (signs[i] & 1) * fractions.length;
      const rank = ranks[l][i];
      if (rank > fractions.length) throw new TicketError(`layer ${name} has rank ${rank}`);
      for (let j = 0; j < fractions.length && j <= rank; j++) {
        const bit = j === rank ? 1 : 0;
        encoder.encode(bit, estimate.one(context + j));
        estimate.count(context + j, bit);
      }
    }
  });
  return encoder.finish();
}

export function decodeRanks(
  bytes: Uint8Array,
  fractions: readonly number[],
  layers: readonly TicketLayer[],
): Ranks {
  const decoder = new RangeDecoder(bytes);
  const ranks = layers.map(({signs}) => {
    const estimate = new Estimate(2 * fractions.length);
    const layer = new Uint8Array(signs.length);
    for (let i = 0; i < signs.length; i++) {
      const context = (signs[i] & 1) * fractions.length;
      let rank = 0;
      while (rank < fractions.length) {
        const bit = decoder.decode(estimate.one(context + rank));
        estimate.count(context + rank, bit);
        if (bit === 1) break;
        rank++;
      }
      layer[i] = rank;
    }
    if (decoder.overran()) throw new TicketError("section rank ends too early");
    return layer;
  });
  if (!decoder.atEnd()) throw new TicketError("section rank goes on after the last weight");
  return {fractions, layers: ranks};
}
