/** A mistake of the person at the keyboard: the command line prints its message as one line and exits with 2. */
export class UserError extends Error {
  override name = "UserError";
}
