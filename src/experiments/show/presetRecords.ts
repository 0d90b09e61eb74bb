import {cellsOf} from "../define/experiment";
import {experimentNamed} from "../define/experiments";
import type {PresetName} from "../define/preset";
import type {RunRecord} from "../records/record";
import {recordOfCell} from "../run/state";
import {type MeanRow, meansOverSeeds, resultRow} from "./rows";

/** The records of an experiment at one preset. */
export interface PresetRecords {
  readonly preset: PresetName;
  readonly epochs: string;
  /** Of every place that was run, at chance or not. */
  readonly means: readonly MeanRow[];
}

export function presetRecords(
  name: string,
  preset: PresetName,
  records: readonly RunRecord[],
): PresetRecords {
  const rows = cellsOf(experimentNamed(name), preset).map(cell =>
    resultRow({cell, record: recordOfCell(records, cell)}),
  );
  const run = rows.filter(row => row.testAccuracy !== null);
  const epochs = [...new Set(run.map(row => row.epochs))].sort((a, b) => a - b).join(" / ");
  return {preset, epochs, means: meansOverSeeds(rows).filter(row => row.mean !== null)};
}

/** The most accurate place of a curve that has left chance. */
export function bestPlace({means}: PresetRecords, curve: string): MeanRow | undefined {
  return means
    .filter(row => row.curve === curve && row.leftChance)
    .reduce<MeanRow | undefined>(
      (top, row) => (top === undefined || row.mean! > top.mean! ? row : top),
      undefined,
    );
}

/** The mean over seeds at a place of a curve, if it was run and has left chance. */
export function placeAt({means}: PresetRecords, curve: string, x: number | string): MeanRow | undefined {
  return means.find(row => row.curve === curve && row.x === x && row.leftChance);
}
