// Folders under construction. They are built under a name of their own and renamed when whole, so an interruption
// leaves nothing half done; what a dead process left behind is recognised by its name and removed.
import {existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync} from "node:fs";
import {hostname} from "node:os";
import {join} from "node:path";

const here = hostname().replace(/[^\w-]/g, "_");
const day = 24 * 3600 * 1000;
const mine = new Set();

const remove = path => rmSync(path, {recursive: true, force: true, maxRetries: 3, retryDelay: 100});

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Is this leftover nobody's? Its process is dead, or (another machine's on a shared disk) it is a day old. */
export function isStale(name, ageMs, host = here, isAlive = alive) {
  const match = /^\.partial-(.+)-(\d+)-\w+$/.exec(name);
  if (!match) return false;
  return ageMs > day || (match[1] === host && !isAlive(Number(match[2])));
}

/** Remove what dead processes left in `folder`. */
export function removeStale(folder) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.startsWith(".partial-") && isStale(name, Date.now() - statSync(path).mtimeMs)) remove(path);
  }
}

/** A new empty folder in `folder`; `finish` or `removeMine` ends its life. */
export function begin(folder, label) {
  const path = join(folder, `.partial-${here}-${process.pid}-${label}`);
  remove(path);
  mkdirSync(path, {recursive: true});
  mine.add(path);
  return path;
}

/** Give the folder its name. If somebody else was faster, theirs stays; a broken one in the way is replaced. */
export function finish(partial, path, isWhole) {
  if (existsSync(path) && !isWhole(path)) remove(path);
  try {
    renameSync(partial, path);
  } catch (error) {
    if (!isWhole(path)) throw error;
    remove(partial);
  }
  mine.delete(partial);
}

/** On an error or Ctrl-C. */
export function removeMine() {
  for (const path of mine) remove(path);
  mine.clear();
}
