import type {Cell} from "../define/experiment";
import type {Places} from "../records/places";
import type {RunRecord} from "../records/record";
import {loadRecords} from "../records/store";
import type {Found} from "../show/rows";
import {recordOfCell} from "./state";

/** The cells with their records; nothing is run. */
export function findRecords(cells: readonly Cell[], places: Places): Found[] {
  return foundIn(loadRecords(places.results).records, cells);
}

/** The same among records that are read already. */
export function foundIn(records: readonly RunRecord[], cells: readonly Cell[]): Found[] {
  return cells.map(cell => {
    const record = recordOfCell(records, cell);
    return record ? {cell, record} : {cell};
  });
}
