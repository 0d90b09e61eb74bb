import type {KernelPlan} from "../backend/kernelPlan";
import type {Network} from "../layers/build";
import type {EpochRecord, Position} from "./position";
import type {RunContext} from "./run";
import type {SearchSpec} from "./spec";
import {sha256OfArrays} from "./state";

/** What a search ends with. */
export interface SearchResult extends RunContext {
  /** The network with its ticket (or its trained weights); `network.model` is an ordinary tf.LayersModel. Dispose of it. */
  readonly network: Network;
  readonly epochs: readonly EpochRecord[];
  /** After the last epoch, in per cent; of the start scores' ticket where there was none. The reference reports the best epoch on the test set instead. */
  readonly testAccuracy: number;
  /** Of the epochs that kept no more than the spec's keepFraction and saw the whole test set. */
  readonly bestTestAccuracy: number;
  readonly weights: number;
  readonly kept: number;
  readonly scoresSha256: string | null;
  readonly weightsSha256: string;
  readonly seconds: number;
  /** The step at which it went on from a checkpoint, if it did. */
  readonly resumedAt: number | null;
  /** The step after which it was ended by an interrupt in a notebook, or an abort: unfinished, test accuracy not measured. */
  readonly interruptedAt?: number;
  /** Its settings were changed while it ran: the spec does not say how it came about, and no record takes it. */
  readonly steered?: true;
  /** Which form served each kernel and shape, by measurement. Empty in float32. */
  readonly kernelPlan: KernelPlan;
}

/** What a finished search leaves besides its network. */
export async function summarise(
  spec: SearchSpec,
  network: Network,
  position: Position,
  testAccuracy: number,
): Promise<
  Omit<SearchResult, keyof RunContext | "network" | "resumedAt" | "interruptedAt" | "steered" | "kernelPlan">
> {
  const {records, trainSeconds, evaluationSeconds} = position;
  const weights = network.masked.map(layer => layer.weightValues());
  const scores = spec.method === "dense" ? null : network.masked.map(layer => layer.scoreValues());
  return {
    epochs: records,
    testAccuracy,
    bestTestAccuracy: comparable(records).reduce(
      (best, each) => Math.max(best, each.testAccuracy),
      testAccuracy,
    ),
    weights: weights.reduce((sum, values) => sum + values.length, 0),
    kept: network.masked.reduce((sum, layer) => sum + layer.kept(), 0),
    scoresSha256: scores && (await sha256OfArrays(scores)),
    weightsSha256: await sha256OfArrays(weights),
    seconds: trainSeconds + evaluationSeconds,
  };
}

/** Epochs off the ramp that saw as many test images as the last, which sees all. */
function comparable(records: readonly EpochRecord[]): EpochRecord[] {
  const all = records.at(-1)?.testImages;
  return records.filter(each => each.keepFraction === undefined && each.testImages === all);
}
