import {basename} from "node:path";
import {Command, Option} from "commander";
import {inferenceBenchText} from "../bench/inferenceBenchText";
import {type Rival, rivals} from "../bench/rivalNames";
import {usualLayers, usualNetworks} from "../bench/usualTargets";
import {UserError} from "../core/errors";
import {type ArchitectureName, architectureNames} from "../network/architectures";
import {writeOutput} from "../system/outputFile";
import {readTicket} from "../ticket/file";
import {countingNumber, nonNegative} from "./options";
import {outputPath} from "./output";
import {print, printAside, printJson} from "./print";
import {several} from "./several";
import {untilStopped} from "./stop";

const parts = ["layers", "networks", "first-calls"] as const;
const batchSizes = ["1", "8", "32", "128"] as const;

interface BenchInferenceOptions {
  only?: (typeof parts)[number][];
  arch?: ArchitectureName[];
  against?: Rival[];
  batch?: (typeof batchSizes)[number][];
  rounds: number;
  turn: number;
  out?: string;
  json?: boolean;
}

export function benchInferenceCommand(): Command {
  return new Command("bench-inference")
    .description("Time predictions on bits and additions against TensorFlow.js's float32 on one thread.")
    .argument("[files...]", "tickets, .mpt: whole networks are these, not random masks")
    .addOption(
      new Option(
        "--only <part>",
        "layers: single convolutions; networks: whole ones; first-calls: of each ticket file",
      )
        .argParser(several(parts))
        .default(undefined, "all"),
    )
    .addOption(
      new Option("--arch <names>", "networks, by commas or repeated")
        .argParser(several(architectureNames))
        .default(undefined, usualNetworks.join(",")),
    )
    .addOption(
      new Option("--against <rivals>", `beside the baseline, by commas or repeated, of ${rivals.join(", ")}`)
        .argParser(several(rivals))
        .default(undefined, "all that are installed"),
    )
    .addOption(
      new Option("--batch <n>", `images at once, by commas or repeated, of ${batchSizes.join(", ")}`)
        .argParser(several(batchSizes))
        .default(undefined, "1,32"),
    )
    .option("--rounds <n>", "turns of each contender", countingNumber, 5)
    .option("--turn <ms>", "least length of a turn", nonNegative, 100)
    .option("--out <file>", "write the JSON object to this file as well")
    .option(
      "--json",
      'one JSON object: {"date", "baseline", "layers", "networks", "firstCalls", "notes", "machine"}',
    )
    .addHelpText(
      "after",
      `
Takes a few minutes, with all of data/tickets a quarter of an hour; --rounds 2
and --against are quicker. Whole networks are timed beside TensorFlow where it
is set up, ONNX Runtime where its packages are (float32 and int8; its own
library: npm install --no-save onnxruntime-node@1.30.0), and, with real
activations, the usual kernel for sparse ternary matrices. What else the machine
does falsifies the numbers: time nothing on a busy one.

Examples:
  multiprize bench-inference
  multiprize bench-inference data/tickets/*.mpt --out data/bench/inference.json
  multiprize bench-inference --only networks --arch vgg-small --batch 1 --json
  multiprize bench-inference digits.mpt --against onnxruntime-node`,
    )
    .action(run);
}

async function run(files: string[], options: BenchInferenceOptions): Promise<void> {
  const {
    only = [...parts],
    against = [...rivals],
    arch,
    batch = ["1", "32"],
    rounds,
    turn,
    out,
    json,
  } = options;
  if (files.length > 0 && arch)
    throw new UserError("--arch times random masks: give ticket files, or --arch");
  if (files.length > 0 && only.join() === "layers")
    throw new UserError("--only layers times no whole networks: leave the ticket files out");
  if (files.length === 0 && only.join() === "first-calls")
    throw new UserError("first calls are those of ticket files: name some");
  const path = out === undefined ? undefined : outputPath(out, "json", files);
  const whole = only.includes("networks") ? files : [];
  const tickets = whole.map(file => ({name: basename(file), ticket: readTicket(file)}));
  const archs = only.includes("networks") && files.length === 0 ? (arch ?? usualNetworks) : [];
  const onPart = (name: string, size: number): void => printAside(`${name}, batch ${size}\n`);
  const {benchInference} = await import("../bench/inferenceBench");
  const report = await untilStopped(signal =>
    benchInference({
      signal,
      rounds,
      turnMs: turn,
      batches: batch.map(Number),
      layers: only.includes("layers") ? usualLayers : [],
      networks: archs,
      tickets,
      rivals: against,
      firstCalls: only.includes("first-calls") ? files : [],
      ...(json ? {} : {onPart}),
    }),
  );
  if (json) printJson(report);
  else print(inferenceBenchText(report));
  if (path !== undefined) writeOutput(path, `${JSON.stringify(report, null, 1)}\n`);
}
