import type {Shown} from "../model/address";
import type {Changes} from "../model/changes";
import type {Opened} from "../model/explorer";
import type {Chosen} from "./map";

/** Changes that this ticket allows: a keep fraction out of an address may be none of its own. */
export function possible({keepFraction, ...changes}: Changes, {ticket}: Opened): Changes {
  const known = keepFraction !== undefined && ticket.ranks?.fractions.includes(keepFraction);
  return known && keepFraction !== ticket.selection.keepFraction ? {...changes, keepFraction} : changes;
}

/** The weight that the address names, else the first one kept. */
export function chosenIn({ticket: {layers}}: Opened, {layer, weight = 0}: Shown): Chosen {
  const named = layers.find(({name}) => name === layer);
  if (named && weight < named.signs.length) return {layer: named.name, index: weight};
  return {
    layer: layers[0].name,
    index: Math.max(
      0,
      layers[0].signs.findIndex(sign => sign !== 0),
    ),
  };
}
