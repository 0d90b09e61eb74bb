import {dirname} from "node:path";
import {UserError} from "../core/errors";
import {makeFolder} from "../system/folder";
import {writeWholeFile} from "../system/wholeFile";

/** Writes what a bench measured as JSON, making its folder; UserError where the disk refuses. */
export function writeRecord(path: string, record: object): void {
  try {
    makeFolder(dirname(path));
    writeWholeFile(path, `${JSON.stringify(record, null, 1)}\n`);
  } catch (error) {
    throw new UserError(`cannot write ${path}: ${(error as Error).message}`);
  }
}
