import {SingleBar} from "cli-progress";
import type {Cell} from "../experiments/define/experiment";
import type {CellOutcome} from "../experiments/run/runCell";
import type {SweepOptions} from "../experiments/run/runCells";
import {formatDuration} from "../report/duration";
import {counted} from "../report/numbers";
import type {EpochRecord} from "../search/position";
import type {StepProgress} from "../search/progress";
import {bold, dim, green, type Painted, type Printed, print, printJson, red, yellow} from "./print";
import {everySeconds, LOG_SECONDS, logLine} from "./stepLine";
import {progressLine, progressWidth} from "./terminal";

export interface SweepProgress
  extends Required<Pick<SweepOptions, "onCell" | "onOutcome" | "onStep" | "onEpoch" | "onWait">> {
  stop(): void;
}

/**
 * A bar of the cell at hand on standard error where that is a terminal, with the time left for all; a line an epoch and
 * a cell on standard output, and where there is no bar a line in five minutes.
 */
export function terminalSweep(
  cells: readonly Cell[],
  estimates: readonly number[] | undefined,
  isDue: () => boolean = everySeconds(LOG_SECONDS),
): SweepProgress {
  const bar = process.stderr.isTTY ? newBar() : undefined;
  let started = false;
  let at = 0;
  let waitingFor = 0;
  const stop = (): void => {
    if (started) bar?.stop();
    started = false;
  };
  const place = (index: number): Printed => dim(`${index + 1}/${cells.length}`.padStart(9));
  return {
    onCell(cell, index) {
      at = index;
      print(place(index), "  ", bold(cell.label), "  ", dim(cell.id), "\n");
    },
    onStep(progress) {
      if (bar === undefined) {
        if (isDue()) print(`           ${logLine(progress)}\n`);
        return;
      }
      const {batch, batches, secondsLeft} = progress;
      const later = estimates?.slice(at + 1).reduce((sum, seconds) => sum + seconds, secondsLeft);
      const payload = {...progress, cell: `${at + 1}/${cells.length}`, allLeft: later};
      if (started) bar.update(batch, payload);
      else bar.start(batches, batch, payload);
      started = true;
    },
    onEpoch(record) {
      stop();
      print(epochLine(record), "\n");
    },
    onOutcome(cell, outcome, index) {
      stop();
      const text = outcomeText(outcome);
      if (text) print(place(index), `  ${cell.label}: `, text, "\n");
    },
    onWait(waiting) {
      if (waiting.length === waitingFor && !isDue()) return;
      waitingFor = waiting.length;
      const holders = [...new Set(waiting.map(({holder}) => holder ?? "another process"))];
      print(`           waiting for ${counted(waiting.length, "cell")} of ${holders.join("; ")}\n`);
    },
    stop,
  };
}

/** One JSON object a line on standard output. */
export function jsonSweep(isDue: () => boolean = everySeconds(LOG_SECONDS)): SweepProgress {
  let current = "";
  return {
    onCell(cell) {
      current = cell.id;
      printJson({event: "cell", id: cell.id, label: cell.label});
    },
    onStep(progress) {
      if (isDue()) printJson({event: "step", id: current, ...progress});
    },
    onEpoch: record => printJson({event: "epoch", id: current, ...record}),
    onOutcome(cell, outcome) {
      const {record, ...rest} = {record: undefined, ...outcome};
      const accuracy = record?.outcome === "done" ? {testAccuracy: record.testAccuracy} : {};
      printJson({event: "outcome", id: cell.id, label: cell.label, ...rest, ...accuracy});
    },
    onWait(waiting) {
      if (isDue())
        printJson({event: "wait", cells: waiting.map(({cell, holder}) => ({id: cell.id, holder}))});
    },
    stop() {},
  };
}

export function outcomeText(outcome: CellOutcome): Painted {
  switch (outcome.outcome) {
    case "ran":
      return outcome.record.outcome === "done"
        ? green(`test ${outcome.record.testAccuracy.toFixed(2)} %, recorded`)
        : yellow(`diverged, recorded: ${outcome.record.reason}`);
    case "recorded":
      return dim("recorded already");
    case "elsewhere":
      return dim("another process has it");
    case "other machine":
      return yellow(`left alone: ${outcome.reason}`);
    case "failed":
      return red(`failed${outcome.earlier ? " earlier (--retry runs it again)" : ""}: ${outcome.reason}`);
  }
}

function newBar(): SingleBar {
  return new SingleBar({
    format: (_, {value, total}, payload) => cellLine(payload as CellProgress, value / total, progressWidth()),
    clearOnComplete: true,
    hideCursor: true,
    stopOnComplete: false,
    linewrap: false,
  });
}

interface CellProgress extends StepProgress {
  /** "2/12". */
  readonly cell: string;
  /** Of all cells, where that is known. */
  readonly allLeft?: number;
}

/** What is known after a step of a sweep, in one line of a terminal: the cell and the times left stay to the last. */
export function cellLine(progress: CellProgress, share: number, width: number): string {
  const {cell, allLeft, epoch, epochs, loss, accuracy, secondsLeft} = progress;
  return progressLine(
    share,
    [
      {text: cell},
      {text: `epoch ${epoch}/${epochs}`, optional: 1},
      {text: `loss ${loss.toFixed(3)}`, optional: 3},
      {text: `train ${accuracy.toFixed(1)} %`, optional: 2},
      {
        text: `${formatDuration(secondsLeft)} left${allLeft === undefined ? "" : `, all ${formatDuration(allLeft)}`}`,
      },
    ],
    width,
  );
}

function epochLine({
  epoch,
  loss,
  trainAccuracy,
  testAccuracy,
  testImages,
  imagesPerSecond,
}: EpochRecord): Printed {
  return [
    `           epoch ${epoch}  loss ${loss.toFixed(4)}  train ${trainAccuracy.toFixed(1)} %  `,
    `test ${testAccuracy.toFixed(1)} % of ${testImages}  `,
    dim(`${imagesPerSecond.toFixed(0)} images/s`),
  ];
}
