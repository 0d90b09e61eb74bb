import {availableParallelism, loadavg} from "node:os";
import type {Cell} from "../experiments/define/experiment";
import {dataSizes, secondsOf} from "../experiments/run/estimate";
import {StepTimes} from "../experiments/run/stepTimes";
import {untilInterrupted} from "../search/interrupt";
import {stepTimesPath} from "./experimentOptions";
import {note, printAside} from "./print";

/** Seconds that each cell takes, from steps measured on this machine; each kind of step is measured once. */
export async function estimateCells(
  cells: readonly Cell[],
  {quiet = false}: {quiet?: boolean} = {},
): Promise<number[]> {
  const times = new StepTimes(stepTimesPath());
  const image = (cell: Cell): readonly [number, number, number] => dataSizes[cell.dataset].image;
  const unknown = cells.filter(cell => times.known(cell.spec, image(cell)) === undefined);
  if (unknown.length > 0 && !quiet)
    printAside("Measuring a step of each network, to tell the time ahead (kept for the next time) …\n");
  const busy = loadavg()[0];
  if (unknown.length > 0 && !quiet && busy > availableParallelism() / 2) {
    printAside(
      `Note: the machine is at work already (load ${busy.toFixed(1)}), so these times may come out too long; ` +
        `without ${stepTimesPath()} they are measured again.\n`,
    );
  }
  return untilInterrupted(async signal => {
    const seconds: number[] = [];
    for (const cell of cells) {
      if (!quiet && times.known(cell.spec, image(cell)) === undefined) printAside(`  ${cell.label}\n`);
      seconds.push(secondsOf(cell, await times.measured(cell.spec, image(cell), signal)));
    }
    if (times.unkept && !quiet) note(times.unkept);
    return seconds;
  });
}
