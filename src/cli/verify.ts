import {Command} from "commander";
import {UserError} from "../core/errors";
import {decodeTicket} from "../ticket/decode";
import {readTicketBytes} from "../ticket/file";
import {TicketError} from "../ticket/ticketError";
import {printJson, printLine} from "./print";

const DAMAGED = 1;
const UNREAD = 2;

export function verifyCommand(): Command {
  return new Command("verify")
    .description("Read ticket files whole; exits with 1 if one is damaged, with 2 if one cannot be read.")
    .argument("<files...>", ".mpt files")
    .option("--json", "one JSON object a line")
    .addHelpText("after", "\nExample:\n  multiprize verify runs/*/ticket.mpt")
    .action((paths: string[], {json}: {json?: boolean}) => {
      for (const path of paths) {
        const {unread, damage} = faultOf(path);
        if (unread ?? damage) process.exitCode = unread ? UNREAD : (process.exitCode ?? DAMAGED);
        const fault = unread ?? (damage && `damaged: ${damage}`);
        if (json)
          printJson({file: path, ok: fault === undefined, damage: damage ?? null, unread: unread ?? null});
        else printLine(`${path}: ${fault ?? "ok"}`);
      }
    });
}

/** What is wrong with a file, if anything is: it cannot be read at all, or is damaged. */
function faultOf(path: string): {unread?: string; damage?: string} {
  try {
    decodeTicket(readTicketBytes(path));
    return {};
  } catch (error) {
    if (error instanceof TicketError) return {damage: error.message};
    if (error instanceof UserError)
      return {unread: error.message.replace(`cannot read ${path}: `, "cannot be read: ")};
    throw error;
  }
}
