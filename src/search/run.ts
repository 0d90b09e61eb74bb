import {precisionHere} from "../backend/arithmetic";
import type {BackendInfo} from "../backend/backend";
import {backendInfo} from "../backend/backend";
import {UserError} from "../core/errors";
import type {Precision} from "../core/precision";
import type {BatchSource} from "../data/source";
import {processorName} from "../system/processorAbout";
import type {SearchSpec} from "./spec";

/** What a search's numbers depend on besides its spec: the data and how this machine rounds. */
export interface RunContext {
  readonly spec: SearchSpec;
  readonly data: {
    readonly name: string;
    readonly trainImages: number;
    readonly testImages: number;
    /** SHA-256 of the pictures' names, where they are files. */
    readonly files?: string;
  };
  readonly machine: Machine;
}

/** Two machines that agree here sum in the same order, so a search goes on bit for bit. */
export interface Machine extends Omit<BackendInfo, "notice"> {
  /** As it is; the spec may ask for one that this machine lacks. */
  readonly precision: Precision;
  readonly cpu: string;
  /** TensorFlow's oneDNN kernels: on unless TF_ENABLE_ONEDNN_OPTS=0. */
  readonly oneDnn: boolean;
}

export function runContext(spec: SearchSpec, source: BatchSource): RunContext {
  const {backend, version, kernels, threads, device} = backendInfo();
  return {
    spec,
    data: {
      name: source.name,
      trainImages: source.train.count,
      testImages: source.test.count,
      ...(source.files !== undefined && {files: source.files}),
    },
    machine: {
      backend,
      version,
      kernels,
      threads,
      device,
      precision: precisionHere(spec.precision).precision,
      cpu: processorName(),
      oneDnn: backend === "tensorflow" && process.env.TF_ENABLE_ONEDNN_OPTS !== "0",
    },
  };
}

/** A checkpoint that only the kind of machine that made it continues bit for bit. */
export class OtherMachine extends UserError {}

/** Refuses to go on with a checkpoint of another search, or on a machine that rounds otherwise. */
export function checkSameRun(saved: RunContext, now: RunContext, otherMachine: boolean): void {
  const spec = differences(saved.spec, now.spec);
  if (spec.length > 0) {
    throw new UserError(
      `the checkpoint is of another search: ${spec.join("; ")}. Repeat its options, or choose another folder`,
    );
  }
  const data = differences(saved.data, now.data);
  if (data.length > 0) throw new UserError(`the checkpoint was made on other data: ${data.join("; ")}`);
  const machine = differences(saved.machine, now.machine);
  if (machine.length > 0 && !otherMachine) {
    throw new OtherMachine(
      `the checkpoint was made where sums round otherwise: ${machine.join("; ")}. ` +
        "Resume there, or add --other-machine to go on without bit-exactness",
    );
  }
}

function differences(saved: object, now: object): string[] {
  const [old, current] = [saved, now].map(
    each => JSON.parse(JSON.stringify(each)) as Record<string, unknown>,
  );
  return [...new Set([...Object.keys(old), ...Object.keys(current)])]
    .filter(key => JSON.stringify(sorted(old[key])) !== JSON.stringify(sorted(current[key])))
    .map(key => `${key} ${JSON.stringify(old[key])} there, ${JSON.stringify(current[key])} here`);
}

/** Keys in one order, so that equal objects print alike. */
function sorted(value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
