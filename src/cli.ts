import {Command, CommanderError} from "commander";
import {benchCommand} from "./cli/bench";
import {benchInferenceCommand} from "./cli/benchInference";
import {benchPeerCommand} from "./cli/benchPeer";
import {benchShapesCommand} from "./cli/benchShapes";
import {doctorCommand} from "./cli/doctor";
import {downloadCommand} from "./cli/download";
import {evaluateCommand} from "./cli/evaluate";
import {exportCommand} from "./cli/export";
import {help} from "./cli/help";
import {importCommand} from "./cli/import";
import {missingPackage} from "./cli/missingPackage";
import {inFlags, refusedByDisk, withNearest} from "./cli/mistake";
import {modelsCommand} from "./cli/models";
import {parityCommand} from "./cli/parity";
import {printAside, printLineAside} from "./cli/print";
import {quickstartCommand} from "./cli/quickstart";
import {reportCommand} from "./cli/report";
import {runCommand} from "./cli/run";
import {searchCommand} from "./cli/search";
import {statusCommand} from "./cli/status";
import {allSaid, stopStatus, watchOutput} from "./cli/stop";
import {ticketCommand} from "./cli/ticket";
import {verifyCommand} from "./cli/verify";
import {FileMistake, UserError} from "./core/errors";
import {Interrupted} from "./search/interrupt";

const BAD_INPUT = 2;

/** The command line: `argv` is what follows the program's name. Sets process.exitCode; bad input gets one line and status 2. */
export async function main(argv: readonly string[]): Promise<void> {
  const {version} = require("../package.json") as {version: string};
  const program = new Command("multiprize")
    .description(
      "Find multi-prize lottery tickets: accurate binary networks inside random ones, no weight trained.",
    )
    .version(version)
    .showSuggestionAfterError()
    .addHelpText(
      "after",
      `
Examples:
  multiprize quickstart
  multiprize search --arch conv2 --data cifar10 --keep 0.2 --epochs 5
  multiprize search --help
  multiprize run --list`,
    );
  for (const command of [
    quickstartCommand,
    searchCommand,
    ticketCommand,
    verifyCommand,
    importCommand,
    exportCommand,
    modelsCommand,
    parityCommand,
    benchCommand,
    benchInferenceCommand,
    benchPeerCommand,
    benchShapesCommand,
    downloadCommand,
    evaluateCommand,
    runCommand,
    statusCommand,
    reportCommand,
    doctorCommand,
  ]) {
    program.addCommand(command());
  }
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .configureHelp(help)
      .configureOutput({
        outputError: text => printAside(`multiprize: ${withNearest(text.replace(/^error: /, ""))}`),
      });
  }
  watchOutput();
  try {
    await program.parseAsync([...argv], {from: "user"});
  } catch (error) {
    process.exitCode = report(error);
  }
  allSaid();
}

function said(error: Error): string {
  return error instanceof FileMistake ? error.message : inFlags(error.message);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
  if (error instanceof Interrupted) return stopStatus(error);
  const mistake =
    error instanceof UserError || error instanceof RangeError
      ? said(error)
      : (missingPackage(error) ?? refusedByDisk(error));
  if (mistake !== undefined && process.env.MULTIPRIZE_DEBUG === undefined) {
    printLineAside(`multiprize: ${mistake}`);
    return BAD_INPUT;
  }
  printAside(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}
