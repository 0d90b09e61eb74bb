import {rmSync, statSync} from "node:fs";
import {join} from "node:path";
import {Command, Option} from "commander";
import {UserError} from "../core/errors";
import type {SignStorage} from "../export/onnxGraph";
import {formatNumber} from "../report/numbers";
import {writeOutput} from "../system/outputFile";
import {readTicket} from "../ticket/file";
import type {Ticket} from "../ticket/ticket";
import {folder} from "./options";
import {kindNamed, outputPath} from "./output";
import {printJson, printLine} from "./print";

const formats = ["onnx", "pytorch", "tfjs"] as const;
type Format = (typeof formats)[number];
/** Of a LayersModel: names the files of its weights. */
const MODEL = "model.json";

interface ExportCommandOptions {
  readonly format: Format;
  readonly out: string;
  readonly signs?: SignStorage;
  readonly json?: boolean;
}

export function exportCommand(): Command {
  return new Command("export")
    .description("Write a ticket as a model that other programs run: ONNX, TensorFlow.js, PyTorch.")
    .argument("<file>", "a ticket, .mpt")
    .addOption(new Option("--format <name>", "what to write").choices(formats).makeOptionMandatory())
    .requiredOption("--out <path>", "the .onnx or .pth file, or the folder of a LayersModel")
    .addOption(
      new Option("--signs <storage>", "onnx: a byte a sign, or half a byte, which takes opset 21")
        .choices(["int8", "int4"])
        .default(undefined, "int8"),
    )
    .option("--json", "one JSON object: what was written, and its size in bytes")
    .addHelpText(
      "after",
      `
onnx: images [batch, channels, height, width], normalised as metadata says, to
  logits. The class of every image is the ticket's; in MPT-1/1 the logits are,
  to the last bit.
tfjs: a folder for tf.loadLayersModel. MPT-1/1 also needs the layers that
  importing multiprize registers.
pytorch: a checkpoint for the reference implementation's --pretrained; it names
  the class and options to build it with.

Examples:
  multiprize export digits.mpt --format onnx --out digits.onnx
  multiprize export vgg.mpt --format onnx --signs int4 --out vgg.onnx
  multiprize export resnet.mpt --format pytorch --out resnet.pth
  multiprize export digits.mpt --format tfjs --out digits-tfjs`,
    )
    .action(runExport);
}

async function runExport(path: string, {format, out, signs, json}: ExportCommandOptions): Promise<void> {
  if (signs !== undefined && format !== "onnx") throw new UserError(`--signs is for onnx, not for ${format}`);
  const target = format === "tfjs" ? modelFolder(out) : outputPath(out, format, [path]);
  const ticket = readTicket(path);
  const files = await filesOf(ticket, format, signs);
  if (format === "tfjs") writeModel(target, files);
  else writeOutput(target, Object.values(files)[0]);
  const bytes = Object.values(files).reduce((sum, file) => sum + file.length, 0);
  if (json) printJson({file: out, format, bytes});
  else printLine(`${out}: ${formatNumber(bytes)} bytes`);
}

/** The whole path of a LayersModel's folder; UserError for what is the name of a file. */
function modelFolder(out: string): string {
  const path = folder(out);
  const there = statSync(path, {throwIfNoEntry: false});
  if (out === "" || kindNamed(out) !== undefined || (there !== undefined && !there.isDirectory()))
    throw new UserError(`tfjs is a folder, of model.json and its weights; got "${out}", a file's name`);
  return path;
}

/** Its description last, so that what a reader finds is never the one without the other. */
function writeModel(path: string, files: Readonly<Record<string, Uint8Array>>): void {
  const {[MODEL]: description, ...weights} = files;
  rmSync(join(path, MODEL), {force: true});
  for (const [name, bytes] of Object.entries(weights)) writeOutput(join(path, name), bytes);
  writeOutput(join(path, MODEL), description);
}

async function filesOf(
  ticket: Ticket,
  format: Format,
  storage: SignStorage | undefined,
): Promise<Record<string, Uint8Array>> {
  if (format === "tfjs") {
    const {tfjsOf} = await import("../export/tfjs");
    return tfjsOf(ticket);
  }
  if (format === "pytorch") {
    const {pytorchOf} = await import("../export/pytorch");
    return {file: await pytorchOf(ticket)};
  }
  const {version} = require("../../package.json") as {version: string};
  const {onnxOf} = await import("../export/onnx");
  return {file: onnxOf(ticket, {storage, version})};
}
