import {Command} from "commander";
import {UserError} from "../core/errors";

/** Stands in the list of commands; bin/multiprize.js answers it by itself, as it must before anything is compiled. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("Say what this machine has, what is missing, what to do.")
    .option("--json", "one JSON object")
    .action(() => {
      throw new UserError("bin/multiprize.js answers doctor, before this program is loaded: call it there");
    });
}
