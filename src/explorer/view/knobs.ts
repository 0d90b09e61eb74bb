import type {Ticket} from "../../ticket/ticket";
import type {Changes} from "../model/changes";

/** What a slider moves. */
export type KnobName = "keepFraction" | "gain" | "flipped" | "redrawn" | "noise";

/** A slider, as data. */
export interface Knob {
  readonly name: KnobName;
  readonly label: string;
  /** The places it can stand at, in order. */
  readonly values: readonly number[];
  /** Where it stands while nothing is changed. */
  readonly start: number;
  /** Its value in words. */
  readonly text: (value: number) => string;
  /** What it does, and what to expect. */
  readonly about: string;
  /** Why it cannot be moved here; nothing where it can. */
  readonly missing?: string;
}

const share = (value: number): string => `${Number((100 * value).toPrecision(3))} %`;
const shares = [0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5];

/** The sliders for a ticket, and what is to be said of each. */
export function knobsOf(ticket: Ticket): Knob[] {
  const {ranks, selection, batchNorms, signs} = ticket;
  const plain = batchNorms.length === 0;
  const own = selection.keepFraction;
  const movable = ranks?.fractions.includes(own) && signs.kind !== "stored";
  return [
    {
      name: "keepFraction",
      label: "keep fraction k",
      values: movable ? ranks!.fractions : [own],
      start: own,
      text: share,
      about:
        "The scores of the one search behind this file, cut elsewhere: each mask lies within the next larger one, and gains are taken anew. It is not what a search at that k would find.",
      ...(!movable && {
        missing:
          "This file says which weights are kept, not how their scores rank, so k cannot be moved: choose one of the tickets “with ranks”, or search with --ranks.",
      }),
    },
    {
      name: "gain",
      label: "gain α",
      values: [0.1, 0.2, 0.3, 0.5, 0.7, 0.85, 1, 1.2, 1.5, 2, 3, 5, 10],
      start: 1,
      text: value => `× ${value}`,
      about: plain
        ? "Every layer's α times this factor c. Without batch norm and biases the whole network is linear in each α: all logits become c to the power of the layers' number as large, so no answer changes. Only the confidence, softmax of the logits, moves."
        : "Every layer's α times this factor. Batch norm divides it out again where its statistics are re-estimated; with the stored ones they no longer fit, and answers change.",
    },
    {
      name: "flipped",
      label: "signs flipped",
      values: shares,
      start: 0,
      text: share,
      about:
        "This share of the kept weights gets the other sign, by a fixed draw. At one half the signs say nothing any more.",
    },
    {
      name: "redrawn",
      label: "kept weights drawn anew",
      values: [...shares, 0.6, 0.7, 0.8, 0.9, 1],
      start: 0,
      text: share,
      about:
        "This share of the kept weights leaves the mask, and as many pruned ones of the same layer come in by lot, with their own random signs. At 100 % the mask is a random one: all that the search found is gone.",
    },
    {
      name: "noise",
      label: "noise on the picture",
      values: [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1],
      start: 0,
      text: value => (value === 0 ? "none" : `sd ${value} of white`),
      about: "Normal noise on every pixel of the test pictures and of yours; the network stays as it is.",
    },
  ];
}

/** Where a knob stands under these changes. */
export function knobValue({name, start}: Knob, changes: Changes): number {
  return name === "keepFraction" ? (changes.keepFraction ?? start) : changes[name];
}
