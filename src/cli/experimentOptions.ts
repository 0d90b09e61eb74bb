import {basename, dirname, join} from "node:path";
import {type Command, InvalidArgumentError, Option} from "commander";
import {UserError} from "../core/errors";
import {matching} from "../experiments/define/choose";
import {type Cell, cellsOf, distinct, type Experiment} from "../experiments/define/experiment";
import {experimentNamed} from "../experiments/define/experiments";
import {ownExperiment} from "../experiments/define/ownExperiment";
import {type PresetName, presetNames} from "../experiments/define/preset";
import {type Places, placesOf} from "../experiments/records/places";
import type {RunRecord} from "../experiments/records/record";
import {loadRecords} from "../experiments/records/store";
import {readJsonFile} from "./jsonFile";
import {folder} from "./options";
import {note} from "./print";

export const usualPreset: PresetName = "laptop";

/** The options that `run`, `status` and `report` share. */
export interface ChoiceOptions {
  preset?: PresetName;
  spec?: string;
  only?: string[];
  results?: string;
  runs?: string;
}

export function addChoiceOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--preset <name>", "how large: see run --list")
        .choices(presetNames)
        .default(undefined, usualPreset),
    )
    .option("--spec <file>", "an experiment of your own, as JSON, in place of names: docs/experiments.md")
    .option(
      "--only <words>",
      "cells whose label has all these words, or whose id begins so; repeat it for more",
      collected,
    )
    .addOption(
      new Option("--results <dir>", "folder of the records").default(
        undefined,
        "data/results; smoke data/cache/results; with --spec results, beside the file",
      ),
    )
    .addOption(
      new Option("--runs <dir>", "folder of checkpoints and locks, shared by all shards").default(
        undefined,
        "runs/cells; with --spec runs, beside the file",
      ),
    );
}

/** What is recorded there; a line on standard error for each that was cut off. */
export function recordsOf({results}: Places): readonly RunRecord[] {
  const {records, torn} = loadRecords(results);
  for (const line of torn) note(line);
  return records;
}

export function placesFor({preset = usualPreset, spec, results, runs}: ChoiceOptions): Places {
  const usual = spec === undefined ? placesOf(preset) : besideFile(spec);
  return {
    results: results === undefined ? usual.results : folder(results),
    runs: runs === undefined ? usual.runs : folder(runs),
  };
}

function besideFile(spec: string): Places {
  const beside = dirname(folder(spec));
  return {results: join(beside, "results"), runs: join(beside, "runs")};
}

/** The experiments that are asked for: of some names, or that of a file. */
export function chosenExperiments(names: readonly string[], {preset, spec}: ChoiceOptions): Experiment[] {
  if (spec === undefined) return names.map(experimentNamed);
  if (names.length > 0)
    throw new UserError(`--spec ${spec} stands in place of names: leave ${names.join(" ")} out`);
  if (preset !== undefined)
    throw new UserError(
      `--preset sizes the experiments of --list: leave it out, for ${spec} says its own size (epochs, subset)`,
    );
  return [ownExperiment(readJsonFile(spec), spec, basename(spec, ".json"))];
}

/** The cells of experiments that are asked for, each once. */
export function chosenCells(
  chosen: readonly Experiment[],
  {preset = usualPreset, only}: ChoiceOptions,
): Cell[] {
  const all = distinct(chosen.flatMap(experiment => cellsOf(experiment, preset)));
  if (only === undefined) return all;
  const asked = new Set(
    only.flatMap(text => {
      const found = matching(all, text);
      if (found.length > 0) return found;
      const examples = all.slice(0, 3).map(cell => `"${cell.label}"`);
      throw new UserError(
        `--only "${text}" fits no cell of ${chosen.map(({name}) => name).join(", ")}; labels are like ${examples.join(", ")}`,
      );
    }),
  );
  return all.filter(cell => asked.has(cell));
}

export function stepTimesPath(): string {
  return join(placesOf("smoke").results, "..", "step-times.json");
}

export function shardOption(text: string): {i: number; n: number} {
  const [i, n] = /^\d+\/\d+$/.test(text) ? text.split("/").map(Number) : [];
  if (i >= 1 && i <= n) return {i, n};
  const fromZero =
    i === 0 && n >= 1 ? ` Parts count from 1: in a job array from 0, give $((INDEX + 1))/${n}.` : "";
  throw new InvalidArgumentError(`It must be such as 2/3: the second of three parts.${fromZero}`);
}

function collected(text: string, before: string[] = []): string[] {
  // All cells have no words at all: of a shell's variable that is not set.
  if (text.trim() === "") throw new InvalidArgumentError("It must be words of a label, or an id.");
  return [...before, text];
}
