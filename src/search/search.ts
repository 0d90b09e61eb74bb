import {type Arithmetic, arithmeticOf, precisionHere} from "../backend/arithmetic";
import type {KernelPlan} from "../backend/kernelPlan";
import {readBack} from "../backend/readBack";
import {UserError} from "../core/errors";
import {batchCount, epochOrder} from "../data/batches";
import type {Dataset} from "../data/dataset";
import {type BatchSource, type Pictures, sourceOf} from "../data/source";
import {buildNetwork, type Network} from "../layers/build";
import {operationsOf} from "../network/architectures";
import type {TorchOptimizer} from "../optim/optimizer";
import {inSteps, learningRateAt} from "../optim/schedule";
import type {Lock} from "../system/lock";
import {attendSearch} from "./attended";
import {lockCheckpoint, readCheckpoint, writeCheckpoint} from "./checkpoint";
import {divergedOr} from "./diverged";
import {evaluate} from "./evaluate";
import {memoryNotice} from "./memoryNotice";
import {optimizerFor} from "./optimizerFor";
import {type EpochRecord, kernelPlanOf, type Position, restore, snapshot, start} from "./position";
import {progressOf, type StepProgress} from "./progress";
import {keepFractionAt, keepShare} from "./ramp";
import {type SearchResult, summarise} from "./result";
import {checkSameRun, type RunContext, runContext} from "./run";
import {scoreFactors} from "./scoreRate";
import {scoreSteps} from "./scoreSteps";
import {type SearchSpec, scheduleOf} from "./spec";
import {stateVariables, trainedVariables} from "./state";
import {trainStep} from "./trainStep";

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
}

/**
 * Finds a ticket: learns scores on frozen random weights (biprop, edge-popup), or trains the weights (dense). One
 * loop for all. A backend must be in use (`useBackend`).
 *
 * In a notebook it shows a line of progress, unless `onStep` or `onEpoch` take it, and an interrupt of the kernel ends
 * it after the step at hand with what it has: `interruptedAt` then says so, and `testAccuracy` is NaN. With a `signal`
 * an abort rejects, as everywhere else, unless `keepUnfinished`.
 */
export async function search(
  spec: SearchSpec,
  pictures: Pictures,
  options: SearchOptions = {},
): Promise<SearchResult> {
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
    await loop(spec, source, network, optimizer, arithmetic, position, options, save);
    if (!keepUnfinished) signal?.throwIfAborted();
    await readBack(network.model.weights.map(weight => weight.read()));
    const kernelPlan = arithmetic.plan();
    if (signal?.aborted) {
      const soFar = await summarise(spec, network, position, Number.NaN);
      return {...context, ...soFar, network, resumedAt, kernelPlan, interruptedAt: position.step};
    }
    const last = position.records.at(-1)?.testAccuracy;
    const testAccuracy = last ?? (await evaluate(network.model, source, "test", {signal, arithmetic}));
    return {
      ...context,
      ...(await summarise(spec, network, position, testAccuracy)),
      network,
      resumedAt,
      kernelPlan,
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

async function loop(
  spec: SearchSpec,
  source: BatchSource,
  network: Network,
  optimizer: TorchOptimizer,
  arithmetic: Arithmetic,
  position: Position,
  options: SearchOptions,
  save: () => Promise<void>,
): Promise<void> {
  const {signal, onStep, onEpoch, checkpoint} = options;
  const {batchSize, epochs, batchSeed: seed = spec.seed, cropReach} = spec;
  const trained = trainedVariables(network, spec.tuneBatchNorm);
  const batches = batchCount(source.train.count, batchSize);
  const interval = 1000 * (checkpoint?.everySeconds ?? 30);
  let lastSave = performance.now();
  const parts = spec.scheduleBy === "step" ? batches : 1;
  const schedule = inSteps(scheduleOf(spec), parts);
  while (position.epoch < epochs) {
    const {epoch} = position;
    if (spec.ramp) keepShare(network, keepFractionAt(spec, epoch));
    const order = epochOrder(source.train.count, seed, epoch);
    while (position.batch < batches) {
      const began = performance.now();
      const batch = await source.trainBatch({
        seed,
        epoch,
        batch: position.batch,
        batchSize,
        order,
        cropReach,
      });
      if (signal?.aborted) return save();
      optimizer.learningRate = learningRateAt(schedule, epoch * parts + (position.batch % parts));
      try {
        await trainStep(spec, network, optimizer, arithmetic, trained, batch, position, signal);
      } catch (error) {
        if (signal?.aborted) return save();
        throw error;
      }
      position.batch++;
      position.step++;
      position.trainSeconds += (performance.now() - began) / 1000;
      onStep?.(progressOf(position, epochs, batches, source.train.count));
      await new Promise(setImmediate);
      if (performance.now() - lastSave > interval) {
        await save();
        lastSave = performance.now();
      }
    }
    const began = performance.now();
    const images = epoch + 1 < epochs ? spec.interimTestImages : undefined;
    const testing = {images, signal, arithmetic};
    const testAccuracy = await evaluate(network.model, source, "test", testing).catch(error => {
      if (signal?.aborted) return Number.NaN;
      throw error;
    });
    if (signal?.aborted) return save();
    position.evaluationSeconds += (performance.now() - began) / 1000;
    const record: EpochRecord = {
      epoch: epoch + 1,
      loss: position.lossSum / position.seen,
      trainAccuracy: (100 * position.correct) / position.seen,
      testAccuracy,
      testImages: Math.min(images ?? source.test.count, source.test.count),
      imagesPerSecond: position.seen / (position.trainSeconds - position.epochBegan),
      ...(epoch < (spec.ramp?.epochs ?? 0) && {keepFraction: keepFractionAt(spec, epoch)}),
    };
    position.records.push(record);
    Object.assign(position, {
      epoch: epoch + 1,
      batch: 0,
      seen: 0,
      correct: 0,
      lossSum: 0,
      epochBegan: position.trainSeconds,
    });
    await save();
    lastSave = performance.now();
    onEpoch?.(record);
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
