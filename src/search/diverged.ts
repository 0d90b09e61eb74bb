import {NotANumber, UserError} from "../core/errors";

/** A search whose numbers left the finite ones: an outcome of its settings, the same whenever it is repeated. */
export class Diverged extends UserError {}

/** What the selection throws of scores that are not numbers, as that error; any other as it is. */
export function divergedOr(error: unknown): unknown {
  return error instanceof NotANumber ? new Diverged(error.message) : error;
}
