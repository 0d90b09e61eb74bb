import {liveDisplay} from "../report/live";
import {formatNumber} from "../report/numbers";
import {currentScreen} from "../report/screen";
import {Interrupted, untilInterrupted} from "./interrupt";
import type {StepProgress} from "./progress";
import type {SearchResult} from "./result";
import type {SearchOptions} from "./search";
import {searchProgress} from "./searchProgress";
import type {SearchSpec} from "./spec";

/** Whether somebody sits at a notebook, and the caller has not seen to interruption by a signal of its own. */
export function isAttended({signal}: {readonly signal?: AbortSignal}): boolean {
  return signal === undefined && currentScreen().kind === "notebook";
}

/**
 * In a notebook a search shows a line of progress, unless the caller takes it, and an interrupt of the kernel ends it
 * with what it has. Elsewhere, and with a signal of the caller's, `task` is run as it is.
 */
export async function attendSearch(
  {method, arch}: SearchSpec,
  options: SearchOptions,
  task: (options: SearchOptions) => Promise<SearchResult>,
): Promise<SearchResult> {
  if (!isAttended(options)) return task(options);
  const live = liveDisplay();
  const line = options.onStep || options.onEpoch ? options : searchProgress(`${method} on ${arch}`, live);
  let last: StepProgress | undefined;
  const onStep = (progress: StepProgress): void => {
    last = progress;
    line.onStep?.(progress);
  };
  return untilInterrupted(async signal => {
    const handlers = {onStep, onEpoch: line.onEpoch};
    const result = await task({...options, ...handlers, signal, keepUnfinished: true});
    if (result.interruptedAt !== undefined) live.text(soFar(last, options.checkpoint !== undefined));
    live.done();
    return result;
  });
}

function soFar(last: StepProgress | undefined, saved: boolean): string {
  const where = last
    ? `in epoch ${last.epoch} of ${last.epochs}, after ${last.batch} of ${last.batches} batches`
    : "before its first step";
  return (
    `interrupted ${where}: the search so far is the result; its test accuracy is not measured, ` +
    `evaluate(result.network.model, data, "test") does${saved ? ". Its checkpoint is saved: resume goes on with it" : ""}`
  );
}

/** Below this an evaluation is done before anybody wonders. */
const QUIET_MS = 1000;

/** In a notebook an evaluation of more than a second shows how far it is, and an interrupt of the kernel ends it. */
export async function attendEvaluation(
  task: (signal: AbortSignal, onBatch: (done: number, total: number) => void) => Promise<number>,
): Promise<number> {
  const live = liveDisplay();
  const began = performance.now();
  let said = false;
  let far = "";
  try {
    const accuracy = await untilInterrupted(signal =>
      task(signal, (done, total) => {
        far = `${formatNumber(done)} of ${formatNumber(total)} images`;
        if (performance.now() - began < QUIET_MS) return;
        said = true;
        live.text(`evaluating: ${far}`);
      }),
    );
    if (said) live.text(`evaluated: ${far}`);
    return accuracy;
  } catch (error) {
    if (error instanceof Interrupted)
      live.text(`evaluation interrupted${far && ` after ${far}`}: no accuracy`);
    throw error;
  } finally {
    live.done();
  }
}
