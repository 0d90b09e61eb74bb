import {mkdirSync, statSync} from "node:fs";
import {dirname} from "node:path";

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

function isFolder(path: string): boolean {
  return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
}
