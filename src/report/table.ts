import {printableLine} from "../core/printable";
import {columnWidths, length, pad, wrapped} from "./columns";
import {escapeHtml} from "./html";
import {formatNumber} from "./numbers";

/** How one field of the rows becomes a column. */
export interface Column<Row extends object> {
  key: keyof Row & string;
  /** Default: the key. */
  title?: string;
  /** Places after the point of numbers; default as in `formatNumber`. */
  decimals?: number;
  /** Default: right where every value is a number, else left. */
  align?: "left" | "right";
  /** Writes a value that is there; default by type. */
  format?: (value: NonNullable<Row[keyof Row & string]>, row: Row) => string;
}

/** Columns in order, each a field's name or a full description; all fields of all rows, as they come, where left out. */
export type Columns<Row extends object> = readonly (Column<Row> | (keyof Row & string))[];

/** Stands where a row has no value: an experiment not run is not a zero. */
export const missing: string = "not run";

/** A table's texts. */
export interface Cells {
  titles: string[];
  right: boolean[];
  rows: string[][];
}

/** Stands under the titles of a table without rows, which would look cut off. */
const noRows = "none";

/**
 * Rows for a terminal: padded columns, two spaces between, a rule under the titles. Where they are wider than `width`,
 * titles and texts are broken between words; where even that does not do, each row becomes lines of title and value.
 */
export function tableText<Row extends object>(
  rows: readonly Row[],
  columns?: Columns<Row>,
  {width = Number.POSITIVE_INFINITY}: {readonly width?: number} = {},
): string {
  const {rows: foreign, ...described} = toCells(rows, columns);
  const cells = {...described, rows: foreign.map(row => row.map(printableLine))};
  const widths = columnWidths([cells.titles, ...cells.rows], width);
  if (widths === undefined) return stackedText(cells, width);
  const rule = widths.map(each => "-".repeat(each));
  const broken = (row: string[]): string[][] => {
    const parts = row.map((cell, c) => wrapped(cell, widths[c]!));
    const height = Math.max(1, ...parts.map(lines => lines.length));
    return Array.from({length: height}, (_, i) => parts.map(lines => lines[i] ?? ""));
  };
  return [...broken(cells.titles), rule, ...cells.rows.flatMap(broken)]
    .map(row => row.map((cell, c) => pad(cell, widths[c]!, cells.right[c]!)).join("  "))
    .map(line => line.trimEnd())
    .join("\n");
}

/** Rows as a Markdown table. */
export function tableMarkdown<Row extends object>(rows: readonly Row[], columns?: Columns<Row>): string {
  const cells = toCells(rows, columns);
  const rule = cells.right.map(right => (right ? "---:" : "---"));
  const escaped = [cells.titles, ...cells.rows].map(row => row.map(escapeMarkdown));
  return [escaped[0]!, rule, ...escaped.slice(1)].map(row => `| ${row.join(" | ")} |`).join("\n");
}

/** Rows as an HTML table; alignment is written on each cell, so that it survives any style sheet. */
export function tableHtml<Row extends object>(rows: readonly Row[], columns?: Columns<Row>): string {
  const cells = toCells(rows, columns);
  const line = (tag: "th" | "td", row: string[]): string =>
    `<tr>${row.map((cell, c) => `<${tag} style="text-align:${cells.right[c] ? "right" : "left"}">${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  return `<table>\n<thead>${line("th", cells.titles)}</thead>\n<tbody>\n${cells.rows.map(row => line("td", row)).join("\n")}\n</tbody>\n</table>`;
}

/** The texts of rows, and which columns stand right. */
export function toCells<Row extends object>(rows: readonly Row[], columns?: Columns<Row>): Cells {
  const described = (columns ?? fieldsOf(rows)).map(column =>
    typeof column === "string" ? ({key: column} as Column<Row>) : column,
  );
  const empty = described.length === 0 ? [] : [described.map((_, c) => (c === 0 ? noRows : ""))];
  return {
    titles: described.map(column => column.title ?? column.key),
    right: described.map(column => (column.align ?? naturalAlign(rows, column.key)) === "right"),
    rows: rows.length === 0 ? empty : rows.map(row => described.map(column => cellText(row, column))),
  };
}

/** Each once: of what a later row alone has, nothing is lost. */
function fieldsOf<Row extends object>(rows: readonly Row[]): (keyof Row & string)[] {
  return [...new Set(rows.flatMap(row => Object.keys(row) as (keyof Row & string)[]))];
}

function cellText<Row extends object>(row: Row, column: Column<Row>): string {
  const value: unknown = row[column.key];
  if (value === undefined || value === null) return missing;
  if (column.format) return column.format(value as NonNullable<Row[keyof Row & string]>, row);
  if (typeof value === "number" || typeof value === "bigint") return formatNumber(value, column.decimals);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function naturalAlign<Row extends object>(rows: readonly Row[], key: keyof Row & string): "left" | "right" {
  const kinds = rows.map(row => row[key] ?? undefined).filter(value => value !== undefined);
  const numeric = kinds.every(value => typeof value === "number" || typeof value === "bigint");
  return kinds.length > 0 && numeric ? "right" : "left";
}

/** Each row as lines `title  value`, the value broken between words; an empty line between rows. */
function stackedText({titles, rows}: Cells, width: number): string {
  const first = Math.min(Math.max(...titles.map(length)), Math.max(8, Math.floor(width / 3)));
  const rest = Math.max(8, width - first - 2);
  const lines = (title: string, value: string): string[] => {
    const [left, right] = [wrapped(title, first), wrapped(value, rest)];
    return Array.from({length: Math.max(left.length, right.length)}, (_, i) =>
      `${pad(left[i] ?? "", first, false)}  ${right[i] ?? ""}`.trimEnd(),
    );
  };
  return rows.map(row => row.flatMap((cell, c) => lines(titles[c]!, cell)).join("\n")).join("\n\n");
}

function escapeMarkdown(text: string): string {
  return text
    .replace(/\\/g, "\\\\")
    .replace(/\|/g, "\\|")
    .replace(/\s*\n\s*/g, " ");
}
