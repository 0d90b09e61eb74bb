import type {KernelPlan} from "../../backend/kernelPlan";
import type {EpochRecord} from "../../search/position";
import type {SearchResult} from "../../search/result";
import type {Machine} from "../../search/run";
import type {SearchSpec} from "../../search/spec";
import type {Provenance} from "./provenance";

export const RECORD_FORMAT = 1;

/** What became of one layer. All but counts and gain are null in dense training; a random mask has no score step. */
export interface LayerRecord {
  readonly name: string;
  readonly weights: number;
  readonly kept: number;
  readonly gain: number;
  /** rms(dL/dS) / mean |S| before the first update. */
  readonly scoreStep: number | null;
  /** Share of the kept that the first mask had not kept. */
  readonly newInMask: number | null;
  /** The final mask at 512 fixed places. */
  readonly sketch: string | null;
}

export interface RecordHead {
  readonly format: typeof RECORD_FORMAT;
  readonly specId: string;
  /** The data set asked for; `data` says what was found. */
  readonly dataset: string;
  readonly spec: SearchSpec;
  readonly data: SearchResult["data"];
  readonly machine: Machine;
  readonly provenance: Provenance;
  /** ISO 8601, UTC. */
  readonly finished: string;
}

/** A run that came to its end. Accuracies in per cent. */
export interface DoneRecord extends RecordHead {
  readonly outcome: "done";
  readonly epochs: readonly EpochRecord[];
  /** After the last epoch, on the whole test set. */
  readonly testAccuracy: number;
  /** Over the epochs that saw as many test images as the last. */
  readonly bestTestAccuracy: number;
  readonly weights: number;
  readonly kept: number;
  readonly layers: readonly LayerRecord[];
  /** Σ n·H(kept/n)/8: what the masks would cost, coded. 0 for dense. */
  readonly maskEntropyBytes: number;
  /** Null for dense. */
  readonly masksSha256: string | null;
  readonly scoresSha256: string | null;
  readonly weightsSha256: string;
  readonly kernelPlan: KernelPlan;
  readonly seconds: number;
}

/** A run whose numbers left the finite ones: an outcome of its settings. */
export interface DivergedRecord extends RecordHead {
  readonly outcome: "diverged";
  readonly reason: string;
}

export type RunRecord = DoneRecord | DivergedRecord;
