import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import {basename, dirname, join, resolve} from "node:path";

/**
 * Writes a file beside its old version, flushes it to the disk and renames it: whatever ends the process, and when, the
 * old file is there or the whole new one. Bytes given in parts are written one after the other. What is no file keeps its
 * nature: a link stays and what it leads to is written; a device or a pipe takes the bytes as they come. A file that this
 * user may not write is not replaced. Throws Node's error, with this path, and then leaves nothing behind.
 */
export function writeWholeFile(path: string, content: string | Uint8Array | readonly Uint8Array[]): void {
  const parts =
    typeof content === "string"
      ? [Buffer.from(content)]
      : content instanceof Uint8Array
        ? [content]
        : content;
  let unfinished: string | undefined;
  try {
    const there = statSync(path, {throwIfNoEntry: false});
    if (there !== undefined && !there.isFile() && !there.isDirectory()) {
      writeParts(path, parts);
      return;
    }
    const target = destination(path);
    if (there !== undefined) accessSync(target, constants.W_OK);
    unfinished = `${target}.${process.pid}.part`;
    writeParts(unfinished, parts, fsyncSync);
    renameSync(unfinished, target);
  } catch (error) {
    if (unfinished !== undefined) rmSync(unfinished, {force: true});
    // What a full disk says has none, and the unfinished file's name is ours alone.
    throw Object.assign(error as Error, {path});
  }
}

function writeParts(path: string, parts: readonly Uint8Array[], atEnd?: (file: number) => void): void {
  const file = openSync(path, "w");
  try {
    for (const part of parts) for (let done = 0; done < part.length; ) done += writeSync(file, part, done);
    atEnd?.(file);
  } finally {
    closeSync(file);
  }
}

/** The file that a path leads to, through links, whether it is there or not. */
function destination(path: string): string {
  if (!lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink()) return path;
  // The shell, which may append to it, holds this file by a descriptor: a new one of its name would be another.
  if (path.startsWith("/proc/"))
    throw new Error("it is a standard stream, which goes to a file: name that file");
  return destination(resolve(dirname(path), readlinkSync(path)));
}

/** Takes away what dead processes were writing of a file; for who alone may write it, under a lock. */
export function sweepUnfinished(path: string): void {
  const folder = dirname(path);
  if (!existsSync(folder)) return;
  const name = `${basename(path)}.`;
  const unfinished = readdirSync(folder).filter(
    each => each.startsWith(name) && /^\d+\.part$/.test(each.slice(name.length)),
  );
  for (const each of unfinished) rmSync(join(folder, each), {force: true});
}
