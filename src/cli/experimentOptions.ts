import {join} from "node:path";
import {type Command, InvalidArgumentError, Option} from "commander";
import {UserError} from "../core/errors";
import {matching} from "../experiments/define/choose";
import {type Cell, cellsOf, distinct} from "../experiments/define/experiment";
import {experimentNamed} from "../experiments/define/experiments";
import {type PresetName, presetNames} from "../experiments/define/preset";
import {type Places, placesOf} from "../experiments/records/places";
import type {RunRecord} from "../experiments/records/record";
import {loadRecords} from "../experiments/records/store";
import {folder} from "./options";
import {note} from "./print";

/** The options that `run`, `status` and `report` share. */
export interface ChoiceOptions {
  preset: PresetName;
  only?: string[];
  results?: string;
  runs?: string;
}

export function addChoiceOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--preset <name>", "how large: see run --list").choices(presetNames).default("laptop"),
    )
    .option(
      "--only <words>",
      "cells whose label has all these words, or whose id begins so; repeat it for more",
      collected,
    )
    .addOption(
      new Option("--results <dir>", "folder of the records").default(
        undefined,
        "data/results; smoke data/cache/results",
      ),
    )
    .addOption(
      new Option("--runs <dir>", "folder of checkpoints and locks, shared by all shards").default(
        undefined,
        "runs/cells",
      ),
    );
}

/** What is recorded there; a line on standard error for each that was cut off. */
export function recordsOf({results}: Places): readonly RunRecord[] {
  const {records, torn} = loadRecords(results);
  for (const line of torn) note(line);
  return records;
}

export function placesFor({preset, results, runs}: ChoiceOptions): Places {
  const usual = placesOf(preset);
  return {
    results: results === undefined ? usual.results : folder(results),
    runs: runs === undefined ? usual.runs : folder(runs),
  };
}

/** The cells of experiments that are asked for, each once. */
export function chosenCells(names: readonly string[], {preset, only}: ChoiceOptions): Cell[] {
  const all = distinct(names.flatMap(name => cellsOf(experimentNamed(name), preset)));
  if (only === undefined) return all;
  const chosen = new Set(
    only.flatMap(text => {
      const found = matching(all, text);
      if (found.length > 0) return found;
      const examples = all.slice(0, 3).map(cell => `"${cell.label}"`);
      throw new UserError(
        `--only "${text}" fits no cell of ${names.join(", ")}; labels are like ${examples.join(", ")}`,
      );
    }),
  );
  return all.filter(cell => chosen.has(cell));
}

export function stepTimesPath(): string {
  return join(placesOf("smoke").results, "..", "step-times.json");
}

export function shardOption(text: string): {i: number; n: number} {
  const [i, n] = text.split("/").map(Number);
  if (Number.isInteger(i) && Number.isInteger(n) && i >= 1 && i <= n) return {i, n};
  const fromZero =
    i === 0 && n >= 1 ? ` Parts count from 1: in a job array from 0, give $((INDEX + 1))/${n}.` : "";
  throw new InvalidArgumentError(`It must be such as 2/3: the second of three parts.${fromZero}`);
}

function collected(text: string, before: string[] = []): string[] {
  return [...before, text];
}
