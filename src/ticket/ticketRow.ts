import {type TicketSizes, ticketSizes} from "./sizes";
import type {Ticket} from "./ticket";

/** What a list of ticket files says of one: out of its header and its length, nothing measured again. */
export interface TicketRow {
  readonly file: string;
  readonly network: string;
  readonly kind: "MPT-1/32" | "MPT-1/1";
  readonly keepFraction: number;
  readonly dataset: string | null;
  readonly trainImages: number | null;
  readonly epochs: number | null;
  readonly testImages: number | null;
  /** Per cent; null where nobody measured it, as after a move to another keep fraction. */
  readonly testAccuracy: number | null;
  readonly bytes: number;
  /** Of the same network, weights and batch norms as float32. */
  readonly float32Bytes: number;
}

/** The row of a file that holds `ticket`; `sizes` are its own, if they are known already. */
export function ticketRow(
  file: string,
  bytes: Uint8Array,
  ticket: Ticket,
  sizes: TicketSizes = ticketSizes(bytes, ticket),
): TicketRow {
  const {network, selection, provenance} = ticket;
  const {arch, activation, width} = network;
  const counted = (key: string): number | null => {
    const value = provenance[key];
    return typeof value === "number" ? value : null;
  };
  return {
    file,
    network: width === 1 ? arch : `${arch} × ${width}`,
    kind: activation === "relu" ? "MPT-1/32" : "MPT-1/1",
    keepFraction: selection.keepFraction,
    dataset: typeof provenance.dataset === "string" ? provenance.dataset : null,
    trainImages: counted("trainImages"),
    epochs: counted("epochs"),
    testImages: counted("testImages"),
    testAccuracy: counted("testAccuracy"),
    bytes: sizes.totalBytes,
    float32Bytes: sizes.float32Bytes,
  };
}
