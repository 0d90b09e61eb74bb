import {Command} from "commander";
import type {BackendInfo, BackendName} from "../backend/backend";
import {precisionOn} from "../backend/precisionOn";
import {benchText} from "../bench/benchText";
import type {Job} from "../bench/measure";
import {referenceSetting} from "../bench/reference";
import {UserError} from "../core/errors";
import {type Precision, precisions} from "../core/precision";
import {type ArchitectureName, architectureNames} from "../network/architectures";
import type {Activation} from "../network/operations";
import {backendOption, chooseBackend, countingNumber} from "./options";
import {several} from "./several";
import {untilStopped} from "./stop";

interface BenchCommandOptions {
  arch?: ArchitectureName[];
  activation?: Activation[];
  precision?: Precision[];
  batch: number;
  steps: number;
  backend: BackendName | "auto";
  json?: boolean;
}

const usualNetworks: readonly ArchitectureName[] = [
  "conv2",
  "conv4",
  "conv6",
  "conv8",
  "vgg-small",
  "cifar-resnet18",
];
const activations: readonly Activation[] = ["relu", "sign"];

export function benchCommand(): Command {
  return new Command("bench")
    .description(
      "Time the steps of a search: how fast, how near to the machine's peak, where the time goes, what memory.",
    )
    .option(
      "--arch <names>",
      `networks, by commas or repeated (${usualNetworks.join(",")})`,
      several(architectureNames),
    )
    .option("--activation <names>", `(${activations.join(",")})`, several(activations))
    .option("--precision <names>", "(those that this machine has)", several(precisions))
    .option("--batch <n>", "images a step", countingNumber, referenceSetting.batch)
    .option("--steps <n>", "timed steps of each network, after the warm-up", countingNumber, 10)
    .addOption(backendOption())
    .option("--json", 'one JSON object: {"peakGflops", "rows", "machine"}')
    .addHelpText(
      "after",
      "\nLet nothing else compute meanwhile.\n\nExamples:\n  multiprize bench\n  multiprize bench --arch conv2,conv6 --activation relu --json",
    )
    .action(runBench);
}

async function runBench(options: BenchCommandOptions): Promise<void> {
  const {arch = usualNetworks, activation = activations, batch, steps, backend, json} = options;
  const info = await chooseBackend(backend);
  const {bench} = await import("../bench/bench");
  const jobs = precisionsFor(options.precision, info).flatMap(p =>
    activation.flatMap(a => arch.map(name => ({arch: name, activation: a, precision: p, batch, steps}))),
  );
  const onJob = (job: Omit<Job, "backend">, i: number): void => {
    process.stderr.write(`${i + 1} of ${jobs.length}: ${job.arch} ${job.activation} ${job.precision}\n`);
  };
  if (!json) process.stderr.write("the float32 GEMM peak\n");
  const report = await untilStopped(signal => bench(jobs, {signal, ...(json ? {} : {onJob})}));
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : benchText(report));
}

/** Those asked for, or all that there are here. */
function precisionsFor(asked: readonly Precision[] | undefined, on: BackendInfo): readonly Precision[] {
  const lacking = (asked ?? precisions).map(each => precisionOn(each, on).notice).find(notice => notice);
  if (lacking === undefined) return asked ?? precisions;
  if (asked) throw new UserError(`not measured: ${lacking}`);
  process.stderr.write(`Note: ${lacking}.\n`);
  return precisions.filter(each => precisionOn(each, on).precision === each);
}
