import {join} from "node:path";
import type {SearchResult} from "../search/result";
import {writeOutput} from "../system/outputFile";

/** A search's result without its network: plain JSON with everything that its numbers depend on. */
export type SavedResult = Omit<SearchResult, "network">;

export function recordOf({network: _, ...record}: SearchResult): SavedResult {
  return record;
}

export function recordPath(directory: string): string {
  return join(directory, "result.json");
}

/** Writes `result.json` into a folder, whole or not at all, and gives its path. */
export function writeRecord(directory: string, record: SavedResult): string {
  const path = recordPath(directory);
  writeOutput(path, `${JSON.stringify(record, null, 2)}\n`);
  return path;
}
