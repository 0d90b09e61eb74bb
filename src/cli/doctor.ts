import {join} from "node:path";
import {Command} from "commander";
import {root} from "../system/root";

type Doctor = (flags: readonly string[]) => Promise<number>;

/** Stands in the list of commands; bin/multiprize.js answers it by itself, as it must before anything is compiled. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("Say what this machine has, what is missing, what to do.")
    .option("--json", "one JSON object")
    .action(async ({json}: {json?: boolean}) => {
      const {doctor} = require(join(root, "bin", "doctor.js")) as {doctor: Doctor};
      process.exitCode = await doctor(json ? ["--json"] : []);
    });
}
