// A web page writes no files: these stand for the functions that do.
import {UserError} from "../core/errors";

export type {Checkpoint, Header} from "./checkpoint";

export function lockCheckpoint(directory: string): never {
  throw noFiles(directory);
}

export function writeCheckpoint(directory: string): never {
  throw noFiles(directory);
}

export function readCheckpoint(directory: string): never {
  throw noFiles(directory);
}

function noFiles(directory: string): UserError {
  return new UserError(`a web page writes no files, so no checkpoint in ${directory}: search without one`);
}
