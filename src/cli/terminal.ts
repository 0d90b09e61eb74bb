import type {Columns} from "../report/table";
import {tableText} from "../report/table";

/** Columns of the terminal on standard output; a file or a pipe takes lines of any length. */
export function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY;
}

/** The rows as a table that fits the terminal. */
export function fittingTable<Row extends object>(rows: readonly Row[], columns?: Columns<Row>): string {
  return tableText(rows, columns, {width: terminalWidth()});
}

/** Columns of the terminal on standard error, where progress is shown. */
export function progressWidth(): number {
  return (process.stderr.columns || 80) - 1;
}

export interface LinePart {
  readonly text: string;
  /** Left out where the line is too short, the highest first; 0 or none: never. */
  readonly optional?: number;
}

const LONGEST_BAR = 24;
const SHORTEST_BAR = 6;

/** Progress in one line of `width`: a first part, a bar of what room is left, the other parts in their order. */
export function progressLine(share: number, parts: readonly LinePart[], width: number): string {
  const kept = [...parts];
  const lengthOf = (): number => kept.reduce((sum, {text}) => sum + Array.from(text).length + 2, -2);
  for (;;) {
    const last = kept.reduce((most, {optional = 0}) => Math.max(most, optional), 0);
    if (lengthOf() <= width || last === 0) break;
    kept.splice(
      kept.findIndex(({optional}) => optional === last),
      1,
    );
  }
  const [first, ...others] = kept.map(({text}) => text);
  const room = Math.min(LONGEST_BAR, width - lengthOf() - 4);
  const full = Math.round(Math.min(1, Math.max(0, share)) * room);
  const bar = room < SHORTEST_BAR ? [] : [`[${"█".repeat(full)}${"·".repeat(room - full)}]`];
  return Array.from([first, ...bar, ...others].join("  "))
    .slice(0, width)
    .join("");
}
