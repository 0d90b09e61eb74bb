import {closeSync, fstatSync, openSync, rmSync, utimesSync, writeFileSync} from "node:fs";
import {hostname} from "node:os";
import {threadId} from "node:worker_threads";
import type {Holder} from "./holder";
import {readRegularFile} from "./regularFile";

/** What a lock file says of who has it. */
export interface Held extends Holder {
  /** Differs from lock to lock. */
  readonly token: string;
}

/** Who has a lock file; undefined where there is none, or one that is not yet whole. */
export function readHolder(path: string): Held | undefined {
  try {
    return JSON.parse(readRegularFile(path).toString("utf8")) as Held;
  } catch {
    return undefined;
  }
}

/** Gives the lock file the present time of its file system, as long as it is of that token; tells whether it is. */
export function beat(path: string, token: string): boolean {
  if (readHolder(path)?.token !== token) return false;
  // A file written here and now has the shared file system's time; utimes alone would bring this machine's.
  try {
    const now = timeOfFolder(path);
    utimesSync(path, now / 1000, now / 1000);
  } catch {
    // The next beat may succeed; a lock that stays silent is taken over.
  }
  return true;
}

/** How long ago the lock file was last touched, by its file system's own clock; 0 where that cannot be told. */
export function silentSeconds(path: string): number {
  try {
    return (timeOfFolder(path) - modified(path)) / 1000;
  } catch {
    return 0;
  }
}

/** Milliseconds of the clock of the file system that a path lies on. */
function timeOfFolder(path: string): number {
  const now = `${path}.now-${hostname()}-${process.pid}-${threadId}`;
  try {
    writeFileSync(now, "");
    return modified(now);
  } finally {
    rmSync(now, {force: true});
  }
}

/** Of an opened file: a network file system asks its server anew when one is opened, and may tell old times else. */
function modified(path: string): number {
  const file = openSync(path, "r");
  try {
    return fstatSync(file).mtimeMs;
  } finally {
    closeSync(file);
  }
}
