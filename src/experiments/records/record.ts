import type {KernelPlan} from "../../backend/kernelPlan";
import {type Pictures, sourceOf} from "../../data/source";
import type {EpochRecord} from "../../search/position";
import type {SearchResult} from "../../search/result";
import type {Machine} from "../../search/run";
import {scoreSteps} from "../../search/scoreSteps";
import {buildFor} from "../../search/search";
import type {SearchSpec} from "../../search/spec";
import {entropyBytes, newShare, sha256OfMasks, sketch} from "./maskFacts";
import type {Provenance} from "./provenance";
import {type RunSpec, specId} from "./specId";

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

interface RecordHead {
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

/** A result as a record; `pictures` are those before the spec's subset. Builds the network anew for what was before the first update. */
export async function recordOf(
  run: RunSpec,
  result: SearchResult,
  pictures: Pictures,
  from: Provenance,
): Promise<DoneRecord> {
  const {network, resumedAt: _, machine, data, spec: __, ...rest} = result;
  const {spec} = run;
  const whole = sourceOf(pictures);
  const source = spec.subset === undefined ? whole : whole.subset(spec.subset);
  const masks = network.masked.map(layer => layer.mask());
  const ticket = spec.method !== "dense";
  const start = ticket ? buildFor(spec, source) : undefined;
  const steps = start && spec.method !== "random-mask" ? await scoreSteps(start, spec, source) : undefined;
  const layers = network.masked.map(
    (layer, i): LayerRecord => ({
      name: layer.name,
      weights: masks[i].length,
      kept: layer.kept(),
      gain: layer.gain(),
      scoreStep: steps?.[i] ?? null,
      newInMask: start ? newShare(masks[i], start.masked[i].mask()) : null,
      sketch: start ? sketch(layer.name, masks[i]) : null,
    }),
  );
  start?.model.dispose();
  return {
    ...head(run, machine, data, from),
    outcome: "done",
    ...rest,
    layers,
    maskEntropyBytes: layers.reduce((sum, {weights, kept}) => sum + entropyBytes(weights, kept), 0),
    masksSha256: ticket ? sha256OfMasks(masks) : null,
  };
}

export function divergedRecord(
  run: RunSpec,
  {machine, data}: Pick<SearchResult, "machine" | "data">,
  reason: string,
  from: Provenance,
): DivergedRecord {
  return {...head(run, machine, data, from), outcome: "diverged", reason};
}

function head(run: RunSpec, machine: Machine, data: SearchResult["data"], from: Provenance): RecordHead {
  return {
    format: RECORD_FORMAT,
    specId: specId(run),
    dataset: run.dataset,
    spec: run.spec,
    data,
    machine,
    provenance: from,
    finished: new Date().toISOString(),
  };
}
