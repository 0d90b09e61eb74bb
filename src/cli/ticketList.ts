import {basename} from "node:path";
import {formatNumber} from "../report/numbers";
import {tableMarkdown} from "../report/table";
import {recipeOf} from "../search/recipeOf";
import type {Ticket} from "../ticket/ticket";
import {type TicketRow, ticketRow} from "../ticket/ticketRow";
import {fittingTable} from "./terminal";

/** A row, and which recipe its search went by. */
export interface ListedTicket extends TicketRow {
  /** Null where the header holds no spec that this version reads, as after an import. */
  readonly recipe: string | null;
}

/** The row of a file that holds `ticket`, as `multiprize ticket` lists it. */
export function listedTicket(file: string, bytes: Uint8Array, ticket: Ticket): ListedTicket {
  return {...ticketRow(file, bytes, ticket), recipe: recipeOf(ticket.provenance.spec)};
}

/** Ticket files side by side, a line each. What a header does not say stands as "?". */
export function ticketList(rows: readonly ListedTicket[], markdown: boolean): string {
  const number = (value: number | null, decimals?: number): string =>
    value === null ? "?" : formatNumber(value, decimals);
  const shown = rows.map(row => ({
    file: basename(row.file),
    network: row.network,
    kind: row.kind,
    k: String(row.keepFraction),
    recipe: row.recipe ?? "?",
    "data set": row.dataset ?? "?",
    images: number(row.trainImages),
    epochs: number(row.epochs),
    "test accuracy, %": number(row.testAccuracy, 2),
    "of images": number(row.testImages),
    bytes: number(row.bytes),
    "as float32": number(row.float32Bytes),
  }));
  const words = new Set(["file", "network", "kind", "recipe", "data set"]);
  const columns = (Object.keys(shown[0] ?? {}) as (keyof (typeof shown)[number])[]).map(key => ({
    key,
    align: words.has(key) ? ("left" as const) : ("right" as const),
  }));
  return (markdown ? tableMarkdown : fittingTable)(shown, columns);
}
