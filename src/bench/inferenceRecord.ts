import {existsSync} from "node:fs";
import {join} from "node:path";
import {UserError} from "../core/errors";
import {readRegularFile} from "../system/regularFile";
import {root} from "../system/root";
import type {InferenceBenchReport} from "./inferenceReport";

/** What `bench-inference` measured on an idle machine: committed, for the notebook on ticket files to draw. */
export const inferenceRecordFile: string = join(root, "data", "bench", "inference.json");

/** The command that measures it again. */
export const inferenceRecordCommand: string =
  "npx multiprize bench-inference data/tickets/*.mpt --out data/bench/inference.json";

/** The record, or undefined where nothing was measured yet. UserError when the file is none. */
export function readInferenceRecord(path: string = inferenceRecordFile): InferenceBenchReport | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const record = JSON.parse(readRegularFile(path).toString("utf8")) as InferenceBenchReport;
    if (Array.isArray(record.layers) && Array.isArray(record.networks) && record.machine) return record;
  } catch (error) {
    throw new UserError(`${path} is no record of bench-inference: ${(error as Error).message}`);
  }
  throw new UserError(`${path} is no record of bench-inference: it lacks layers, networks or machine`);
}
