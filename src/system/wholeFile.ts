import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import {basename, dirname, join} from "node:path";

/**
 * Writes a file beside its old version, flushes it to the disk and renames it: whatever ends the process, and when, the
 * old file is there or the whole new one. Bytes given in parts are written one after the other. Throws Node's error, and
 * then leaves nothing behind.
 */
export function writeWholeFile(path: string, content: string | Uint8Array | readonly Uint8Array[]): void {
  const parts =
    typeof content === "string"
      ? [Buffer.from(content)]
      : content instanceof Uint8Array
        ? [content]
        : content;
  const unfinished = `${path}.${process.pid}.part`;
  try {
    const file = openSync(unfinished, "w");
    try {
      for (const part of parts) writeAll(file, part);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, {force: true});
    throw error;
  }
}

function writeAll(file: number, part: Uint8Array): void {
  for (let done = 0; done < part.length; ) done += writeSync(file, part, done);
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
