import {type Changes, unchanged} from "./changes";

/** What a link to the explorer says: all that another reader needs to see the same. */
export interface Shown {
  /** Name of a ticket that the site brings along, without .mpt; undefined for a file of the reader's own. */
  readonly ticket?: string;
  /** Index among the sample's test pictures; undefined for a picture of the reader's own. */
  readonly example?: number;
  readonly layer?: string;
  readonly weight?: number;
  readonly changes: Changes;
}

/** The part of an address behind #, with nothing in it that is as it begins. */
export function addressOf({ticket, example, layer, weight, changes}: Shown): string {
  const {keepFraction, gain, flipped, redrawn, noise, batchNorm} = changes;
  const said: [string, string | number | undefined][] = [
    ["ticket", ticket],
    ["example", example],
    ["layer", layer],
    ["weight", weight],
    ["keep", keepFraction],
    ["gain", gain === unchanged.gain ? undefined : gain],
    ["flipped", flipped || undefined],
    ["redrawn", redrawn || undefined],
    ["noise", noise || undefined],
    ["batchnorm", batchNorm === "stored" ? "stored" : undefined],
  ];
  const given = said.flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]]));
  return new URLSearchParams(given).toString();
}

/** What an address says; what it gets wrong is as if it were not there, since anyone may write one. */
export function shownBy(address: string): Shown {
  const said = new URLSearchParams(address.replace(/^#/, ""));
  const number = (name: string, least: number, most: number): number | undefined => {
    const text = said.get(name);
    const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
    return value >= least && value <= most ? value : undefined;
  };
  const index = (name: string): number | undefined => {
    const value = number(name, 0, 2 ** 30);
    return Number.isInteger(value) ? value : undefined;
  };
  const ticket = said.get("ticket");
  const layer = said.get("layer");
  const keepFraction = number("keep", Number.MIN_VALUE, 1);
  return {
    ...(ticket !== null && /^[\w.-]+$/.test(ticket) && {ticket}),
    ...(index("example") !== undefined && {example: index("example")}),
    ...(layer !== null && {layer}),
    ...(index("weight") !== undefined && {weight: index("weight")}),
    changes: {
      ...(keepFraction !== undefined && {keepFraction}),
      gain: number("gain", 0.001, 1000) ?? unchanged.gain,
      flipped: number("flipped", 0, 1) ?? 0,
      redrawn: number("redrawn", 0, 1) ?? 0,
      noise: number("noise", 0, 4) ?? 0,
      batchNorm: said.get("batchnorm") === "stored" ? "stored" : "re-estimated",
    },
  };
}
