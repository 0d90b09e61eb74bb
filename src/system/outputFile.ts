import {accessSync, constants, statSync} from "node:fs";
import {dirname} from "node:path";
import {UserError} from "../core/errors";
import {makeFolder} from "./folder";
import {refusalOf} from "./refusal";
import {writeWholeFile} from "./wholeFile";

/**
 * Writes a file that a user asked for, whole or not at all, its folder made where it is missing. UserError, in one line,
 * where the disk refuses.
 */
export function writeOutput(path: string, content: string | Uint8Array): void {
  refusing(path, () => {
    checkNoFolder(path);
    makeFolder(dirname(path));
    writeWholeFile(path, content);
  });
}

/** Refuses, before long work, a path that its result could not be written to. */
export function checkOutput(path: string): void {
  refusing(path, () => {
    checkNoFolder(path);
    makeFolder(dirname(path));
    const there = statSync(path, {throwIfNoEntry: false});
    // A device or a pipe takes bytes whatever its folder is.
    if (there !== undefined) accessSync(path, constants.W_OK);
    if (there === undefined || there.isFile()) accessSync(dirname(path), constants.W_OK);
  });
}

function checkNoFolder(path: string): void {
  if (statSync(path, {throwIfNoEntry: false})?.isDirectory()) throw new Error("it is a folder");
}

function refusing(path: string, task: () => void): void {
  try {
    task();
  } catch (error) {
    throw new UserError(`cannot write ${path}: ${refusalOf(error as Error)}`);
  }
}
