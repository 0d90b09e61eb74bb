import {createHash} from "node:crypto";
import {UserError} from "../../core/errors";
import type {DatasetName} from "../../data/load";
import type {SearchSpec} from "../../search/spec";

/** All that is asked of one run: which data, and the search on it. */
export interface RunSpec {
  readonly dataset: DatasetName;
  readonly spec: SearchSpec;
}

/**
 * Values that a hash leaves out, so that a field added later, with the value that it had until then, orphans no run.
 * Never change a row: runs are named by what is left.
 */
const neutral: Readonly<Record<string, unknown>> = {
  activation: "relu",
  width: 1,
  method: "biprop",
  selection: "layerwise",
  ranking: "magnitude",
  weights: "kaiming-normal",
  fan: "pruned",
  scores: "uniform",
  gain: "mean-kept",
  scoreGradient: "straight-through",
  surrogate: "bi-real",
  batchNorm: "none",
  tuneBatchNorm: false,
  schedule: {name: "cosine"},
  labelSmoothing: 0,
  scoreRate: "absolute",
  precision: "float32",
};

/** The name of a run: 12 hexadecimal digits of the SHA-256 of its spec without what is neutral, keys in order. */
export function specId({dataset, spec}: RunSpec): string {
  const own = Object.entries(spec).find(([, value]) => typeof value === "function");
  if (own)
    throw new UserError(`a run whose ${own[0]} is a function has no name: its code is not in the spec`);
  const told = Object.entries(spec).filter(([key, value]) => canonical(value) !== canonical(neutral[key]));
  const text = canonical({...Object.fromEntries(told), dataset});
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/** JSON with the keys of every object in order, and without undefined ones. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
