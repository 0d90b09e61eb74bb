import {arithmeticOf, precisionHere} from "../backend/arithmetic";
import type {KernelPlan} from "../backend/kernelPlan";
import {readBack} from "../backend/readBack";
import {UserError} from "../core/errors";
import type {Dataset} from "../data/dataset";
import {type BatchSource, type Pictures, sourceOf} from "../data/source";
import {buildNetwork, type Network} from "../layers/build";
import {operationsOf} from "../network/architectures";
import type {Lock} from "../system/lock";
import {attendSearch} from "./attended";
import {lockCheckpoint, readCheckpoint, writeCheckpoint} from "./checkpoint";
import {divergedOr} from "./diverged";
import {evaluate} from "./evaluate";
import {runLoop} from "./loop";
import {memoryNotice} from "./memoryNotice";
import {optimizerFor} from "./optimizerFor";
import {type EpochRecord, kernelPlanOf, restore, snapshot, start} from "./position";
import type {StepProgress} from "./progress";
import {type SearchResult, summarise} from "./result";
import {checkSameRun, type RunContext, runContext} from "./run";
import {scoreFactors} from "./scoreRate";
import {scoreSteps} from "./scoreSteps";
import type {SearchSpec} from "./spec";
import {stateVariables} from "./state";
import {Helm, type Steering} from "./steering";

export type {SearchResult, StepProgress};

/** How a search runs, as opposed to what it searches. */
export interface SearchOptions {
  /** Ends the search after the step at hand; with a checkpoint folder it can be resumed. */
  readonly signal?: AbortSignal;
  /** An abort then gives the search so far, its `interruptedAt` set and `testAccuracy` NaN, where it rejects otherwise. */
  readonly keepUnfinished?: boolean;
  /** Called after each update. */
  readonly onStep?: (progress: StepProgress) => void;
  /** Called after each epoch, with its line of the learning curve. */
  readonly onEpoch?: (record: EpochRecord) => void;
  /** Called with what the machine lacks; a warning of the process unless given. */
  readonly onNotice?: (notice: string) => void;
  /** The record's of an earlier bfloat16 search, to round as it did. A checkpoint's own goes before. */
  readonly kernelPlan?: KernelPlan;
  readonly checkpoint?: {
    readonly directory: string;
    /** Least time between two checkpoints. One is always written at the end of an epoch and on abort. */
    readonly everySeconds?: number;
    readonly resume?: boolean;
    /** Resume although this machine rounds otherwise than the one that began. */
    readonly otherMachine?: boolean;
  };
  /** Lets somebody change settings while it runs. No experiment: it goes with no checkpoint, and no record takes it. */
  readonly steering?: Steering;
}

/**
 * Finds a ticket: learns scores on frozen random weights (biprop, edge-popup), or trains the weights (dense). One
 * loop for all. A backend must be in use (`useBackend`).
 *
 * In a notebook it shows a line of progress, unless `onStep` or `onEpoch` take it, and an interrupt of the kernel ends
 * it after the step at hand with what it has: `interruptedAt` then says so, and `testAccuracy` is NaN. With a `signal`
 * an abort rejects, as everywhere else, unless `keepUnfinished`. UserError for steering with a checkpoint, and for what a
 * checkpoint's folder does not allow.
 */
export async function search(
  spec: SearchSpec,
  pictures: Pictures,
  options: SearchOptions = {},
): Promise<SearchResult> {
  if (options.steering && options.checkpoint)
    throw new UserError("a steered search is no experiment: it cannot be kept in a checkpoint, nor resumed");
  const lock = options.checkpoint && lockCheckpoint(options.checkpoint.directory);
  try {
    return await attendSearch(spec, options, attended => searchAlone(spec, pictures, attended, lock));
  } finally {
    lock?.release();
  }
}

async function searchAlone(
  spec: SearchSpec,
  pictures: Pictures,
  options: SearchOptions,
  lock: Lock | undefined,
): Promise<SearchResult> {
  const {signal, keepUnfinished = false, checkpoint, onNotice = process.emitWarning} = options;
  const whole = sourceOf(pictures);
  const source = spec.subset === undefined ? whole : whole.subset(spec.subset);
  const context = runContext(spec, source);
  const {notice} = precisionHere(spec.precision);
  const memory = memoryNotice(spec, source);
  for (const each of [notice, memory]) if (each) onNotice(each);
  const network = buildFor(spec, source);
  const optimizer = optimizerFor(spec);
  try {
    const saved = checkpoint && load(checkpoint, context);
    const position = saved ? restore(saved, network, optimizer) : start();
    if (!saved) position.scoreFactors = await scoreFactors(spec, network, () => firstSteps(spec, source));
    const arithmetic = arithmeticOf(spec.precision, saved ? kernelPlanOf(saved) : options.kernelPlan);
    const resumedAt = saved ? position.step : null;
    const save = async (): Promise<void> => {
      if (!checkpoint) return;
      await readBack([...stateVariables(network).values(), ...optimizer.slotTensors()]);
      lock?.check();
      const plan = arithmetic.plan();
      writeCheckpoint(checkpoint.directory, snapshot(context, position, network, optimizer, plan));
    };
    // Written at once, so that a folder that cannot be written is refused before an hour's work, not after.
    if (!saved) await save();
    const {steering} = options;
    const helm = steering && new Helm(steering, spec, network, optimizer, position);
    await runLoop({spec, source, network, optimizer, arithmetic, position, options, helm, save});
    const steered = helm?.steered ? ({steered: true} as const) : {};
    if (!keepUnfinished) signal?.throwIfAborted();
    await readBack(network.model.weights.map(weight => weight.read()));
    const kernelPlan = arithmetic.plan();
    if (signal?.aborted) {
      const soFar = await summarise(spec, network, position, Number.NaN);
      return {...context, ...soFar, network, resumedAt, kernelPlan, interruptedAt: position.step, ...steered};
    }
    const last = position.records.at(-1)?.testAccuracy;
    const testAccuracy = last ?? (await evaluate(network.model, source, "test", {signal, arithmetic}));
    return {
      ...context,
      ...(await summarise(spec, network, position, testAccuracy)),
      network,
      resumedAt,
      kernelPlan,
      ...steered,
    };
  } catch (error) {
    network.model.dispose();
    throw divergedOr(error);
  } finally {
    optimizer.dispose();
  }
}

/** The network of a spec, at its random weights and start scores. */
export function buildFor(spec: SearchSpec, dataset: Pick<Dataset, "imageShape" | "classNames">): Network {
  const {arch, activation, width} = spec;
  const operations = operationsOf({arch, activation, width, classes: dataset.classNames.length});
  return buildNetwork(operations, dataset.imageShape, spec);
}

/** r of each layer before the first update; on a network of its own, since batch norm's running values move. */
async function firstSteps(spec: SearchSpec, source: BatchSource): Promise<number[]> {
  const network = buildFor(spec, source);
  try {
    return await scoreSteps(network, spec, source);
  } finally {
    network.model.dispose();
  }
}

function load(
  checkpoint: NonNullable<SearchOptions["checkpoint"]>,
  context: RunContext,
): ReturnType<typeof readCheckpoint> {
  const refuseFunctions = Object.entries(context.spec).find(([, value]) => typeof value === "function");
  if (refuseFunctions)
    throw new UserError(`a search whose ${refuseFunctions[0]} is a function cannot be checkpointed`);
  const {directory, resume = false, otherMachine = false} = checkpoint;
  const saved = readCheckpoint(directory);
  if (saved === undefined) return undefined;
  if (!resume) {
    throw new UserError(
      `${directory} holds a checkpoint already: add --resume to go on with it, or choose another folder`,
    );
  }
  checkSameRun(saved.header as unknown as RunContext, context, otherMachine);
  return saved;
}
