import {UserError} from "../core/errors";

/** A checkpoint that cannot be read, and why. */
export class CheckpointError extends UserError {
  override name = "CheckpointError";
}
