import {existsSync, linkSync, rmSync, writeFileSync} from "node:fs";
import {dirname} from "node:path";
import {UserError} from "../core/errors";
import {makeFolder} from "./folder";
import {Heartbeat} from "./heartbeat";
import {isAlive, thisProcess} from "./holder";
import {type Held, readHolder, silentSeconds} from "./lockFile";

export interface Lock {
  /** Throws where another has it by now, as after a pause that looked like death. To be called before each write. */
  check(): void;
  release(): void;
}

/** A lock that another has taken over: what it guarded is theirs. */
export class LostLock extends UserError {}

const HEARTBEAT_SECONDS = 20;
/** A holder elsewhere that has missed three beats is taken for dead; should it live, it finds its lock lost. */
const SILENT_SECONDS = 3 * HEARTBEAT_SECONDS;

const heartbeat = new Heartbeat(HEARTBEAT_SECONDS);
let taken = 0;

/**
 * Takes the lock file at `path`, or gives undefined where a living process has it. A dead holder's lock is taken over:
 * one of this machine is known dead at once (by its pid, its start and the machine's boot), one of another machine
 * when its heartbeat, the file's time, has stopped for a minute. Works on a file system shared by machines: the
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
  heartbeat.hold(path, mine.token);
  return {
    check() {
      if (readHolder(path)?.token === mine.token) return;
      throw new LostLock(
        `${path} is ${lockHolder(path) ?? "nobody"}'s now: this process was taken for dead, and writes no more`,
      );
    },
    release() {
      heartbeat.release(path, mine.token);
      if (readHolder(path)?.token === mine.token) rmSync(path, {force: true});
    },
  };
}

/** Who has the lock at `path`, dead or alive, in words; undefined where nobody has. */
export function lockHolder(path: string): string | undefined {
  const holder = readHolder(path);
  if (holder === undefined || isStale(path, holder)) return undefined;
  const {pid, host, slurm} = holder;
  const job = slurm === undefined ? "" : `, job ${slurm.job} of ${slurm.cluster}, start ${slurm.restart + 1}`;
  return `process ${pid} on ${host}${job}`;
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
 * would stay so for a minute if its maker died in between.
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

/**
 * Whether the file at `path` is a dead holder's. One that is not there is nobody's, and not stale. A time that far in the
 * future is of before the clock was set back: a living holder would have beaten since.
 */
function isStale(path: string, holder: Held | undefined): boolean {
  const alive = holder && isAlive(holder);
  return alive === undefined ? Math.abs(silentSeconds(path)) > SILENT_SECONDS : !alive;
}
