import {join} from "node:path";
import type {Cell, Experiment} from "../experiments/define/experiment";
import type {Places} from "../experiments/records/places";
import {counted} from "../report/numbers";
import {shellWord} from "../slurm/quote";
import type {SlurmArray} from "../slurm/script";
import {arrayFiles, checkEnded, checkShared, submitArray, writeArray} from "../slurm/submit";
import {makeFolder} from "../system/folder";
import {readRegularFile} from "../system/regularFile";
import {root} from "../system/root";
import {writeWholeFile} from "../system/wholeFile";
import {folder} from "./options";
import {print} from "./print";
import type {RunOptions} from "./run";
import {slurmRequest} from "./slurmOptions";

/** Writes an array job over cells and submits it; with --dry-run it is written and shown. */
export function runOnSlurm(
  experiments: readonly Experiment[],
  pending: readonly Cell[],
  places: Places,
  options: RunOptions,
): void {
  if (pending.length === 0) {
    print("nothing to submit: no cell is left\n");
    return;
  }
  const name = experiments.map(experiment => experiment.name).join("-");
  const directory = folder(options.slurmOut ?? join("runs", "slurm", name));
  checkShared({"the records": places.results, "checkpoints and locks": places.runs, "the script": directory});
  if (!options.dryRun) checkEnded(directory);
  const {cellsPerTask, ...request} = slurmRequest(options);
  const lines = Array.from({length: Math.ceil(pending.length / cellsPerTask)}, (_, task) =>
    pending
      .slice(task * cellsPerTask, (task + 1) * cellsPerTask)
      .map(({id}) => `--only ${id}`)
      .join(" "),
  );
  makeFolder(directory);
  const array: SlurmArray = {
    ...arrayFiles(directory),
    name: `multiprize-${name}`,
    about: `${counted(pending.length, "cell")} of ${name} in ${counted(lines.length, "task")}, a line of cells.txt each; written by multiprize run --slurm`,
    tasks: lines.length,
    directory: process.cwd(),
    command: taskCommand(experiments, places, directory, options),
    request,
  };
  writeArray(array, lines);
  if (options.dryRun) {
    print(readRegularFile(array.script).toString("utf8"));
    print(`\nWritten and not submitted: ${array.script}\n`);
    return;
  }
  const job = submitArray(array, directory);
  print(
    `job ${job}: ${counted(pending.length, "cell")} in ${counted(lines.length, "task")}, by ${array.script}\n`,
    `logs: ${array.logs}\n`,
    `follow it: squeue --jobs ${job}, ${statusCommand(experiments, options)}\n`,
    `stop it: scancel ${job}; the same command submits what is left\n`,
  );
}

/** Tells where these very cells stand. */
function statusCommand(
  experiments: readonly Experiment[],
  {spec, preset, results, runs}: RunOptions,
): string {
  const what = spec === undefined ? experiments.map(({name}) => name) : ["--spec", spec];
  const asked = Object.entries({preset, results, runs}).flatMap(([flag, value]) =>
    value === undefined ? [] : [`--${flag}`, value],
  );
  return ["multiprize", "status", ...what, ...asked].map(shellWord).join(" ");
}

/** What a task runs, all paths whole. An experiment of the user's own is copied: the file may change meanwhile. */
function taskCommand(
  experiments: readonly Experiment[],
  {results, runs}: Places,
  directory: string,
  options: RunOptions,
): string[] {
  const {preset, spec, retry, otherMachine, keepCheckpoints, every, dataDir, backend, json} = options;
  const copy = join(directory, `${experiments[0].name}.json`);
  if (spec !== undefined) writeWholeFile(copy, readRegularFile(spec));
  const what = spec === undefined ? experiments.map(({name}) => name) : ["--spec", copy];
  const switches = {retry, "keep-checkpoints": keepCheckpoints, json};
  return [
    ...[process.execPath, join(root, "bin", "multiprize.js"), "run", ...what],
    ...(preset === undefined ? [] : ["--preset", preset]),
    ...["--results", results, "--runs", runs, "--data-dir", folder(dataDir)],
    ...["--backend", backend, "--every", String(every), "--no-estimate", "--wait"],
    otherMachine ? "--other-machine" : "--anew",
    ...Object.entries(switches).flatMap(([flag, on]) => (on ? [`--${flag}`] : [])),
  ];
}
