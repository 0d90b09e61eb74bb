import type {BackendName} from "../backend/backend";
import type {DeviceMeasurement} from "./deviceMeasure";
import type {Job} from "./measure";
import {type DeviceKernels, measureDeviceInOwnProcess, measureInOwnProcess} from "./ownProcess";

export type DeviceJob = Omit<Job, "backend" | "precision">;

export interface DeviceRow extends DeviceMeasurement, Pick<Job, "arch" | "activation" | "batch"> {
  /** The step with TensorFlow.js's own convolutions and products, and compositions for what ours fuse. */
  readonly stockStepMs: number;
  readonly stockKernels: DeviceMeasurement["kernels"];
  /** The step on the other backend, if one was asked for. */
  readonly againstStepMs?: number;
}

/** Steps on WebGPU with our kernels and with stock ones, and on another backend: each in a process of its own. */
export async function deviceBench(
  jobs: readonly DeviceJob[],
  against: BackendName | undefined,
  {
    signal,
    onJob,
  }: {readonly signal?: AbortSignal; readonly onJob?: (job: DeviceJob, what: string) => void} = {},
): Promise<DeviceRow[]> {
  const rows: DeviceRow[] = [];
  for (const job of jobs) {
    const measured = async (kernels: DeviceKernels): Promise<DeviceMeasurement> => {
      onJob?.(job, `webgpu, ${kernels === "plain" ? "stock" : "our"} kernels`);
      return measureDeviceInOwnProcess(job, kernels, signal);
    };
    const ours = await measured("fused");
    const stock = await measured("plain");
    if (against) onJob?.(job, against);
    const other =
      against && (await measureInOwnProcess({...job, precision: "float32", backend: against}, signal));
    rows.push({
      ...job,
      ...ours,
      stockStepMs: stock.stepMs,
      stockKernels: stock.kernels,
      ...(other && {againstStepMs: other.stepMs}),
    });
  }
  return rows;
}
