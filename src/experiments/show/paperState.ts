import {cellsOf, distinct} from "../define/experiment";
import {experimentNamed} from "../define/experiments";
import {measuringPresets} from "../define/preset";
import {type PaperItem, paperItems} from "../definitions/paper";
import type {RunRecord} from "../records/record";
import {recordOfCell} from "../run/state";

/** A line of what is and what is not reproduced. */
export interface PaperRow {
  readonly item: string;
  readonly where: string;
  readonly known: string;
  readonly notebook: string;
  readonly command: string;
  readonly state: string;
  readonly lacks: string;
}

/** Every item of the paper with what is recorded of it, at every preset of which there is a record, the longest first. */
export function paperRows(records: readonly RunRecord[]): PaperRow[] {
  return paperItems.map(item => ({
    item: item.item,
    where: item.where,
    known: item.known,
    notebook: item.notebooks.join(", "),
    command: item.experiments.length > 0 ? `run ${item.experiments.join(" ")} --preset paper` : "",
    state: stateOfItem(item, records),
    lacks: item.lacks ?? "",
  }));
}

function stateOfItem({experiments}: PaperItem, records: readonly RunRecord[]): string {
  if (experiments.length === 0) return "worked out and tested";
  const counted = measuringPresets.flatMap(preset => {
    const cells = distinct(experiments.flatMap(name => cellsOf(experimentNamed(name), preset)));
    const recorded = cells.filter(cell => recordOfCell(records, cell)).length;
    return recorded > 0 ? [`${preset}: ${recorded} of ${cells.length} cells`] : [];
  });
  return counted.length > 0 ? counted.join("; ") : "not run";
}
