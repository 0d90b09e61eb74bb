import {cpus, loadavg} from "node:os";
import {backendInfo} from "../backend/backend";
import type {Kernels} from "../backend/nativeOperations";
import {architectures, operationsOf} from "../network/architectures";
import {modelFlops} from "../network/cost";
import {gemmPeak, gemmSizes} from "./gemmPeak";
import type {Job, Measurement} from "./measure";
import {measureInOwnProcess} from "./ownProcess";
import type {Parts} from "./parts";

export interface BenchRow extends Pick<Job, "arch" | "activation" | "precision" | "batch"> {
  readonly stepMs: number;
  readonly imagesPerSecond: number;
  /** Model FLOPs a second over the float32 GEMM peak. */
  readonly shareOfPeak: number;
  /** Milliseconds; their sum is `stepMs`. */
  readonly parts: Parts;
  readonly peakRssBytes: number;
}

export interface BenchReport {
  readonly peakGflops: number;
  readonly rows: readonly BenchRow[];
  readonly machine: BenchMachine;
}

export interface BenchMachine {
  readonly cpu: string;
  readonly threads: number;
  readonly backend: string;
  readonly version: string;
  readonly device: "cpu" | "gpu";
  readonly kernels: Kernels;
  /** Side of the matrices behind `peakGflops`. */
  readonly gemmSize: number;
  /** Part of every `peakRssBytes`: what the process held before a network was built, the least over the rows. */
  readonly libraryRssBytes: number;
  /** Processes that wanted to compute in the minute before; an idle machine has about 0. */
  readonly loadBefore: number;
}

export interface BenchOptions {
  readonly signal?: AbortSignal;
  readonly onJob?: (job: Omit<Job, "backend">, index: number) => void;
  /** Side of the matrices for the peak, if not the backend's. */
  readonly gemmSize?: number;
}

/** The GEMM peak and then, each in a process of its own, the jobs. A backend must be in use; the jobs take the same. */
export async function bench(
  jobs: readonly Omit<Job, "backend">[],
  {signal, onJob, gemmSize}: BenchOptions = {},
): Promise<BenchReport> {
  const {backend, version, device, kernels, threads} = backendInfo();
  const loadBefore = loadavg()[0];
  const size = gemmSize ?? gemmSizes[backend];
  const peakGflops = await gemmPeak(size, {signal});
  const measured: Measurement[] = [];
  for (const [i, job] of jobs.entries()) {
    onJob?.(job, i);
    measured.push(await measureInOwnProcess({...job, backend}, signal));
  }
  const rows = jobs.map((job, i) => benchRow(job, measured[i], peakGflops));
  const libraryRssBytes = Math.min(...measured.map(each => each.libraryRssBytes));
  const cpu = cpus()[0]?.model.trim() ?? "unknown";
  const machine = {
    cpu,
    threads,
    backend,
    version,
    device,
    kernels,
    gemmSize: size,
    libraryRssBytes,
    loadBefore,
  };
  return {peakGflops, rows, machine};
}

function benchRow(
  {arch, activation, precision, batch}: Omit<Job, "backend">,
  {stepMs, parts, peakRssBytes}: Measurement,
  peakGflops: number,
): BenchRow {
  const {step} = modelFlops(operationsOf({arch, activation}), architectures[arch].image);
  const imagesPerSecond = (1000 * batch) / stepMs;
  const shareOfPeak = (step * imagesPerSecond) / (peakGflops * 1e9);
  return {arch, activation, precision, batch, stepMs, imagesPerSecond, shareOfPeak, parts, peakRssBytes};
}
