import {existsSync, linkSync, rmSync, statSync, utimesSync, writeFileSync} from "node:fs";
import {dirname} from "node:path";
import {UserError} from "../core/errors";
import {makeFolder} from "./folder";
import {type Holder, isAlive, thisProcess} from "./holder";
import {readRegularFile} from "./regularFile";

export interface Lock {
  /** Throws where another has it by now, as after a pause that looked like death. To be called before each write. */
  check(): void;
  release(): void;
}

/** A lock that another has taken over: what it guarded is theirs. */
export class LostLock extends UserError {}

interface Held extends Holder {
  /** Differs from lock to lock. */
  readonly token: string;
}

const HEARTBEAT_SECONDS = 20;
/** A holder elsewhere that has not been heard of for so long is taken for dead. A step must not take longer. */
const SILENT_SECONDS = 15 * 60;

let taken = 0;

/**
 * Takes the lock file at `path`, or gives undefined where a living process has it. A dead holder's lock is taken over:
 * one of this machine is known dead at once (by its pid, its start and the machine's boot), one of another machine
 * when its heartbeat, the file's time, has stopped for 15 minutes. Works on a file system shared by machines: the
 * file appears whole by a hard link, where there are hard links, and its age is taken from that file system's own clock.
 */
export function tryLock(path: string): Lock | undefined {
  makeFolder(dirname(path));
  const mine = claimFile(path);
  try {
    if (!link(mine, path) && !takeOver(path, mine)) return undefined;
  } finally {
    rmSync(mine.file, {force: true});
  }
  const heartbeat = setInterval(() => beat(path, mine.token), 1000 * HEARTBEAT_SECONDS);
  heartbeat.unref();
  return {
    check() {
      if (readHolder(path)?.token === mine.token) return;
      throw new LostLock(
        `${path} is ${lockHolder(path) ?? "nobody"}'s now: this process was taken for dead, and writes no more`,
      );
    },
    release() {
      clearInterval(heartbeat);
      if (readHolder(path)?.token === mine.token) rmSync(path, {force: true});
    },
  };
}

/** Who has the lock at `path`, dead or alive, in words; undefined where nobody has. */
export function lockHolder(path: string): string | undefined {
  const holder = readHolder(path);
  if (holder === undefined || isStale(path, holder)) return undefined;
  return `process ${holder.pid} on ${holder.host}`;
}

interface Claim {
  readonly file: string;
  readonly text: string;
  readonly token: string;
}

function claimFile(path: string): Claim {
  taken++;
  const holder = thisProcess();
  const token = `${holder.host}-${holder.pid}-${Date.now()}-${taken}`;
  const file = `${path}.${token}`;
  const text = JSON.stringify({...holder, token} satisfies Held);
  writeFileSync(file, text);
  return {file, text, token};
}

/**
 * Makes `path` another name of `mine.file` unless it exists. Where a file system has no hard links (exFAT, many an SMB
 * or FUSE mount), `path` is made anew unless it exists, and filled then: who finds it empty takes it for held, and it
 * would stay so for 15 minutes if its maker died in between.
 */
function link(mine: Claim, path: string): boolean {
  try {
    linkSync(mine.file, path);
    return true;
  } catch (error) {
    // NFS repeats a request whose answer was lost, and then finds the link that it made before.
    if (readHolder(path)?.token === mine.token) return true;
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
  }
  try {
    writeFileSync(path, mine.text, {flag: "wx"});
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Replaces a dead holder's lock; under a lock of its own, so that no two replace it at once. */
function takeOver(path: string, mine: Claim): boolean {
  const guard = `${path}.takeover`;
  // Released meanwhile: a link alone decides who is next. To remove what is gone would remove another's new lock.
  if (!existsSync(path)) return link(mine, path);
  if (!isStale(path, readHolder(path))) return false;
  if (!link(mine, guard)) {
    if (isStale(guard, readHolder(guard))) rmSync(guard, {force: true});
    return false;
  }
  try {
    if (!isStale(path, readHolder(path))) return false;
    rmSync(path, {force: true});
    return link(mine, path);
  } finally {
    rmSync(guard, {force: true});
  }
}

/** Whether the file at `path` is a dead holder's. One that is not there is nobody's, and not stale. */
function isStale(path: string, holder: Held | undefined): boolean {
  const alive = holder && isAlive(holder);
  return alive === undefined ? silentSeconds(path) > SILENT_SECONDS : !alive;
}

/** Age of a file by its file system's clock, which a file written now tells. */
function silentSeconds(path: string): number {
  const now = `${path}.now-${process.pid}`;
  try {
    writeFileSync(now, "");
    return (statSync(now).mtimeMs - statSync(path).mtimeMs) / 1000;
  } catch {
    return 0;
  } finally {
    rmSync(now, {force: true});
  }
}

function readHolder(path: string): Held | undefined {
  try {
    return JSON.parse(readRegularFile(path).toString("utf8")) as Held;
  } catch {
    return undefined;
  }
}

function beat(path: string, token: string): void {
  if (readHolder(path)?.token !== token) return;
  // A file written here and now has the shared file system's time; utimes would bring this machine's.
  try {
    const now = `${path}.now-${process.pid}`;
    writeFileSync(now, "");
    const {atime, mtime} = statSync(now);
    rmSync(now, {force: true});
    utimesSync(path, atime, mtime);
  } catch {
    // The next beat may succeed; a lock that stays silent is taken over.
  }
}
