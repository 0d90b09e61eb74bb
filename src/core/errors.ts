/** A mistake of the person at the keyboard: the command line prints its message as one line and exits with 2. */
export class UserError extends Error {
  override name = "UserError";
}

/** A mistake in a file of the user's: told in the file's words, not in those of the command line's flags. */
export class FileMistake extends UserError {}

/** Numbers left the finite ones where an order of them is needed: a search has diverged. */
export class NotANumber extends RangeError {
  constructor(what: string) {
    super(`${what} contain NaN: the search has diverged; use a smaller learning rate`);
  }
}

/** The disk took no more: it is full, read-only or gone. What was under way goes on from its last checkpoint. */
export class DiskError extends UserError {}
