import {execFile} from "node:child_process";
import {extname, join} from "node:path";
import {promisify} from "node:util";
import {UserError} from "../core/errors";
import type {DeviceMeasurement} from "./deviceMeasure";
import type {Job, Measurement} from "./measure";

// The compiled file, or its source when that is what runs. Nothing of this process's own command line is repeated:
// with `node -e` that would run the caller's script again.
const extension = extname(__filename);
const program: readonly string[] = [
  ...(extension === ".ts" ? ["--import", "tsx"] : []),
  join(__dirname, `measureProcess${extension}`),
];

/** `measure` in a process of its own, so that its peak memory is this job's alone. */
export async function measureInOwnProcess(job: Job, signal?: AbortSignal): Promise<Measurement> {
  return inOwnProcess(job, process.env, signal);
}

/** Which kernels WebGPU computes with: ours, or TensorFlow.js's own but for the selection. */
export type DeviceKernels = "fused" | "plain";

/** `measureDevice` in a process of its own, with the kernels asked for. */
export async function measureDeviceInOwnProcess(
  job: Omit<Job, "backend" | "precision">,
  kernels: DeviceKernels,
  signal?: AbortSignal,
): Promise<DeviceMeasurement> {
  const environment = {...process.env, MULTIPRIZE_KERNELS: kernels};
  return inOwnProcess({...job, precision: "float32", backend: "webgpu"}, environment, signal);
}

async function inOwnProcess<T>(job: Job, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<T> {
  const args = [...program, JSON.stringify(job)];
  try {
    const {stdout} = await promisify(execFile)(process.execPath, args, {signal, env});
    return JSON.parse(stdout) as T;
  } catch (error) {
    signal?.throwIfAborted();
    const {stderr, message} = error as {stderr?: string; message: string};
    const lines = (stderr?.trim() || message).split("\n");
    const reason = lines.find(line => line.includes("Error: ")) ?? lines.at(-1) ?? message;
    throw new UserError(
      `${job.arch} (${job.activation}, ${job.precision}): ${reason.replace(/^\w*Error: /, "")}`,
    );
  }
}
