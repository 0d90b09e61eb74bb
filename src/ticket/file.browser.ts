// In a web page, which has no files, these stand for the functions that read and write them.
import {UserError} from "../core/errors";

export function readTicket(path: string): never {
  throw noFiles(path);
}

export function readTicketBytes(path: string): never {
  throw noFiles(path);
}

export function writeTicket(path: string): never {
  throw noFiles(path);
}

function noFiles(path: string): UserError {
  return new UserError(
    `a web page reads and writes no files, ${path} neither: fetch the bytes for decodeTicket, save those of encodeTicket`,
  );
}
