import {setTimeout as later} from "node:timers/promises";
import type {DatasetName} from "../../data/load";
import type {Pictures} from "../../data/source";
import {lockHolder} from "../../system/lock";
import type {Cell} from "../define/experiment";
import {type CellOptions, type CellOutcome, runCell} from "./runCell";
import {lockPath} from "./state";

/** A cell that another process has, and which. */
export interface AwaitedCell {
  readonly cell: Cell;
  readonly holder: string | undefined;
}

export interface SweepOptions extends Omit<CellOptions, "onStart"> {
  /** Called once a data set; the cells of a sweep may differ in theirs. */
  readonly load: (name: DatasetName) => Promise<Pictures>;
  /** At the end waits for cells that others have, and runs those that they leave. */
  readonly wait?: boolean;
  readonly secondsBetweenLooks?: number;
  /** Called at each look at the cells that are waited for. */
  readonly onWait?: (cells: readonly AwaitedCell[]) => void;
  readonly onCell?: (cell: Cell, index: number) => void;
  readonly onOutcome?: (cell: Cell, outcome: CellOutcome, index: number) => void;
}

export interface CellResult {
  readonly cell: Cell;
  readonly result: CellOutcome;
}

/**
 * Runs cells one after the other; those that others have, have done or have failed at are left out and told. With `wait`
 * it ends once no other process has one: each is recorded, failed, or left to another kind of machine.
 */
export async function runCells(cells: readonly Cell[], options: SweepOptions): Promise<CellResult[]> {
  const {load, onCell, onOutcome, onWait, places, signal, secondsBetweenLooks = 10} = options;
  const loaded = new Map<DatasetName, Pictures>();
  const outcomes: CellResult[] = [];
  const run = async (cell: Cell, index: number): Promise<CellOutcome> => {
    signal?.throwIfAborted();
    const dataset = loaded.get(cell.dataset) ?? (await load(cell.dataset));
    loaded.set(cell.dataset, dataset);
    return runCell(cell, dataset, {...options, onStart: () => onCell?.(cell, index)});
  };
  for (const [index, cell] of cells.entries()) {
    const result = await run(cell, index);
    onOutcome?.(cell, result, index);
    outcomes.push({cell, result});
  }
  while (options.wait) {
    const left = [...outcomes.entries()].filter(([, {result}]) => result.outcome === "elsewhere");
    if (left.length === 0) break;
    onWait?.(left.map(([, {cell}]) => ({cell, holder: lockHolder(lockPath(places.runs, cell.id))})));
    await later(1000 * secondsBetweenLooks, undefined, {signal}).catch(() => signal?.throwIfAborted());
    for (const [index, {cell}] of left) {
      const result = await run(cell, index);
      if (result.outcome === "elsewhere") continue;
      onOutcome?.(cell, result, index);
      outcomes[index] = {cell, result};
    }
  }
  return outcomes;
}
