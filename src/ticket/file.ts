import {UserError} from "../core/errors";
import {writeOutput} from "../system/outputFile";
import {refusalOf} from "../system/refusal";
import {readRegularFile} from "../system/regularFile";
import {decodeTicket} from "./decode";
import {encodeTicket} from "./encode";
import type {Ticket} from "./ticket";
import {TicketError} from "./ticketError";

/** Reads and decodes an .mpt file. A damaged one is a TicketError that names it. */
export function readTicket(path: string): Ticket {
  const bytes = readTicketBytes(path);
  try {
    return decodeTicket(bytes);
  } catch (error) {
    if (error instanceof TicketError) throw new TicketError(`${path}: ${error.message}`);
    throw error;
  }
}

/** The bytes of a file, or a UserError. */
export function readTicketBytes(path: string): Uint8Array {
  try {
    return readRegularFile(path);
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${refusalOf(error as Error)}`);
  }
}

/**
 * Writes an .mpt file and gives its size in bytes. A kill at any moment leaves the old file or the whole new one.
 * UserError where the file cannot be written.
 */
export function writeTicket(path: string, ticket: Ticket): number {
  const bytes = encodeTicket(ticket);
  writeOutput(path, bytes);
  return bytes.length;
}
