import * as tf from "@tensorflow/tfjs";
import {precisionHere} from "../backend/arithmetic";
import {type BackendName, useBackend} from "../backend/backend";
import {median} from "../core/statistics";
import {type ArchitectureName, architectures} from "../network/architectures";
import type {Activation} from "../network/operations";
import {searchSpec} from "../search/defaults";
import {search} from "../search/search";
import type {SearchSpec} from "../search/spec";
import {instrument} from "./instrument";
import {peakResidentBytes} from "./memory";
import type {Parts} from "./parts";
import {Stopwatch} from "./stopwatch";
import {syntheticImages} from "./syntheticImages";

/** One network to measure. */
export interface Job {
  readonly arch: ArchitectureName;
  readonly activation: Activation;
  readonly precision: SearchSpec["precision"];
  readonly batch: number;
  /** Timed steps. */
  readonly steps: number;
  readonly backend: BackendName;
}

export interface Measurement {
  /** Median. */
  readonly stepMs: number;
  /** `stepMs`, shared out as steps with a stopwatch around every kernel were. */
  readonly parts: Parts;
  readonly peakRssBytes: number;
  /** Held after a first operation, before the network was built. */
  readonly libraryRssBytes: number;
}

const WARM_UP = 3;
const PROFILED = 9;
const KEEP_FRACTION = 0.2;

/**
 * Times steps of a real search: warm-up, then timed steps, then a few under the stopwatch. Memory is the whole
 * process's, so measure one job a process. Throws when the number of tensors changes from step to step.
 */
export async function measure({
  arch,
  activation,
  precision,
  batch,
  steps,
  backend,
}: Job): Promise<Measurement> {
  await useBackend(backend);
  const {notice} = precisionHere(precision);
  if (notice) throw new RangeError(notice);
  await firstOperation();
  const libraryRssBytes = process.memoryUsage.rss();
  const spec = searchSpec({
    arch,
    activation,
    precision,
    batchSize: batch,
    keepFraction: KEEP_FRACTION,
    epochs: 1,
  });
  const total = WARM_UP + steps + PROFILED;
  const {image, classes} = architectures[arch];
  const dataset = syntheticImages((total + 1) * batch, image, classes);
  const stopwatch = new Stopwatch();
  const enough = new AbortController();
  const finished = new Error("measured");
  const times: number[] = [];
  const tensors: number[] = [];
  let restore: (() => void) | undefined;
  let began = Number.NaN;
  const onStep = (): void => {
    const milliseconds = performance.now() - began;
    if (restore) stopwatch.endStep();
    const done = tensors.push(tf.memory().numTensors);
    if (done > WARM_UP && done <= WARM_UP + steps) times.push(milliseconds);
    if (done === WARM_UP + steps) restore = instrument(stopwatch);
    if (done === total) enough.abort(finished);
    if (restore) stopwatch.beginStep();
    began = performance.now();
  };
  try {
    await search(spec, dataset, {onStep, signal: enough.signal});
  } catch (error) {
    if (error !== finished) throw error;
  } finally {
    restore?.();
  }
  checkLeak(tensors);
  const stepMs = median(times);
  return {stepMs, parts: stopwatch.partsOf(stepMs), peakRssBytes: peakResidentBytes(), libraryRssBytes};
}

/** What a library allocates for itself it allocates at the first convolution and product. */
async function firstOperation(): Promise<void> {
  const logits = tf.tidy(() => {
    const image = tf.ones<tf.Rank.R4>([8, 8, 8, 8]);
    const features = tf.conv2d(image, tf.ones<tf.Rank.R4>([3, 3, 8, 8]), 1, "same");
    return tf.matMul(features.reshape([8, 512]), tf.ones([512, 8]));
  });
  await logits.data();
  logits.dispose();
}

/** `tensors` after each step; the first makes the optimiser's memory. */
function checkLeak(tensors: readonly number[]): void {
  const [first, ...later] = tensors.slice(1);
  if (later.some(count => count !== first)) {
    throw new Error(`a step leaks tensors: after each there were ${tensors.slice(1).join(", ")}`);
  }
}
