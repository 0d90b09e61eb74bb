import type {Arithmetic} from "../backend/arithmetic";
import {batchCount, epochOrder} from "../data/batches";
import type {BatchSource} from "../data/source";
import type {Network} from "../layers/build";
import type {TorchOptimizer} from "../optim/optimizer";
import {inSteps, learningRateAt} from "../optim/schedule";
import {evaluate} from "./evaluate";
import type {EpochRecord, Position} from "./position";
import {progressOf} from "./progress";
import {keepFractionAt, keepShare} from "./ramp";
import type {SearchOptions} from "./search";
import {type SearchSpec, scheduleOf} from "./spec";
import {trainedVariables} from "./state";
import type {Helm, Steering} from "./steering";
import {trainStep} from "./trainStep";

/** All that the steps of a search need; `position` moves on. */
export interface Loop {
  readonly spec: SearchSpec;
  readonly source: BatchSource;
  readonly network: Network;
  readonly optimizer: TorchOptimizer;
  readonly arithmetic: Arithmetic;
  readonly position: Position;
  readonly options: SearchOptions;
  /** Where somebody steers. */
  readonly helm: Helm | undefined;
  save(): Promise<void>;
}

/** Steps and epochs from where the search stands to its end, or to the abort of its signal. */
export async function runLoop(loop: Loop): Promise<void> {
  const {spec, source, network, optimizer, arithmetic, position, options, helm, save} = loop;
  const {signal, onStep, onEpoch, checkpoint} = options;
  const {batchSize, epochs, batchSeed: seed = spec.seed, cropReach} = spec;
  const trained = trainedVariables(network, spec.tuneBatchNorm);
  const batches = batchCount(source.train.count, batchSize);
  const interval = 1000 * (checkpoint?.everySeconds ?? 30);
  let lastSave = performance.now();
  const parts = spec.scheduleBy === "step" ? batches : 1;
  const rateAt = (place: number): number =>
    learningRateAt(inSteps(scheduleOf({...spec, ...helm?.settings}), parts), place);
  const watch: Steering["onGradients"] = (gradients, of) => options.steering?.onGradients?.(gradients, of);
  while (position.epoch < epochs) {
    const {epoch} = position;
    const share = spec.ramp && !helm?.ownShare ? keepFractionAt(spec, epoch) : undefined;
    if (share !== undefined) keepShare(network, share);
    await helm?.epochBegins(share);
    const order = epochOrder(source.train.count, seed, epoch);
    while (position.batch < batches) {
      await helm?.beforeStep();
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
      optimizer.learningRate = rateAt(epoch * parts + (position.batch % parts));
      try {
        await trainStep(spec, network, optimizer, arithmetic, trained, batch, position, {signal, watch});
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
