import {renameSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {UserError} from "../core/errors";
import type {SearchResult} from "../search/result";
import {makeFolder} from "../system/folder";

/** A search's result without its network: plain JSON with everything that its numbers hang on. */
export type Record = Omit<SearchResult, "network">;

export function recordOf({network: _, ...record}: SearchResult): Record {
  return record;
}

export function recordPath(directory: string): string {
  return join(directory, "result.json");
}

/** Writes `result.json` into a folder, whole or not at all, and gives its path. */
export function writeRecord(directory: string, record: Record): string {
  const path = recordPath(directory);
  try {
    makeFolder(directory);
    writeFileSync(`${path}.part`, `${JSON.stringify(record, null, 2)}\n`);
    renameSync(`${path}.part`, path);
  } catch (error) {
    throw new UserError(`cannot write ${path}: ${(error as Error).message}`);
  }
  return path;
}
