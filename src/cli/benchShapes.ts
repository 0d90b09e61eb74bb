import {Command, Option} from "commander";
import {readShapes, type ShapesReport, shapesOf} from "../bench/shapesReport";
import {comparedText, shapesText} from "../bench/shapesText";
import {searchedNetworks} from "../bench/usualTargets";
import {UserError} from "../core/errors";
import {type Precision, precisions} from "../core/precision";
import {
  type ArchitectureName,
  architectureNames,
  architectures,
  operationsOf,
} from "../network/architectures";
import {writeOutput} from "../system/outputFile";
import {chooseBackend, countingNumber, nonNegative} from "./options";
import {outputPath} from "./output";
import {precisionsFor} from "./precisionsFor";
import {print, printAside, printJson} from "./print";
import {several} from "./several";
import {untilStopped} from "./stop";

interface BenchShapesOptions {
  arch?: ArchitectureName[];
  precision?: Precision[];
  batch: number;
  rounds: number;
  turn: number;
  gemm: number;
  out?: string;
  json?: boolean;
}

export function benchShapesCommand(): Command {
  return new Command("bench-shapes")
    .description("Time each convolution and dense layer, forward and backward, beside the machine's peaks.")
    .argument("[records...]", "two records to set side by side; nothing is timed")
    .addOption(
      new Option("--arch <names>", "whose layers, by commas or repeated")
        .argParser(several(architectureNames))
        .default(undefined, searchedNetworks.join(",")),
    )
    .addOption(
      new Option("--precision <names>", "by commas or repeated")
        .argParser(several(precisions))
        .default(undefined, "those that this machine has"),
    )
    .option("--batch <n>", "images", countingNumber, 128)
    .option("--rounds <n>", "turns of each direction", countingNumber, 5)
    .option("--turn <ms>", "least length of a turn", nonNegative, 60)
    .option("--gemm <n>", "side of the matrices behind the GEMM peaks", countingNumber, 4096)
    .option("--out <file>", "write the JSON object to this file as well")
    .option("--json", 'one JSON object: {"machine", "batch", "rows"}')
    .addHelpText(
      "after",
      `
Let nothing else compute meanwhile. A share of the peak above 1 is Winograd's:
FLOPs count as if each product were taken.

Examples:
  multiprize bench-shapes --arch cifar-resnet18 --precision float32
  multiprize bench-shapes --out data/bench/shapes-epyc.json
  multiprize bench-shapes data/bench/shapes-epyc.json other.json`,
    )
    .action(run);
}

async function run(records: string[], options: BenchShapesOptions): Promise<void> {
  const {arch = searchedNetworks, batch, rounds, turn, gemm, out, json} = options;
  if (records.length > 0) {
    if (records.length !== 2 || out || json)
      throw new UserError(
        "give two records to set side by side, without --out or --json; or none, to time shapes",
      );
    print(comparedText(readShapes(records[0]), readShapes(records[1])));
    return;
  }
  const path = out === undefined ? undefined : outputPath(out, "json", []);
  const info = await chooseBackend("tensorflow");
  const {benchShapes} = await import("../bench/shapes");
  const shapes = shapesOf(
    arch.map(name => ({
      operations: operationsOf({arch: name, activation: "relu"}),
      image: architectures[name].image,
    })),
  );
  const report: ShapesReport = await untilStopped(signal =>
    benchShapes(shapes, {
      ...{batch, rounds, turnMs: turn, gemmSize: gemm, signal},
      precisions: precisionsFor(options.precision, info),
      onShape: ({input, outputs, kernel}, precision) => {
        if (!json) printAside(`${precision}: ${kernel}×${kernel}, ${input.join("×")} to ${outputs}\n`);
      },
    }),
  );
  if (json) printJson(report);
  else print(shapesText(report));
  if (path !== undefined) writeOutput(path, `${JSON.stringify(report, null, 1)}\n`);
}
