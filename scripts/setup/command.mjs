import {Failure} from "./log.mjs";
import {endChildren} from "./run.mjs";

/** A command's work: an interruption ends its children too, and a Failure is said in one line, status 1. */
export async function command(work) {
  for (const signal of ["SIGINT", "SIGTERM"])
    process.on(signal, () => {
      endChildren();
      process.exit(130);
    });
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  }
}
