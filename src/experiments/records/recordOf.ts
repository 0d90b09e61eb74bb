import {UserError} from "../../core/errors";
import {newShare} from "../../core/mask";
import {type Pictures, sourceOf} from "../../data/source";
import type {SearchResult} from "../../search/result";
import type {Machine} from "../../search/run";
import {scoreSteps} from "../../search/scoreSteps";
import {buildFor} from "../../search/search";
import {entropyBytes, sha256OfMasks, sketch} from "./maskFacts";
import type {Provenance} from "./provenance";
import {
  type DivergedRecord,
  type DoneRecord,
  type LayerRecord,
  RECORD_FORMAT,
  type RecordHead,
} from "./record";
import {type RunSpec, specId} from "./specId";

/** A result as a record; `pictures` are those before the spec's subset. Builds the network again for what was before the first update. */
export async function recordOf(
  run: RunSpec,
  result: SearchResult,
  pictures: Pictures,
  from: Provenance,
): Promise<DoneRecord> {
  if (result.steered)
    throw new UserError("a steered search is no experiment: its spec does not say how it came about");
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
