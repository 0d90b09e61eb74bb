import {closeSync, constants, fstatSync, openSync, readFileSync} from "node:fs";
import {open} from "node:fs/promises";

// Without waiting for somebody to write, where it is a pipe.
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** The bytes of a regular file; throws Node's error, or one of its own for what has no end: a device, a pipe. */
export function readRegularFile(path: string): Buffer {
  const file = openRegularFile(path);
  try {
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** The same, to read it in parts: its descriptor, which the caller closes. */
export function openRegularFile(path: string): number {
  const file = openSync(path, READ);
  try {
    checkRegular(fstatSync(file));
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** `readRegularFile` without keeping others waiting. */
export async function readRegularFileLater(path: string): Promise<Buffer> {
  const file = await open(path, READ);
  try {
    checkRegular(await file.stat());
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function checkRegular(stat: {isFile(): boolean; isDirectory(): boolean}): void {
  if (stat.isFile()) return;
  throw new Error(stat.isDirectory() ? "it is a folder" : "it is a device or a pipe, no file");
}
