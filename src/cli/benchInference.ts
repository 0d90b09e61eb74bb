import {Command} from "commander";
import {benchInference, usualLayers, usualNetworks} from "../bench/inferenceBench";
import {inferenceBenchText} from "../bench/inferenceBenchText";
import {type ArchitectureName, untilInterrupted} from "../index";
import {architectureNames} from "../models/architectures";
import {countingNumber, nonNegative} from "./options";
import {several} from "./several";

const parts = ["layers", "networks"] as const;
const batchSizes = ["1", "8", "32", "128"] as const;

interface BenchInferenceOptions {
  only?: (typeof parts)[number][];
  arch?: ArchitectureName[];
  batch?: (typeof batchSizes)[number][];
  rounds: number;
  turn: number;
  json?: boolean;
}

export function benchInferenceCommand(): Command {
  return new Command("bench-inference")
    .description("Time predictions on bits and additions against TensorFlow.js's float32 on one thread.")
    .option("--only <part>", "layers: single convolutions; networks: whole ones [both]", several(parts))
    .option(
      "--arch <names>",
      `networks, by commas or repeated (${usualNetworks.join(",")})`,
      several(architectureNames),
    )
    .option(
      "--batch <n>",
      `images at once, by commas or repeated, of ${batchSizes.join(", ")} (1,32)`,
      several(batchSizes),
    )
    .option("--rounds <n>", "turns of each contender", countingNumber, 5)
    .option("--turn <ms>", "least length of a turn", nonNegative, 100)
    .option("--json", 'one JSON object: {"baseline", "layers", "networks", "machine"}')
    .addHelpText(
      "after",
      `
Takes one to three minutes; --rounds 2 is quicker. The native TensorFlow is timed beside, where it is set up.

Examples:
  multiprize bench-inference
  multiprize bench-inference --only networks --arch vgg-small --batch 1 --json`,
    )
    .action(run);
}

async function run({
  only = [...parts],
  arch,
  batch = ["1", "32"],
  rounds,
  turn,
  json,
}: BenchInferenceOptions): Promise<void> {
  const onPart = (name: string, size: number): void => void process.stderr.write(`${name}, batch ${size}\n`);
  const report = await untilInterrupted(signal =>
    benchInference({
      signal,
      rounds,
      turnMs: turn,
      batches: batch.map(Number),
      layers: only.includes("layers") ? usualLayers : [],
      networks: only.includes("networks") ? (arch ?? usualNetworks) : [],
      ...(json ? {} : {onPart}),
    }),
  );
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : inferenceBenchText(report));
}
