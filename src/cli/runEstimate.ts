import {availableParallelism, loadavg} from "node:os";
import type {Cell} from "../experiments/define/experiment";
import {dataSizes, secondsOf} from "../experiments/run/estimate";
import {StepTimes} from "../experiments/run/stepTimes";
import {untilInterrupted} from "../search/interrupt";
import {stepTimesPath} from "./experimentOptions";

/** Who hears of the work that an estimate takes, and where steps that were timed are kept. */
export interface EstimateOptions {
  readonly tell?: (text: string) => void;
  readonly path?: string;
}

/** Seconds that each cell takes, from steps measured on this machine; each kind of step is measured once. */
export async function estimateCells(
  cells: readonly Cell[],
  {tell = () => {}, path = stepTimesPath()}: EstimateOptions = {},
): Promise<number[]> {
  const times = new StepTimes(path);
  const unmeasured = ({spec, dataset}: Cell): string | undefined =>
    times.unmeasured(spec, dataSizes[dataset].image);
  const steps = new Set(cells.flatMap(cell => unmeasured(cell) ?? [])).size;
  if (steps > 0)
    tell("Measuring a step of each network, to tell the time ahead (kept for the next time) …\n");
  const busy = loadavg()[0];
  if (steps > 0 && busy > availableParallelism() / 2) {
    tell(
      `Note: the machine is at work already (load ${busy.toFixed(1)}), so these times may come out too long; ` +
        `without ${path} they are measured again.\n`,
    );
  }
  return untilInterrupted(async signal => {
    const seconds: number[] = [];
    let step = 0;
    for (const cell of cells) {
      if (unmeasured(cell) !== undefined) tell(`  ${++step} of ${steps}: ${cell.label}\n`);
      seconds.push(secondsOf(cell, await times.measured(cell.spec, dataSizes[cell.dataset].image, signal)));
    }
    if (times.unkept) tell(`Note: ${times.unkept}.\n`);
    return seconds;
  });
}
