import type {DatasetName} from "../../data/load";
import type {Pictures} from "../../data/source";
import type {Cell} from "../define/experiment";
import {type CellOptions, type CellOutcome, runCell} from "./runCell";

export interface SweepOptions extends Omit<CellOptions, "onStart"> {
  /** Called once a data set; the cells of a sweep may differ in theirs. */
  readonly load: (name: DatasetName) => Promise<Pictures>;
  readonly onCell?: (cell: Cell, index: number) => void;
  readonly onOutcome?: (cell: Cell, outcome: CellOutcome, index: number) => void;
}

export interface CellResult {
  readonly cell: Cell;
  readonly result: CellOutcome;
}

/** Runs cells one after the other; those that others have, have done or have failed at are left out and told. */
export async function runCells(cells: readonly Cell[], options: SweepOptions): Promise<CellResult[]> {
  const {load, onCell, onOutcome} = options;
  const loaded = new Map<DatasetName, Pictures>();
  const outcomes: CellResult[] = [];
  for (const [index, cell] of cells.entries()) {
    options.signal?.throwIfAborted();
    const dataset = loaded.get(cell.dataset) ?? (await load(cell.dataset));
    loaded.set(cell.dataset, dataset);
    const result = await runCell(cell, dataset, {...options, onStart: () => onCell?.(cell, index)});
    onOutcome?.(cell, result, index);
    outcomes.push({cell, result});
  }
  return outcomes;
}
