import type {Cell} from "../experiments/define/experiment";
import type {CellOutcome} from "../experiments/run/runCell";
import type {CellResult} from "../experiments/run/runCells";
import {formatDuration} from "../report/duration";
import {counted} from "../report/numbers";
import {print, printJson} from "./print";
import {fittingTable} from "./terminal";

const FAILED = 1;
/** sysexits.h: a temporary failure, to be tried again. */
const LEFT = 75;

/** What is to be run, and how long it takes where that is known. */
export interface Plan {
  readonly cells: readonly Cell[];
  readonly pending: readonly Cell[];
  /** Seconds of each pending cell. */
  readonly estimates?: readonly number[];
}

export function planLine({cells, pending, estimates}: Plan): string {
  const total = estimates?.reduce((sum, seconds) => sum + seconds, 0);
  const time = total === undefined ? "" : `, about ${formatDuration(total)} on this machine`;
  return `${counted(cells.length, "cell")}, ${cells.length - pending.length} of them recorded already; ${pending.length} to run${time}\n`;
}

/** A row a cell; without estimates no times. */
export function showPlan({cells, pending, estimates}: Plan, json: boolean): void {
  const rows = cells.map(cell => {
    const i = pending.indexOf(cell);
    const seconds = estimates && {seconds: i < 0 ? 0 : Math.round(estimates[i])};
    return {id: cell.id, label: cell.label, recorded: i < 0, ...seconds};
  });
  if (json) {
    printJson(rows);
    return;
  }
  const shown = rows.map(({seconds, recorded, ...row}) => ({
    ...row,
    time: recorded ? "recorded" : seconds === undefined ? "to run" : formatDuration(seconds),
  }));
  print(`${fittingTable(shown, ["id", "label", {key: "time", align: "right"}])}\n`);
}

export function summary(results: readonly CellResult[]): string {
  const count = (outcome: CellOutcome["outcome"]): number =>
    results.filter(({result}) => result.outcome === outcome).length;
  const parts = [
    [count("ran"), "run now"],
    [count("recorded"), "recorded before"],
    [count("elsewhere"), "with another process"],
    [count("other machine"), "left to the machine that began them"],
    [count("failed"), "failed"],
  ] as const;
  return `${parts
    .filter(([n]) => n > 0)
    .map(([n, what]) => `${n} ${what}`)
    .join(", ")}\n`;
}

/** The exit status of a sweep: 0 where every cell is recorded. */
export function sweepStatus(results: readonly CellResult[]): number {
  const outcomes = results.map(({result}) => result.outcome);
  if (outcomes.includes("failed")) return FAILED;
  return outcomes.includes("elsewhere") || outcomes.includes("other machine") ? LEFT : 0;
}
