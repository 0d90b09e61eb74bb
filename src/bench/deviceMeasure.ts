import {useBackend} from "../backend/backend";
import {type KernelTime, KernelTimes} from "../backend/webgpu/kernelTimes";
import {webgpuBackend} from "../backend/webgpu/read";
import {median} from "../core/statistics";
import {architectures} from "../network/architectures";
import {searchSpec} from "../search/defaults";
import {search} from "../search/search";
import type {Job} from "./measure";
import {syntheticImages} from "./syntheticImages";

export interface DeviceMeasurement {
  /** Median over warm steps, from batch to the loss on the host. */
  readonly stepMs: number;
  /** What a step's kernels took on the device by its own clock, longest first; empty without timestamp-query. */
  readonly kernels: readonly KernelTime[];
  readonly adapter: string;
}

const WARM_UP = 5;
const PROFILED = 3;
const KEEP_FRACTION = 0.2;

/** Times steps of a real search on WebGPU, and then, in a few more, each kernel on the device. */
export async function measureDevice({
  arch,
  activation,
  batch,
  steps,
}: Omit<Job, "backend" | "precision">): Promise<DeviceMeasurement> {
  const {version} = await useBackend("webgpu");
  const spec = searchSpec({arch, activation, batchSize: batch, keepFraction: KEEP_FRACTION, epochs: 1});
  const {image, classes} = architectures[arch];
  const timed = WARM_UP + steps;
  const dataset = syntheticImages((timed + PROFILED + 1) * batch, image, classes);
  const enough = new AbortController();
  const finished = new Error("measured");
  const times: number[] = [];
  let timer: KernelTimes | undefined;
  let done = 0;
  let began = performance.now();
  const onStep = (): void => {
    const milliseconds = performance.now() - began;
    done++;
    if (done > WARM_UP && done <= timed) times.push(milliseconds);
    if (done === timed && webgpuBackend().device.features.has("timestamp-query"))
      timer = new KernelTimes(webgpuBackend());
    if (done === timed + PROFILED) enough.abort(finished);
    began = performance.now();
  };
  try {
    await search(spec, dataset, {onStep, signal: enough.signal});
  } catch (error) {
    if (error !== finished) throw error;
  }
  const kernels = ((await timer?.end()) ?? []).map(({name, milliseconds, dispatches}) => ({
    name,
    milliseconds: milliseconds / PROFILED,
    dispatches: dispatches / PROFILED,
  }));
  return {stepMs: median(times), kernels, adapter: version};
}
