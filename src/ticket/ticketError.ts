import {UserError} from "../core/errors";

/** A ticket that cannot be read or written, and why. */
export class TicketError extends UserError {
  override name = "TicketError";
}
