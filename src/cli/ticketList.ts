import {basename} from "node:path";
import {formatNumber} from "../report/numbers";
import {tableMarkdown} from "../report/table";
import type {TicketRow} from "../ticket/ticketRow";
import {fittingTable} from "./terminal";

/** Ticket files side by side, a line each. What a header does not say stands as "?". */
export function ticketList(rows: readonly TicketRow[], markdown: boolean): string {
  const number = (value: number | null, decimals?: number): string =>
    value === null ? "?" : formatNumber(value, decimals);
  const shown = rows.map(row => ({
    file: basename(row.file),
    network: row.network,
    kind: row.kind,
    k: String(row.keepFraction),
    "data set": row.dataset ?? "?",
    images: number(row.trainImages),
    epochs: number(row.epochs),
    "test accuracy, %": number(row.testAccuracy, 2),
    "of images": number(row.testImages),
    bytes: number(row.bytes),
    "as float32": number(row.float32Bytes),
  }));
  const words = new Set(["file", "network", "kind", "data set"]);
  const columns = (Object.keys(shown[0] ?? {}) as (keyof (typeof shown)[number])[]).map(key => ({
    key,
    align: words.has(key) ? ("left" as const) : ("right" as const),
  }));
  return (markdown ? tableMarkdown : fittingTable)(shown, columns);
}
