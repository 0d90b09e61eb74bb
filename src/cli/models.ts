import {Command, Option} from "commander";
import {UserError} from "../core/errors";
import {
  type ArchitectureName,
  architectureNames,
  architectures,
  operationsOf,
} from "../network/architectures";
import {countWeights, trainingMemory} from "../network/cost";
import type {Activation} from "../network/operations";
import {countingNumber, positive, share} from "./options";
import {print, printJson} from "./print";
import {fittingTable} from "./terminal";

interface ModelsOptions {
  activation: Activation;
  keep: number;
  width: number;
  memory?: boolean;
  batch?: number;
  json?: boolean;
}

export function modelsCommand(): Command {
  return new Command("models")
    .description("List the architectures with their counts, or the layers of one.")
    .argument("[arch]", `one of ${architectureNames.join(", ")}`)
    .addOption(
      new Option("--activation <name>", "relu: MPT-1/32, sign: MPT-1/1")
        .choices(["relu", "sign"])
        .default("relu"),
    )
    .option("--keep <share>", "share of weights kept", share, 0.5)
    .option("--width <factor>", "multiplies every layer's width", positive, 1)
    .option("--memory", "instead: about what a training step needs, beyond the library")
    .addOption(
      new Option("--batch <n>", "with --memory: images at once, of a batch or of its part")
        .argParser(countingNumber)
        .default(undefined, "128"),
    )
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  multiprize models --keep 0.05\n  multiprize models conv4 --activation sign\n  multiprize models --memory --batch 32",
    )
    .action(listModels);
}

function listModels(arch: string | undefined, options: ModelsOptions): void {
  const {activation, keep, width, memory, batch = 128, json} = options;
  if (options.batch !== undefined && !memory)
    throw new UserError("--batch goes with --memory, which says what a training step needs: add it");
  const named = arch === undefined ? architectureNames : [arch as ArchitectureName];
  const rows = memory
    ? named.map(name => ({arch: name, ...memoryOf(name)}))
    : arch === undefined
      ? named.map(name => ({arch: name, ...countsOf(name)}))
      : layersOf(arch);
  if (json) printJson(rows);
  else print(`${fittingTable(rows)}\n`);

  function counts(name: ArchitectureName): ReturnType<typeof countWeights> {
    return countWeights(operationsOf({arch: name, activation, width}), architectures[name].image, keep);
  }
  function memoryOf(name: ArchitectureName): object {
    const operations = operationsOf({arch: name, activation, width});
    const {activationBytes, weightBytes, peakBytes} = trainingMemory(
      operations,
      architectures[name].image,
      batch,
    );
    return {
      images: batch,
      "MB an image": megabytes(activationBytes),
      "MB weights": megabytes(weightBytes),
      "peak MB, about": Math.round(peakBytes / 1e6),
    };
  }
  function countsOf(name: ArchitectureName): object {
    const {layers, weights, kept, batchNormValues} = counts(name);
    return {layers: layers.length, weights, kept, batchNormValues, about: architectures[name].describe};
  }
  function layersOf(name: string): object[] {
    return counts(name as ArchitectureName).layers.map(each => ({...each, shape: each.shape.join("×")}));
  }
}

function megabytes(bytes: number): number {
  return Number((bytes / 1e6).toFixed(1));
}
