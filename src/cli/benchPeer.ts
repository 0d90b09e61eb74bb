import {Command, Option} from "commander";
import {peerBenchText, withComparisons} from "../bench/peerBenchText";
import {type PeerMode, peerModes} from "../bench/peerReport";
import {searchedNetworks} from "../bench/usualTargets";
import {UserError} from "../core/errors";
import {type Precision, precisions} from "../core/precision";
import {type ArchitectureName, architectureNames} from "../network/architectures";
import type {Activation} from "../network/operations";
import {writeOutput} from "../system/outputFile";
import {chooseBackend, countingNumber} from "./options";
import {outputPath} from "./output";
import {precisionsFor} from "./precisionsFor";
import {print, printAside, printJson} from "./print";
import {several} from "./several";
import {untilStopped} from "./stop";

interface BenchPeerOptions {
  arch?: ArchitectureName[];
  activation?: Activation[];
  precision?: Precision[];
  mode?: PeerMode[];
  batch: number;
  rounds: number;
  steps: number;
  out?: string;
  markdown?: boolean;
  json?: boolean;
}

export function benchPeerCommand(): Command {
  return new Command("bench-peer")
    .description("Time the steps of a search beside those of a PyTorch program that takes the same steps.")
    .argument("<python>", "a Python that has PyTorch")
    .addOption(
      new Option("--arch <names>", "networks, by commas or repeated")
        .argParser(several(architectureNames))
        .default(undefined, searchedNetworks.join(",")),
    )
    .addOption(
      new Option("--activation <names>", "by commas or repeated, of relu, sign")
        .argParser(several<Activation>(["relu", "sign"]))
        .default(undefined, "relu"),
    )
    .addOption(
      new Option("--precision <names>", "ours, by commas or repeated")
        .argParser(several(precisions))
        .default(undefined, "those that this machine has"),
    )
    .addOption(
      new Option("--mode <names>", `PyTorch's, of ${peerModes.join(", ")}`)
        .argParser(several(peerModes))
        .default(undefined, "float32,bfloat16"),
    )
    .option("--batch <n>", "images a step", countingNumber, 128)
    .option("--rounds <n>", "turns of each side", countingNumber, 5)
    .option("--steps <n>", "timed steps of a turn", countingNumber, 2)
    .option("--out <file>", "write the JSON object to this file as well")
    .option("--markdown", "the table for a document")
    .option("--json", 'one JSON object: {"machine", "rows"}')
    .addHelpText(
      "after",
      `
Both sides take the same steps at keep fraction 0.2 on the same cores: crop,
flip and normalise a batch, select, forward, backward, update. They take turns,
and what the other holds in memory meanwhile counts: ResNet-18 takes 15 GB.
Let nothing else compute.

Examples:
  multiprize bench-peer ~/.cache/peer/bin/python
  multiprize bench-peer python3 --arch conv6 --activation relu,sign --json
  multiprize bench-peer python3 --out data/bench/training.json --markdown`,
    )
    .action(run);
}

async function run(python: string, options: BenchPeerOptions): Promise<void> {
  const {arch = searchedNetworks, activation = ["relu"], mode = ["float32", "bfloat16"] as const} = options;
  const {batch, rounds, steps, out, markdown, json} = options;
  if (json && markdown) throw new UserError("--json and --markdown are two forms of one answer: give one");
  const path = out === undefined ? undefined : outputPath(out, "json", []);
  const info = await chooseBackend("tensorflow");
  const {peerBench} = await import("../bench/peerBench");
  const jobs = activation.flatMap(a => arch.map(name => ({arch: name, activation: a, batch})));
  const ours = precisionsFor(options.precision, info);
  const onJob = (what: string): void => printAside(`${what}\n`);
  const report = await untilStopped(signal =>
    peerBench(jobs, {python, modes: mode, precisions: ours, rounds, steps, signal, ...(json ? {} : {onJob})}),
  );
  const compared = withComparisons(report);
  if (json) printJson(compared);
  else print(peerBenchText(report, markdown));
  if (path !== undefined) writeOutput(path, `${JSON.stringify(compared, null, 1)}\n`);
}
