import type {Cell} from "../define/experiment";
import type {Places} from "../records/places";
import {loadRecords} from "../records/store";
import type {Found} from "../show/rows";
import {recordOfCell} from "./state";

/** The cells with their records; nothing is run. */
export function findRecords(cells: readonly Cell[], places: Places): Found[] {
  const {records} = loadRecords(places.results);
  return cells.map(cell => {
    const record = recordOfCell(records, cell);
    return record ? {cell, record} : {cell};
  });
}
