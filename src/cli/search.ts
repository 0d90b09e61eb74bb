import {existsSync} from "node:fs";
import {Command, Option} from "commander";
import type {BackendName} from "../backend/backend";
import {shownValue} from "../core/choice";
import {UserError} from "../core/errors";
import {datasetNames, loadDataset} from "../data/load";
import {sourceOf} from "../data/source";
import {architectures} from "../network/architectures";
import {counted, formatNumber, percent} from "../report/numbers";
import {checkpointPath} from "../search/checkpoint";
import {Interrupted} from "../search/interrupt";
import type {SearchResult} from "../search/result";
import type {SearchSpec} from "../search/spec";
import {
  backendOption,
  chooseBackend,
  countingNumber,
  dataDirectoryOption,
  everyOption,
  folder,
} from "./options";
import {note, print, printAside, printJson} from "./print";
import {jsonProgress, terminalProgress} from "./progress";
import {recordOf, recordPath, writeRecord} from "./record";
import {keepFractions, savablePath, saveTicket} from "./saveTicket";
import {addSpecOptions, isTyped, specFrom} from "./searchSpecOptions";
import {readSpec} from "./specFile";
import {untilStopped} from "./stop";
import {withoutEffect} from "./withoutEffect";

interface SearchCommandOptions {
  spec?: string;
  data?: string;
  dataDir: string;
  workers?: number;
  backend: BackendName | "auto";
  checkpoint?: string;
  every: number;
  resume?: boolean;
  otherMachine?: boolean;
  recipe?: string;
  out?: string;
  ranks?: number[];
  json?: boolean;
}

export function searchCommand(): Command {
  const command = new Command("search").description(
    "Search a ticket, or train the dense baseline. Options left out take the paper's reference settings.",
  );
  addSpecOptions(command)
    .optionsGroup("Data and machine:")
    .addOption(
      new Option("--data <name>", "data set")
        .choices(datasetNames)
        .default(undefined, "that which the architecture was made for"),
    )
    .addOption(dataDirectoryOption())
    .addOption(
      new Option("--workers <n>", "threads that decode ImageNet's pictures")
        .argParser(countingNumber)
        .default(undefined, "4, or the cores"),
    )
    .addOption(backendOption())
    .optionsGroup("Results:")
    .option("--checkpoint <dir>", "folder for the checkpoint and result.json")
    .addOption(everyOption())
    .option("--resume", "go on with the folder's checkpoint; without one it starts anew and says so")
    .option("--other-machine", "resume where sums round otherwise than where it began")
    .option("--out <file>", "write the ticket to this .mpt file")
    .option(
      "--ranks <shares>",
      "with --out: shares that the ticket can be moved to, such as 0.1,0.2",
      keepFractions,
    )
    .option("--json", "one JSON object a line: an epoch, and at the end the result")
    .addHelpText(
      "after",
      `
Examples:
  multiprize search                              a ticket of digits in a minute
  multiprize search --arch conv6 --keep 0.4 --checkpoint runs/conv6
  multiprize search --arch conv6 --keep 0.4 --checkpoint runs/conv6 --resume
  multiprize search --arch vgg-small --activation sign --bn learned --json
  multiprize search --out digits.mpt             the ticket as a file
  multiprize search --method dense --arch conv2  the trained baseline
  multiprize search --method random-mask --keep 0.2  the untrained one
  multiprize search --arch conv8 --keep 0.1 --recipe unit
  multiprize search --spec runs/conv6/result.json --seed 1 --out other.mpt
  multiprize search --arch resnet50 --keep 0.3 --checkpoint runs/resnet50`,
    )
    .action(runSearch);
  return command;
}

async function runSearch(options: SearchCommandOptions, command: Command): Promise<void> {
  const {json, checkpoint: directory, resume, otherMachine, every} = options;
  const elsewhere = options.spec === undefined ? undefined : readSpec(options.spec);
  if (elsewhere?.whole && options.recipe !== undefined)
    throw new UserError(
      `${options.spec} says every setting, and a recipe fills in what is not said: leave --recipe ${options.recipe} out`,
    );
  const spec = specFrom(command, elsewhere?.given);
  if (options.ranks && options.out === undefined)
    throw new UserError("--ranks needs --out FILE, the ticket's file");
  const out = options.out === undefined ? undefined : savablePath(options.out, spec, options.spec);
  if (resume && directory === undefined)
    throw new UserError("--resume needs --checkpoint DIR, the folder to go on with");
  if (resume && directory && !existsSync(checkpointPath(directory))) {
    note(`${directory} holds no checkpoint; the search starts anew`);
  }
  if (directory !== undefined) checkFolder(directory, resume ?? false);
  const idle = withoutEffect(spec, options, attribute => isTyped(command, attribute));
  if (idle.length > 0) note(`without effect here: ${idle.join(", ")}`);
  const {dataDir, workers} = options;
  if (options.data === undefined && elsewhere?.pictures !== undefined)
    throw new UserError(
      `${options.spec} was searched on ${shownValue(elsewhere.pictures)}, which is none of ${datasetNames.join(", ")}: give --data`,
    );
  const data = options.data ?? elsewhere?.dataset ?? architectures[spec.arch].dataset;
  if (workers !== undefined && data !== "imagenet")
    throw new UserError(
      `--workers is for decoding ImageNet's pictures: leave it out with ${data}, or give --data imagenet`,
    );
  const info = await chooseBackend(options.backend);
  const source = sourceOf(await loadDataset(data, {directory: folder(dataDir), workers}));
  if (source.notice) note(source.notice);
  const progress = json ? jsonProgress() : terminalProgress();
  if (!json) {
    const what =
      spec.method === "dense"
        ? "training"
        : `${spec.method}, keeping ${percent(spec.keepFraction)}${ramped(spec)}`;
    print(
      `${spec.arch} (${spec.activation}) on ${source.name}: ${what}, ${counted(spec.epochs, "epoch")}, seed ${spec.seed}, ` +
        `${info.backend} ${info.version} on ${counted(info.threads, "thread")}\n`,
    );
  }
  const checkpoint = directory
    ? {directory: folder(directory), everySeconds: every, resume, otherMachine}
    : undefined;
  const {search} = await import("../search/search");
  try {
    const {onStep, onEpoch} = progress;
    const result = await untilStopped(signal =>
      search(spec, source, {signal, onStep, onEpoch, onNotice: note, checkpoint}),
    );
    progress.stop();
    const path = checkpoint && writeRecord(checkpoint.directory, recordOf(result));
    const ticket =
      out === undefined
        ? null
        : {file: options.out as string, bytes: saveTicket(out, result, source, options.ranks)};
    if (json) printJson({...doneEvent(result), ticket});
    else {
      printResult(result, path);
      if (ticket) print(`ticket: ${ticket.file}, ${formatNumber(ticket.bytes)} bytes\n`);
    }
    result.network.model.dispose();
  } catch (error) {
    progress.stop();
    if (error instanceof Interrupted) {
      printAside(
        directory
          ? `Interrupted. The checkpoint in ${directory} is up to date: repeat the command with --resume.\n`
          : "Interrupted. Nothing was kept: add --checkpoint DIR to be able to resume.\n",
      );
    }
    throw error;
  } finally {
    await source.close();
  }
}

/** Refuses a folder that is none, or that holds a result which the search would overwrite at its end. */
function checkFolder(directory: string, resume: boolean): void {
  if (directory === "") throw new UserError("--checkpoint needs a folder, got an empty name");
  const path = recordPath(folder(directory));
  if (!resume && existsSync(path) && !existsSync(checkpointPath(folder(directory)))) {
    throw new UserError(`${path} is the result of an earlier search: choose another folder, or move it away`);
  }
}

function doneEvent(result: SearchResult): object {
  const {testAccuracy, weights, kept, scoresSha256, weightsSha256, seconds, machine, data, spec, resumedAt} =
    result;
  return {
    event: "done",
    testAccuracy,
    weights,
    kept,
    scoresSha256,
    weightsSha256,
    seconds,
    backend: machine.backend,
    precision: machine.precision,
    data: data.name,
    resumedAt,
    machine,
    spec,
  };
}

function printResult(result: SearchResult, path: string | undefined): void {
  const {testAccuracy, bestTestAccuracy, kept, weights, spec, seconds} = result;
  const what =
    spec.method === "dense" ? "trained" : `kept ${kept} of ${weights} weights, none of them changed`;
  const when =
    spec.epochs > 0
      ? `after the last epoch (best on the test set: ${bestTestAccuracy.toFixed(2)} %)`
      : "without any search";
  print(
    `test accuracy ${testAccuracy.toFixed(2)} % ${when}; ` +
      `${what}; ${seconds.toFixed(0)} s\n${path ? `result: ${path}\n` : ""}`,
  );
}

function ramped({ramp}: SearchSpec): string {
  return ramp && ramp.epochs > 0
    ? ` (${percent(ramp.from)} at first, over ${counted(ramp.epochs, "epoch")})`
    : "";
}
