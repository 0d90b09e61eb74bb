import {SingleBar} from "cli-progress";
import {Command, Option} from "commander";
import {datasetNames} from "../data/load";
import {sourceOf} from "../data/source";
import {type BackendName, loadDataset, readTicket, type Ticket, untilInterrupted} from "../index";
import {evaluateTicket} from "../infer/evaluateTicket";
import {type Predictor, predictors, withPredictor} from "../infer/predict";
import {backendOption, chooseBackend, countingNumber, dataDirectoryOption, folder} from "./options";

interface EvaluateCommandOptions {
  data?: string;
  dataDir: string;
  engine: Predictor;
  backend: BackendName | "auto";
  images?: number;
  json?: boolean;
}

export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("Measure a ticket's accuracy on a test set, on bits or in TensorFlow.")
    .argument("<file>", "a ticket, .mpt")
    .addOption(
      new Option("--data <name>", "data set [the ticket's own, where it names one]").choices(datasetNames),
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
    .addOption(backendOption())
    .option("--images <n>", "the first so many test images [all]", countingNumber)
    .option(
      "--json",
      'one JSON object: {"file", "engine", "dataset", "images", "correct", "accuracy", "seconds"}',
    )
    .addHelpText(
      "after",
      `
--backend matters to --engine tensorflow alone.

Examples:
  multiprize evaluate digits.mpt
  multiprize evaluate vgg.mpt --data cifar10 --data-dir data --engine tensorflow
  multiprize evaluate vgg.mpt --engine reference --images 20 --json`,
    )
    .action(runEvaluate);
}

async function runEvaluate(file: string, options: EvaluateCommandOptions): Promise<void> {
  const {engine, images, json} = options;
  const ticket = readTicket(file);
  const data = options.data ?? dataOf(ticket);
  const source = sourceOf(await loadDataset(data, {directory: folder(options.dataDir)}));
  if (source.notice) process.stderr.write(`Note: ${source.notice}\n`);
  if (engine === "tensorflow") await chooseBackend(options.backend);
  const bar = process.stderr.isTTY && !json ? newBar() : undefined;
  let started = false;
  const onBatch = (done: number, total: number): void => {
    if (!started) bar?.start(total, done);
    started = true;
    bar?.update(done);
  };
  const batchSize = engine === "reference" ? 1 : 100;
  try {
    const result = await untilInterrupted(signal =>
      withPredictor(ticket, engine, predict =>
        evaluateTicket(ticket, predict, source, {images, batchSize, signal, onBatch}),
      ),
    );
    bar?.stop();
    const rate = (result.images / result.seconds).toFixed(0);
    process.stdout.write(
      json
        ? `${JSON.stringify({file, engine, dataset: source.name, ...result})}\n`
        : `${file} on ${source.name}, engine ${engine}: ${result.accuracy.toFixed(2)} % (${result.correct} of ${result.images}), ${rate} images/s\n`,
    );
  } finally {
    bar?.stop();
    await source.close();
  }
}

/** The data set that a ticket was searched on, or the one of its kind of images. */
function dataOf({provenance, image}: Ticket): string {
  const name = String(provenance.dataset ?? "");
  if (name.startsWith("cifar10")) return "cifar10";
  if (name === "mnist" || image[2] === 1) return "mnist";
  return name.startsWith("imagenet") || image[0] === 224 ? "imagenet" : "cifar10";
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
