import {existsSync} from "node:fs";
import {join} from "node:path";
import {checkpointPath} from "../../search/checkpoint";
import {lockHolder} from "../../system/lock";
import {readRegularFile} from "../../system/regularFile";
import type {Cell} from "../define/experiment";
import type {RunRecord} from "../records/record";

/** Where a cell stands. */
export type CellState =
  | {readonly state: "recorded"; readonly record: RunRecord}
  | {readonly state: "running"; readonly holder: string}
  | {readonly state: "failed"; readonly reason: string}
  | {readonly state: "begun"}
  | {readonly state: "not run"};

export function cellFolder(runs: string, id: string): string {
  return join(runs, id);
}

export function lockPath(runs: string, id: string): string {
  return join(runs, `${id}.lock`);
}

export function failurePath(runs: string, id: string): string {
  return join(runs, `${id}.failed.json`);
}

/** Official data first, then what stands in for it. */
const dataOrder = ["cifar10", "cifar10-jpeg", "cifar10-unverified"];

/**
 * The record of a cell: the last one on the best data, or on the data of one name; without one, the same search's in
 * float32, where only the preset asked for less. A failure that was recorded after a success does not replace it.
 */
export function recordOfCell(
  records: readonly RunRecord[],
  {id, float32Id}: Pick<Cell, "id" | "float32Id">,
  dataName?: string,
): RunRecord | undefined {
  const own = recordNamed(records, id, dataName);
  return own === undefined && float32Id !== undefined ? recordNamed(records, float32Id, dataName) : own;
}

function recordNamed(records: readonly RunRecord[], id: string, dataName?: string): RunRecord | undefined {
  const rank = ({data}: RunRecord): number => {
    const place = dataOrder.indexOf(data.name);
    return place < 0 ? dataOrder.length : place;
  };
  return records
    .filter(record => record.specId === id && (dataName === undefined || record.data.name === dataName))
    .reduce<RunRecord | undefined>(
      (best, record) => (best === undefined || rank(record) <= rank(best) ? record : best),
      undefined,
    );
}

export function stateOf(cell: Cell, records: readonly RunRecord[], runs: string): CellState {
  const record = recordOfCell(records, cell);
  if (record) return {state: "recorded", record};
  const holder = lockHolder(lockPath(runs, cell.id));
  if (holder) return {state: "running", holder};
  const reason = failureOf(runs, cell.id);
  if (reason !== undefined) return {state: "failed", reason};
  return existsSync(checkpointPath(cellFolder(runs, cell.id))) ? {state: "begun"} : {state: "not run"};
}

/** Why the cell's last run failed, if it did. */
export function failureOf(runs: string, id: string): string | undefined {
  const path = failurePath(runs, id);
  if (!existsSync(path)) return undefined;
  try {
    return (JSON.parse(readRegularFile(path).toString("utf8")) as {reason: string}).reason;
  } catch {
    return "unknown: the note about it is damaged";
  }
}
