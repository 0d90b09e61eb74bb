import {mkdirSync, rmSync, statSync} from "node:fs";
import {dirname, join} from "node:path";
import {writeWholeFile} from "./wholeFile";

/** A few records. */
const PROBE_BYTES = 2 ** 16;

/**
 * Makes a folder and those above it that are missing; throws Node's error where it cannot. Node's own
 * `mkdirSync(path, {recursive: true})` never returns where the folder above is there and refuses with ENOENT, as
 * those of /proc do.
 */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(path)) throw error;
  }
}

/** Makes a folder and writes a file to it, which goes again; throws Node's error where the disk refuses. */
export function tryWriting(folder: string): void {
  makeFolder(folder);
  const path = join(folder, `.probe-${process.pid}`);
  writeWholeFile(path, Buffer.alloc(PROBE_BYTES));
  rmSync(path);
}

function isFolder(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
}
