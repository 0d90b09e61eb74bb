import {median} from "../core/statistics";
import {type Column, tableMarkdown, tableText} from "../report/table";
import type {PeerReport, PeerRow, RoundTimes} from "./peerReport";

export interface Comparison {
  /** Names of the fastest mode and precision, by their medians. */
  readonly peer: string;
  readonly ours: string;
  /** The peer's time over ours, round by round. */
  readonly ratios: readonly number[];
}

/** The fastest of either side, with the batch's assembly on both or without. */
export function comparison(row: PeerRow, part: keyof RoundTimes): Comparison {
  const [peer, peerTurns] = fastest(row.peer, part);
  const [ours, ownTurns] = fastest(row.ours, part);
  return {peer, ours, ratios: peerTurns.map((ms, round) => ms / ownTurns[round])};
}

/** The report with the comparison of each row, as it is written. */
export function withComparisons({machine, rows}: PeerReport): object {
  const parts = ["whole", "withoutAssembly"] as const;
  const compared = (row: PeerRow): object =>
    Object.fromEntries(
      parts.map(part => {
        const found = comparison(row, part);
        return [part, {...found, ratio: median(found.ratios)}];
      }),
    );
  return {machine, rows: rows.map(row => ({...row, compared: compared(row)}))};
}

function fastest(
  turns: Readonly<Record<string, RoundTimes>>,
  part: keyof RoundTimes,
): [string, readonly number[]] {
  const entries = Object.entries(turns).map(([name, each]): [string, readonly number[]] => [
    name,
    each[part],
  ]);
  return entries.reduce((a, b) => (median(b[1]) < median(a[1]) ? b : a));
}

type Cells = Record<string, string>;

function cellsOf(row: PeerRow): Cells {
  const {arch, activation} = row;
  const whole = (turns: Readonly<Record<string, RoundTimes>>, whose: string): Cells =>
    Object.fromEntries(
      Object.entries(turns).map(([name, each]) => [`${whose} ${name}, ms`, spread(each.whole, 0)]),
    );
  return {
    network: arch,
    activation,
    ...whole(row.peer, "PyTorch"),
    ...whole(row.ours, "ours"),
    "best / best": spread(comparison(row, "whole").ratios, 2),
    "without assembly": spread(comparison(row, "withoutAssembly").ratios, 2),
  };
}

function spread(values: readonly number[], places: number): string {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map(value =>
    value.toLocaleString("en", {minimumFractionDigits: places, maximumFractionDigits: places}),
  );
  return `${middle} (${least} to ${most})`;
}

/** The table for people, or as Markdown for a document. */
export function peerBenchText({machine, rows}: PeerReport, markdown = false): string {
  const {cpu, threads, tensorflow, torch, loadBefore} = machine;
  const rounds = Object.values(rows[0]?.ours ?? {})[0]?.whole.length ?? 0;
  const cells = rows.map(cellsOf);
  const columns = Object.keys(cells[0] ?? {}).map(
    (key, i): Column<Cells> => ({key, align: i < 2 ? "left" : "right"}),
  );
  return [
    `${cpu}, ${threads} threads · TensorFlow ${tensorflow}, PyTorch ${torch} · batch ${rows[0]?.batch ?? 0}, ${rounds} rounds in turns · load average before: ${loadBefore.toFixed(1)}`,
    (markdown ? tableMarkdown : tableText)(cells, columns),
    "Milliseconds a step, batch assembly and augmentation included: median of the rounds (least to most). Ratios: PyTorch's fastest mode over ours, round by round.\n",
  ].join("\n\n");
}
