import {Command, Option} from "commander";
import type {BackendName} from "../backend/backend";
import {benchText} from "../bench/benchText";
import {deviceBenchText} from "../bench/deviceBenchText";
import type {Job} from "../bench/measure";
import {searchedNetworks} from "../bench/usualTargets";
import {UserError} from "../core/errors";
import {type Precision, precisions} from "../core/precision";
import {type ArchitectureName, architectureNames} from "../network/architectures";
import type {Activation} from "../network/operations";
import {backendOption, chooseBackend, countingNumber} from "./options";
import {precisionsFor} from "./precisionsFor";
import {print, printAside, printJson} from "./print";
import {several} from "./several";
import {untilStopped} from "./stop";
import {terminalWidth} from "./terminal";

interface BenchCommandOptions {
  arch?: ArchitectureName[];
  activation?: Activation[];
  precision?: Precision[];
  batch: number;
  steps: number;
  backend: BackendName | "auto";
  against?: BackendName;
  json?: boolean;
}

const activations: readonly Activation[] = ["relu", "sign"];

export function benchCommand(): Command {
  return new Command("bench")
    .description(
      "Time the steps of a search: how fast, how near to the machine's peak, where the time goes, what memory.",
    )
    .addOption(
      new Option("--arch <names>", "networks, by commas or repeated")
        .argParser(several(architectureNames))
        .default(undefined, searchedNetworks.join(",")),
    )
    .addOption(
      new Option("--activation <names>", "by commas or repeated")
        .argParser(several(activations))
        .default(undefined, activations.join(",")),
    )
    .addOption(
      new Option("--precision <names>", "of convolutions and matrix products")
        .argParser(several(precisions))
        .default(undefined, "those that this machine has"),
    )
    .option("--batch <n>", "images a step", countingNumber, 128)
    .option("--steps <n>", "timed steps of each network, after the warm-up", countingNumber, 10)
    .addOption(backendOption())
    .addOption(
      new Option("--against <backend>", "with --backend webgpu: the backend to time beside it").choices([
        "tensorflow",
        "wasm",
      ]),
    )
    .option("--json", 'one JSON object: {"peakGflops", "rows", "machine"}')
    .addHelpText(
      "after",
      "\nLet nothing else compute meanwhile.\n\nExamples:\n  multiprize bench\n  multiprize bench --arch conv2,conv6 --activation relu --json\n  multiprize bench --backend webgpu --against tensorflow --arch conv6",
    )
    .action(runBench);
}

async function runBench(options: BenchCommandOptions): Promise<void> {
  const {arch = searchedNetworks, activation = activations, batch, steps, backend, json} = options;
  if (options.against && backend !== "webgpu")
    throw new UserError(`--against times a backend beside webgpu: add --backend webgpu (it is ${backend})`);
  const info = await chooseBackend(backend);
  if (backend === "webgpu") {
    const deviceJobs = activation.flatMap(a => arch.map(name => ({arch: name, activation: a, batch, steps})));
    return runDeviceBench(options, deviceJobs);
  }
  const {bench} = await import("../bench/bench");
  const jobs = precisionsFor(options.precision, info).flatMap(p =>
    activation.flatMap(a => arch.map(name => ({arch: name, activation: a, precision: p, batch, steps}))),
  );
  const onJob = (job: Omit<Job, "backend">, i: number): void => {
    printAside(`${i + 1} of ${jobs.length}: ${job.arch} ${job.activation} ${job.precision}\n`);
  };
  if (!json) printAside("the float32 GEMM peak\n");
  const report = await untilStopped(signal => bench(jobs, {signal, ...(json ? {} : {onJob})}));
  if (json) printJson(report);
  else print(benchText(report));
}

/** On a GPU nothing tells the host where a step's time goes: the device's own clock does. */
async function runDeviceBench(
  {against, json, precision}: BenchCommandOptions,
  jobs: readonly Omit<Job, "backend" | "precision">[],
): Promise<void> {
  if (precision?.some(each => each !== "float32"))
    throw new UserError("not measured: the backend webgpu computes in float32 alone");
  const {deviceBench} = await import("../bench/deviceBench");
  const onJob = (job: {arch: string; activation: string}, what: string): void => {
    printAside(`${job.arch} ${job.activation}: ${what}\n`);
  };
  const rows = await untilStopped(signal => deviceBench(jobs, against, {signal, ...(json ? {} : {onJob})}));
  if (json) printJson({rows});
  else print(deviceBenchText(rows, against, terminalWidth()));
}
