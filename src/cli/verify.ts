import {Command} from "commander";
import {UserError} from "../core/errors";
import {decodeTicket} from "../ticket/decode";
import {readTicketBytes} from "../ticket/file";

const DAMAGED = 1;

export function verifyCommand(): Command {
  return new Command("verify")
    .description("Read ticket files whole; exits with 1 if one is damaged.")
    .argument("<files...>", ".mpt files")
    .option("--json", "one JSON object a line")
    .addHelpText("after", "\nExample:\n  multiprize verify runs/*/ticket.mpt")
    .action((paths: string[], {json}: {json?: boolean}) => {
      for (const path of paths) {
        const damage = damageOf(path);
        if (damage !== undefined) process.exitCode = DAMAGED;
        const line = json
          ? JSON.stringify({file: path, ok: damage === undefined, damage: damage ?? null})
          : `${path}: ${damage === undefined ? "ok" : `damaged: ${damage}`}`;
        process.stdout.write(`${line}\n`);
      }
    });
}

/** What is wrong with a file, or undefined. */
function damageOf(path: string): string | undefined {
  try {
    decodeTicket(readTicketBytes(path));
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
