import {Command, Option} from "commander";
import {UserError} from "../core/errors";
import {architectureNames} from "../network/architectures";
import {formatNumber} from "../report/numbers";
import {readTicketBytes, writeTicket} from "../ticket/file";
import {ticketSizes} from "../ticket/sizes";
import {type ImportOptions, importTicket} from "../torch/importTicket";
import {share} from "./options";
import {outputPath} from "./output";
import {printJson, printLine, printLineAside} from "./print";

interface ImportCommandOptions extends Omit<ImportOptions, "keepFraction" | "onNotice"> {
  readonly out: string;
  readonly keep?: number;
  readonly json?: boolean;
}

export function importCommand(): Command {
  return new Command("import")
    .description(
      "Turn a checkpoint of the reference implementation (.pth) into a ticket file. Nothing in it is executed.",
    )
    .argument("<file>", "a .pth file of chrundle/biprop: a checkpoint or a state_dict, of any PyTorch")
    .requiredOption("--out <file>", "the .mpt file to write")
    .option("--keep <share>", "share of weights kept, which older checkpoints do not name", share)
    .addOption(new Option("--selection <name>", "what the search used").choices(["layerwise", "global"]))
    .addOption(
      new Option("--arch <name>", "the network, if its class is not known").choices([...architectureNames]),
    )
    .addOption(new Option("--activation <name>", "relu: MPT-1/32, sign: MPT-1/1").choices(["relu", "sign"]))
    .option("--json", "one JSON object: the sizes of the ticket")
    .addHelpText("after", "\nExample:\n  multiprize import model_best.pth --keep 0.2 --out resnet18.mpt")
    .action(runImport);
}

async function runImport(path: string, options: ImportCommandOptions): Promise<void> {
  const {out, keep: keepFraction, json, selection, arch, activation} = options;
  const target = outputPath(out, "ticket", [path]);
  const onNotice = (text: string): void => printLineAside(`${path}: ${text}`);
  const ticket = await importTicket(path, {keepFraction, selection, arch, activation, onNotice}).catch(
    error => {
      throw error instanceof UserError && error.name === "CheckpointError" && !error.message.includes(path)
        ? new UserError(`${path}: ${error.message}`)
        : error;
    },
  );
  const bytes = writeTicket(target, ticket);
  const sizes = ticketSizes(readTicketBytes(target), ticket);
  if (json) printJson({file: out, network: ticket.network, ...sizes});
  else
    printLine(
      `${out}: ${ticket.network.arch} (${ticket.network.activation}), ${formatNumber(sizes.kept)} of ` +
        `${formatNumber(sizes.weights)} weights kept, ${formatNumber(bytes)} bytes`,
    );
}
