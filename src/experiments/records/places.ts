import {join} from "node:path";
import {root} from "../../system/root";
import type {PresetName} from "../define/preset";

/** Where runs and records of a preset are kept. */
export interface Places {
  /** A folder of .jsonl files. */
  readonly results: string;
  /** A folder a run, named by its id: checkpoints, locks, failures. Shared by all who work on the same cells. */
  readonly runs: string;
}

/** Where data sets lie unless said otherwise. */
export const dataFolder: string = join(root, "data");

/** Records of `smoke` measure nothing and stay out of the committed results. */
export function placesOf(preset: PresetName): Places {
  const cache = join(root, "data", "cache");
  return preset === "smoke"
    ? {results: join(cache, "results"), runs: join(cache, "runs")}
    : {results: join(root, "data", "results"), runs: join(root, "runs", "cells")};
}
