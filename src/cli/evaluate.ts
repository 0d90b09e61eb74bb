import {SingleBar} from "cli-progress";
import {Command, Option} from "commander";
import type {BackendName} from "../backend/backend";
import {UserError} from "../core/errors";
import {type DatasetName, datasetNames, datasetOf, loadDataset} from "../data/load";
import {type Pictures, sourceOf} from "../data/source";
import type {Agreement} from "../evaluate/agreement";
import {
  evaluateTicket,
  type TicketEvaluation,
  type TicketEvaluationOptions,
} from "../evaluate/evaluateTicket";
import {withPredictor} from "../evaluate/predict";
import {type Predict, type Predictor, predictors} from "../evaluate/predictors";
import {architectures} from "../network/architectures";
import {readTicket} from "../ticket/file";
import type {Ticket} from "../ticket/ticket";
import {agreementText} from "./agreementText";
import {backendOption, chooseBackend, countingNumber, dataDirectoryOption, folder} from "./options";
import {note, print, printJson} from "./print";
import {untilStopped} from "./stop";

interface EvaluateCommandOptions {
  data?: string;
  dataDir: string;
  engine: Predictor;
  against?: Predictor;
  backend: BackendName | "auto";
  images?: number;
  json?: boolean;
}

export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("Measure a ticket's accuracy on a test set, on bits or in TensorFlow.")
    .argument("<files...>", "tickets, .mpt: a line each")
    .addOption(
      new Option("--data <name>", "data set")
        .choices(datasetNames)
        .default(undefined, "the ticket's own, where it names one"),
    )
    .addOption(dataDirectoryOption())
    .addOption(
      new Option(
        "--engine <name>",
        "wasm: bits and additions, no TensorFlow; reference: the slow definition of wasm",
      )
        .choices(predictors)
        .default("wasm"),
    )
    .addOption(
      new Option(
        "--against <name>",
        "compare each image's logits with this engine's; exits with 1 if they do not agree",
      ).choices(predictors),
    )
    .addOption(backendOption())
    .addOption(
      new Option("--images <n>", "the first so many test images")
        .argParser(countingNumber)
        .default(undefined, "all"),
    )
    .option(
      "--json",
      'one JSON object a file: {"file", "engine", "dataset", "images", "correct", "accuracy", "seconds"}, and "agreement"',
    )
    .addHelpText(
      "after",
      `
--backend matters to tensorflow alone.

Two engines agree: wasm and reference to the last bit; with tensorflow in
logits within 1e-4 of the largest, and in the class of every image. In MPT-1/1
rounding may decide a sign, where its input is nearer than 1e-5 of its layer's
rms to where the sign changes: such images may be further apart, and 999 of
1,000 images must keep their class.

Examples:
  multiprize evaluate digits.mpt
  multiprize evaluate data/tickets/digits-*.mpt
  multiprize evaluate vgg.mpt --data cifar10 --data-dir data --engine tensorflow
  multiprize evaluate vgg.mpt --engine reference --images 20 --json
  multiprize evaluate vgg.mpt --against tensorflow --data-dir data
  multiprize evaluate vgg.mpt --against reference --images 20`,
    )
    .action(runEvaluate);
}

async function runEvaluate(files: readonly string[], options: EvaluateCommandOptions): Promise<void> {
  for (const file of files) await evaluateFile(file, options);
}

async function evaluateFile(file: string, options: EvaluateCommandOptions): Promise<void> {
  const {engine, against, images, json} = options;
  if (engine === against) throw new UserError(`--against ${against} compares ${engine} with itself`);
  const ticket = readTicket(file);
  const data = options.data ?? dataOf(ticket);
  const source = sourceOf(await loadDataset(data, {directory: folder(options.dataDir)}));
  if (source.notice) note(source.notice);
  if (engine === "tensorflow" || against === "tensorflow") await chooseBackend(options.backend);
  const bar = process.stderr.isTTY && !json ? newBar() : undefined;
  let started = false;
  const onBatch = (done: number, total: number): void => {
    if (!started) bar?.start(total, done);
    started = true;
    bar?.update(done);
  };
  const batchSize = engine === "reference" || against === "reference" ? 1 : 100;
  try {
    const {evaluation: result, agreement} = await untilStopped(signal =>
      measure(ticket, options, source, {images, batchSize, signal, onBatch}),
    );
    bar?.stop();
    const rate = (result.images / result.seconds).toFixed(0);
    if (json) printJson({file, engine, dataset: source.name, ...result, ...(agreement && {agreement})});
    else
      print(
        `${file} on ${source.name}, engine ${engine}: ${result.accuracy.toFixed(2)} % (${result.correct} of ${result.images})` +
          `${agreement ? `\n${agreementText(agreement)}` : `, ${rate} images/s`}\n`,
      );
    if (agreement?.agrees === false) process.exitCode = 1;
  } finally {
    bar?.stop();
    await source.close();
  }
}

/** The accuracy of `engine`, and with `against` how far the two agree. */
async function measure(
  ticket: Ticket,
  {engine, against}: Pick<EvaluateCommandOptions, "engine" | "against">,
  source: Pictures,
  options: TicketEvaluationOptions,
): Promise<{evaluation: TicketEvaluation; agreement?: Agreement}> {
  if (against !== undefined) {
    const {compareEngines} = await import("../evaluate/agreement");
    return compareEngines(ticket, engine, against, source, options);
  }
  const task = (predict: Predict): Promise<TicketEvaluation> =>
    evaluateTicket(ticket, predict, source, options);
  return {evaluation: await withPredictor(ticket, engine, task)};
}

/** The data set that a ticket was searched on, or the one that networks for such images are made for. */
function dataOf({provenance, image}: Ticket): DatasetName {
  const alike = Object.values(architectures).find(made => made.image.join() === image.join());
  const name = datasetOf(String(provenance.dataset ?? "")) ?? alike?.dataset;
  if (name !== undefined) return name;
  throw new UserError(`the ticket names no data set for its images of ${image.join("×")}: give --data`);
}

function newBar(): SingleBar {
  return new SingleBar({
    format: "[{bar}] {value} of {total} images, {eta} s left",
    barsize: 24,
    barCompleteChar: "█",
    barIncompleteChar: "·",
    clearOnComplete: true,
    hideCursor: true,
    stopOnComplete: false,
  });
}
