import {UserError} from "../core/errors";

/** A ticket that cannot be read or written, and why. */
export class TicketError extends UserError {
  override name = "TicketError";

  constructor(
    message: string,
    /** The file is of another kind, not a damaged ticket. */
    readonly foreign: boolean = false,
  ) {
    super(message);
  }
}

/** What is wrong with the file at `path`, in a line for its user. */
export function damageText(path: string, {message, foreign}: TicketError): string {
  if (!foreign) return `${path} is damaged: ${message}`;
  const checkpoint = /\.(pth|pt|ckpt)(\.tar)?$/i.test(path);
  return `${path} is ${message} (.mpt)${checkpoint ? "; multiprize import makes one of a checkpoint" : ""}`;
}
