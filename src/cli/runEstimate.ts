import type {Cell} from "../experiments/define/experiment";
import {dataSizes, secondsOf} from "../experiments/run/estimate";
import {StepTimes} from "../experiments/run/stepTimes";
import {untilInterrupted} from "../search/interrupt";
import {stepTimesPath} from "./experimentOptions";

/** Seconds that each cell takes, from steps measured on this machine; each kind of step is measured once. */
export async function estimateCells(
  cells: readonly Cell[],
  {quiet = false}: {quiet?: boolean} = {},
): Promise<number[]> {
  const times = new StepTimes(stepTimesPath());
  const image = (cell: Cell): readonly [number, number, number] => dataSizes[cell.dataset].image;
  const unknown = cells.filter(cell => times.known(cell.spec, image(cell)) === undefined);
  if (unknown.length > 0 && !quiet)
    process.stderr.write(
      "Measuring a step of each network, to tell the time ahead (kept for the next time) …\n",
    );
  return untilInterrupted(async signal => {
    const seconds: number[] = [];
    for (const cell of cells)
      seconds.push(secondsOf(cell, await times.measured(cell.spec, image(cell), signal)));
    if (times.unkept && !quiet) process.stderr.write(`Note: ${times.unkept}.\n`);
    return seconds;
  });
}
