import * as tf from "@tensorflow/tfjs";
import type {GpuDevice, GpuPipeline, WebgpuBackend} from "./device";

const pipelines = new WeakMap<GpuDevice, Map<string, GpuPipeline>>();
/** A dimension has at most 65,535 groups: shaders take theirs as y · 32,768 + x. */
const WIDEST = 32768;

/** The number of the work group, from 0, in a shader whose main has `group` and `thread`. */
export const GROUP: string = `group.y * ${WIDEST}u + group.x`;

/** The head of an entry point with groups of so many threads. */
export function main(threads: number): string {
  return `@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {`;
}

/** A whole shader of one thread each for i < `count` (WGSL), in groups of so many. */
export function oneThreadEach(threads: number, bindings: string, count: string, body: string): string {
  return `
${bindings}
${main(threads)}
  let i = (${GROUP}) * ${threads}u + thread;
  if (i >= ${count}) { return; }
${body}
}`;
}

export interface Dispatch {
  /** As times by kernel call it. */
  readonly name: string;
  /** A whole WGSL module with the entry point "main". */
  readonly code: string;
  /** At bindings 0 …; those that the shader writes are float32 or int32 tensors, made but not filled. */
  readonly tensors: readonly tf.TensorInfo[];
  /** More may be started, which must end at once: groups fill whole rows. */
  readonly groups: number;
}

/** What is told of each dispatch of ours, in times by kernel. */
export type Observer = (name: string, run: () => void) => void;
const observers = new WeakMap<WebgpuBackend, Observer>();

export function observeDispatches(backend: WebgpuBackend, observer: Observer | undefined): void {
  if (observer) observers.set(backend, observer);
  else observers.delete(backend);
}

/** Queues one dispatch in the backend's own command stream, so that it keeps its place among stock kernels. */
export function dispatch(backend: WebgpuBackend, one: Dispatch): void {
  for (const {dataId} of one.tensors) backend.uploadToGPU(dataId);
  const observer = observers.get(backend);
  if (observer) observer(one.name, () => record(backend, one));
  else record(backend, one);
}

function record(backend: WebgpuBackend, {code, tensors, groups}: Dispatch): void {
  const {device} = backend;
  const pipeline = pipelineOf(device, code);
  const entries = tensors.map(({dataId}, binding) => {
    backend.commandQueueOwnedIds.add(dataId);
    return {binding, resource: {buffer: backend.tensorMap.get(dataId).resource}};
  });
  backend.ensureCommandEncoderReady();
  backend.computePassEncoder ??= backend.commandEncoder!.beginComputePass();
  const pass = backend.computePassEncoder;
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({layout: pipeline.getBindGroupLayout(0), entries}));
  const width = Math.min(groups, WIDEST);
  pass.dispatchWorkgroups(width, Math.ceil(groups / width), 1);
  if (++backend.dispatchCountInPass >= tf.env().getNumber("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE")) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
}

function pipelineOf(device: GpuDevice, code: string): GpuPipeline {
  const known = pipelines.get(device) ?? new Map<string, GpuPipeline>();
  pipelines.set(device, known);
  const found = known.get(code);
  if (found !== undefined) return found;
  const module = device.createShaderModule({code});
  const pipeline = device.createComputePipeline({layout: "auto", compute: {module, entryPoint: "main"}});
  known.set(code, pipeline);
  return pipeline;
}

/** Elements of a tensor. */
export function sizeOf({shape}: tf.TensorInfo): number {
  return tf.util.sizeFromShape(shape);
}
