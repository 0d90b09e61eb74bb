import type * as tf from "@tensorflow/tfjs";
import type {WebgpuBackend} from "./device";
import {dispatch, sizeOf} from "./dispatch";
import {BINS, CLEAR, count, DIGITS, find} from "./selectBoundary";
import {apply, BEFORE, partial, TOTAL, ties} from "./selectMask";
import {BLOCK, THREADS} from "./selectPlan";

/** Copies tensors one behind the other, each from a whole block on. What lies between is whatever was there. */
export function spansOf(backend: WebgpuBackend, tensors: readonly tf.TensorInfo[]): tf.TensorInfo {
  const blocks = tensors.reduce((sum, tensor) => sum + Math.ceil(sizeOf(tensor) / BLOCK), 0);
  const spans = backend.makeTensorInfo([blocks * BLOCK], "float32");
  copySpans(backend, spans, tensors, "into");
  return spans;
}

function copySpans(
  backend: WebgpuBackend,
  spans: tf.TensorInfo,
  tensors: readonly tf.TensorInfo[],
  way: "into" | "out",
): void {
  const buffer = ({dataId}: tf.TensorInfo) => {
    backend.uploadToGPU(dataId);
    backend.commandQueueOwnedIds.add(dataId);
    return backend.tensorMap.get(dataId).resource!;
  };
  const whole = buffer(spans);
  const buffers = tensors.map(buffer);
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  let at = 0;
  tensors.forEach((tensor, i) => {
    const bytes = 4 * sizeOf(tensor);
    if (way === "into") backend.commandEncoder!.copyBufferToBuffer(buffers[i], 0, whole, 4 * at, bytes);
    else backend.commandEncoder!.copyBufferToBuffer(whole, 4 * at, buffers[i], 0, bytes);
    at += BLOCK * Math.ceil(sizeOf(tensor) / BLOCK);
  });
}

export interface SelectAllAttributes {
  readonly groups: number;
  readonly signed: boolean;
}

/**
 * W_eff of many layers at once, no score read back: of each group of layers the `keep` largest, found by three counts
 * of their keys' digits; ties go to the earlier layer and lower index, as core/mask has it; gains from sums in a fixed
 * order. Twelve dispatches, however many layers. Gives the layers' W_eff and then the report: 1 where a score is NaN,
 * and the kept count of each layer.
 */
export function selectAll(
  backend: WebgpuBackend,
  [plan, weights, ...scores]: readonly tf.TensorInfo[],
  {groups, signed}: SelectAllAttributes,
): tf.TensorInfo[] {
  const blocks = sizeOf(weights) / BLOCK;
  const layers = scores.length;
  const made: tf.TensorInfo[] = [];
  const make = (n: number, dtype: "int32" | "float32"): tf.TensorInfo => {
    const tensor = backend.makeTensorInfo([n], dtype);
    made.push(tensor);
    return tensor;
  };
  const spans = spansOf(backend, scores);
  made.push(spans);
  const counts = make(groups * BINS, "int32");
  const state = make(2 * groups, "int32");
  const equal = make(blocks, "int32");
  const sums = make(2 * blocks, "float32");
  const gains = make(layers, "float32");
  const all = make(blocks * BLOCK, "float32");
  const report = backend.makeTensorInfo([1 + layers], "int32");
  const run = (code: string, tensors: tf.TensorInfo[], many: number): void =>
    dispatch(backend, {name: "Select", code, tensors, groups: many});
  run(CLEAR, [plan, counts, state, report], Math.ceil((groups * BINS) / THREADS));
  for (const digit of DIGITS.keys()) {
    run(count(signed, digit), [plan, spans, counts, digit === 0 ? report : state], blocks);
    run(find(digit), [plan, counts, state], groups);
  }
  run(ties(signed), [plan, spans, state, equal], blocks);
  run(BEFORE, [plan, equal], groups);
  run(partial(signed), [plan, spans, weights, state, equal, sums], blocks);
  run(TOTAL, [plan, sums, gains, report], layers);
  run(apply(signed), [plan, spans, weights, state, equal, gains, all], blocks);
  const effective = scores.map(({shape}) => backend.makeTensorInfo(shape, "float32"));
  copySpans(backend, all, effective, "out");
  for (const {dataId} of made) backend.disposeData(dataId);
  return [...effective, report];
}
