import {cellsOf} from "../define/experiment";
import {experimentNamed} from "../define/experiments";
import {measuringPresets, type PresetName} from "../define/preset";
import type {RunRecord} from "../records/record";
import {recordOfCell} from "../run/state";
import {type MeanRow, meansOverSeeds, resultRow} from "./rows";

/** The records of an experiment at the longest preset of which there are any. */
export interface LongestRecords {
  readonly preset: PresetName;
  readonly epochs: string;
  readonly means: readonly MeanRow[];
}

/** Undefined where nothing of the experiment is recorded; smoke measures nothing. */
export function longestRecords(name: string, records: readonly RunRecord[]): LongestRecords | undefined {
  for (const preset of measuringPresets) {
    const found = cellsOf(experimentNamed(name), preset).map(cell => ({
      cell,
      record: recordOfCell(records, cell),
    }));
    const rows = found.map(resultRow);
    const run = rows.filter(row => row.testAccuracy !== null);
    if (run.length === 0) continue;
    const epochs = [...new Set(run.map(row => row.epochs))].sort((a, b) => a - b).join(" / ");
    return {preset, epochs, means: meansOverSeeds(rows).filter(row => row.mean !== null && row.leftChance)};
  }
  return undefined;
}

/** The most accurate place of a curve. */
export function bestPlace(means: readonly MeanRow[], curve: string): MeanRow | undefined {
  return means
    .filter(row => row.curve === curve)
    .reduce<MeanRow | undefined>(
      (top, row) => (top === undefined || row.mean! > top.mean! ? row : top),
      undefined,
    );
}

/** The mean over seeds at a place of a curve, if it was run and has left chance. */
export function placeAt(
  from: LongestRecords | undefined,
  curve: string,
  x: number | string,
): MeanRow | undefined {
  return from?.means.find(row => row.curve === curve && row.x === x);
}
