import {Command} from "commander";
import type {BackendName} from "../backend/backend";
import {UserError} from "../core/errors";
import {type DatasetName, loadDataset} from "../data/load";
import type {Pictures} from "../data/source";
import {shardOf} from "../experiments/define/choose";
import type {Cell} from "../experiments/define/experiment";
import {provenance} from "../experiments/records/provenance";
import {failureOf, recordOfCell} from "../experiments/run/state";
import {counted} from "../report/numbers";
import {Interrupted} from "../search/interrupt";
import {
  addChoiceOptions,
  type ChoiceOptions,
  chosenCells,
  chosenExperiments,
  placesFor,
  recordsOf,
  shardOption,
} from "./experimentOptions";
import {backendOption, chooseBackend, dataDirectoryOption, everyOption, folder} from "./options";
import {note, print, printAside} from "./print";
import {listExperiments} from "./runList";
import {type Plan, planLine, showPlan, summary, sweepStatus} from "./runPlan";
import {jsonSweep, terminalSweep} from "./runProgress";
import {runOnSlurm} from "./runSlurm";
import {addSlurmOptions, refuseWithoutSlurm, type SlurmOptions} from "./slurmOptions";
import {untilStopped} from "./stop";

/** The options of `run`. */
export interface RunOptions extends ChoiceOptions, SlurmOptions {
  list?: boolean;
  shard?: {i: number; n: number};
  dryRun?: boolean;
  retry?: boolean;
  otherMachine?: boolean;
  anew?: boolean;
  wait?: boolean;
  estimate: boolean;
  keepCheckpoints?: boolean;
  every: number;
  dataDir: string;
  backend: BackendName | "auto";
  json?: boolean;
}

export function runCommand(): Command {
  const command = addChoiceOptions(
    new Command("run")
      .description(
        "Run the cells of experiments that are not recorded yet. Killed at any moment and started again, it goes on.",
      )
      .argument("[experiments...]", "names, as run --list shows them")
      .option(
        "--list",
        "show every experiment, its number of cells and, where steps were timed, how long each preset takes here; of one, its cells",
      ),
  )
    .option(
      "--shard <i/n>",
      "this process takes every n-th cell; without it processes share them anyhow",
      shardOption,
    )
    .option(
      "--dry-run",
      "say what would run and how long; runs no cell, but times a step of networks not timed yet",
    )
    .option("--no-estimate", "time no steps beforehand, and tell no times")
    .option("--wait", "at the end wait for the cells that others have, and run those that they leave")
    .option("--retry", "run failed cells again")
    .option("--other-machine", "go on with checkpoints of machines that round otherwise")
    .option("--anew", "begin cells anew whose checkpoints such machines made")
    .option("--keep-checkpoints", "keep the final scores of finished cells")
    .addOption(everyOption())
    .addOption(dataDirectoryOption())
    .addOption(backendOption())
    .option("--json", "one JSON object a line: cells, epochs, outcomes; with --list one document")
    .addHelpText(
      "after",
      `
Exit status: 0 every cell is recorded; 1 one failed; 75 one is left to another
process or machine (--wait, --anew); 130 interrupted.

Examples:
  multiprize run --list
  multiprize run depth --preset laptop --dry-run
  multiprize run depth --only "conv2 0.2" --only "conv4 0.2"
  multiprize run depth --shard 1/2 & multiprize run depth --shard 2/2
  multiprize run depth width --preset smoke
  multiprize run --spec width.json               an experiment of your own
  multiprize run depth --preset paper --slurm --time 12:00:00 --mem 8G`,
    )
    .action(run);
  return addSlurmOptions(command);
}

async function run(names: string[], options: RunOptions): Promise<void> {
  const nothing = names.length === 0 && options.spec === undefined;
  if (options.list && nothing) return listExperiments(options.json ?? false);
  if (nothing) throw new UserError("name an experiment; run --list shows them");
  refuseWithoutSlurm(options);
  const experiments = chosenExperiments(names, options);
  const places = placesFor(options);
  const {shard = {i: 1, n: 1}, json} = options;
  const all = chosenCells(experiments, options);
  const cells = shardOf(all, shard.i, shard.n);
  if (cells.length === 0 && !json) {
    print(`part ${shard.i}/${shard.n} has none of the ${counted(all.length, "cell")}: nothing to do\n`);
    return;
  }
  const records = recordsOf(places);
  const pending = cells.filter(cell => recordOfCell(records, cell) === undefined);
  if (options.slurm) {
    const failed = pending.filter(({id}) => !options.retry && failureOf(places.runs, id) !== undefined);
    if (failed.length > 0) note(`${counted(failed.length, "cell")} failed and not submitted: add --retry`);
    const left = pending.filter(cell => !failed.includes(cell));
    return runOnSlurm(experiments, left, places, options);
  }
  const planOnly = options.dryRun || options.list;
  const data = planOnly ? undefined : await dataOf(cells, pending, options.dataDir);
  // A plan of cells that need no timing computes nothing.
  if (!planOnly || (options.estimate && pending.length > 0)) await chooseBackend(options.backend);
  const plan: Plan = {cells, pending, estimates: await estimatesOf(pending, options)};
  if (!json) print(planLine(plan));
  if (data === undefined) return showPlan(plan, json ?? false);
  await sweep(plan, options, data);
}

type Data = ReadonlyMap<DatasetName, Pictures>;

/** The data sets of the cells, before anything is timed; one is not missed where every cell of it is recorded. */
async function dataOf(cells: readonly Cell[], pending: readonly Cell[], dataDir: string): Promise<Data> {
  const data = new Map<DatasetName, Pictures>();
  for (const name of new Set(cells.map(({dataset}) => dataset))) {
    try {
      data.set(name, await loadDataset(name, {directory: folder(dataDir)}));
    } catch (error) {
      if (!(error instanceof UserError) || pending.some(({dataset}) => dataset === name)) throw error;
    }
  }
  return data;
}

async function estimatesOf(
  pending: readonly Cell[],
  {estimate, json}: RunOptions,
): Promise<number[] | undefined> {
  if (!estimate) return undefined;
  if (pending.length === 0) return [];
  const {estimateCells} = await import("./runEstimate");
  return estimateCells(pending, {tell: json ? undefined : printAside});
}

async function sweep({cells: all, pending, estimates}: Plan, options: RunOptions, data: Data): Promise<void> {
  const {runCells} = await import("../experiments/run/runCells");
  const {retry, otherMachine, anew, wait, keepCheckpoints, every: everySeconds, json} = options;
  const cells = all.filter(({dataset}) => data.has(dataset));
  const seconds = estimates && cells.map(cell => estimates[pending.indexOf(cell)] ?? 0);
  const progress = json ? jsonSweep() : terminalSweep(cells, seconds);
  const {onCell, onOutcome, onStep, onEpoch, onWait} = progress;
  const noted = new Set<string>();
  const onNotice = (notice: string): void => {
    if (!noted.has(notice)) note(notice);
    noted.add(notice);
  };
  try {
    const results = await untilStopped(signal =>
      runCells(cells, {
        ...{signal, onCell, onOutcome, onStep, onEpoch, onNotice, onWait},
        ...{retry, otherMachine, anew, wait, keepCheckpoints, everySeconds},
        places: placesFor(options),
        provenance: provenance(),
        load: async name => {
          const dataset = data.get(name)!;
          if (dataset.notice) onNotice(dataset.notice);
          return dataset;
        },
      }),
    );
    if (!json) print(summary(results));
    process.exitCode = sweepStatus(results);
  } catch (error) {
    progress.stop();
    if (error instanceof Interrupted)
      printAside("Interrupted. What was done is kept: repeat the command to go on.\n");
    throw error;
  }
}
