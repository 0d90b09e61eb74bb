import {Command} from "commander";
import type {BackendName} from "../backend/backend";
import {UserError} from "../core/errors";
import {loadDataset} from "../data/load";
import {shardOf} from "../experiments/define/choose";
import type {Cell} from "../experiments/define/experiment";
import {provenance} from "../experiments/records/provenance";
import type {CellResult} from "../experiments/run/runCells";
import {recordOfCell} from "../experiments/run/state";
import {formatDuration} from "../report/duration";
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
import {note, print, printAside, printJson} from "./print";
import {listExperiments} from "./runList";
import {jsonSweep, terminalSweep} from "./runProgress";
import {untilStopped} from "./stop";
import {fittingTable} from "./terminal";

interface RunOptions extends ChoiceOptions {
  list?: boolean;
  shard?: {i: number; n: number};
  dryRun?: boolean;
  retry?: boolean;
  otherMachine?: boolean;
  keepCheckpoints?: boolean;
  every: number;
  dataDir: string;
  backend: BackendName | "auto";
  json?: boolean;
}

export function runCommand(): Command {
  return addChoiceOptions(
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
    .option("--retry", "run failed cells again")
    .option("--other-machine", "go on with checkpoints of machines that round otherwise")
    .option("--keep-checkpoints", "keep the final scores of finished cells")
    .addOption(everyOption())
    .addOption(dataDirectoryOption())
    .addOption(backendOption())
    .option("--json", "one JSON object a line: cells, epochs, outcomes; with --list one document")
    .addHelpText(
      "after",
      `
Examples:
  multiprize run --list
  multiprize run depth --preset laptop --dry-run
  multiprize run depth --only "conv2 0.2" --only "conv4 0.2"
  multiprize run depth --shard 1/2 & multiprize run depth --shard 2/2
  multiprize run depth width --preset smoke
  multiprize run --spec width.json               an experiment of your own`,
    )
    .action(run);
}

async function run(names: string[], options: RunOptions): Promise<void> {
  const nothing = names.length === 0 && options.spec === undefined;
  if (options.list && nothing) return listExperiments(options.json ?? false);
  if (nothing) throw new UserError("name an experiment; run --list shows them");
  const experiments = chosenExperiments(names, options);
  await chooseBackend(options.backend);
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
  const {estimateCells} = await import("./runEstimate");
  const estimates = await estimateCells(pending, {quiet: json});
  const total = estimates.reduce((sum, seconds) => sum + seconds, 0);
  if (!json) {
    print(
      `${counted(cells.length, "cell")}, ${cells.length - pending.length} of them recorded already; ` +
        `${pending.length} to run, about ${formatDuration(total)} on this machine\n`,
    );
  }
  if (options.dryRun || options.list) return showPlan(cells, pending, estimates, json ?? false);
  await sweep(
    cells,
    cells.map(cell => estimates[pending.indexOf(cell)] ?? 0),
    options,
  );
}

async function sweep(
  cells: readonly Cell[],
  estimates: readonly number[],
  options: RunOptions,
): Promise<void> {
  const {runCells} = await import("../experiments/run/runCells");
  const {retry, otherMachine, keepCheckpoints, every: everySeconds, json} = options;
  const progress = json ? jsonSweep() : terminalSweep(cells, estimates);
  const {onCell, onOutcome, onStep, onEpoch} = progress;
  const noted = new Set<string>();
  const onNotice = (notice: string): void => {
    if (!noted.has(notice)) note(notice);
    noted.add(notice);
  };
  try {
    const results = await untilStopped(signal =>
      runCells(cells, {
        ...{signal, onCell, onOutcome, onStep, onEpoch, onNotice},
        ...{retry, otherMachine, keepCheckpoints, everySeconds},
        places: placesFor(options),
        provenance: provenance(),
        load: async name => {
          const dataset = await loadDataset(name, {directory: folder(options.dataDir)});
          if (dataset.notice) onNotice(dataset.notice);
          return dataset;
        },
      }),
    );
    if (!json) print(summary(results));
    if (results.some(({result}) => result.outcome === "failed")) process.exitCode = 1;
  } catch (error) {
    progress.stop();
    if (error instanceof Interrupted)
      printAside("Interrupted. What was done is kept: repeat the command to go on.\n");
    throw error;
  }
}

function showPlan(
  cells: readonly Cell[],
  pending: readonly Cell[],
  estimates: readonly number[],
  json: boolean,
): void {
  const rows = cells.map(cell => {
    const i = pending.indexOf(cell);
    return {id: cell.id, label: cell.label, recorded: i < 0, seconds: i < 0 ? 0 : Math.round(estimates[i])};
  });
  if (json) printJson(rows);
  else {
    const shown = rows.map(({seconds, recorded, ...row}) => ({
      ...row,
      time: recorded ? "recorded" : formatDuration(seconds),
    }));
    print(`${fittingTable(shown, ["id", "label", {key: "time", align: "right"}])}\n`);
  }
}

function summary(results: readonly CellResult[]): string {
  const count = (outcome: string): number => results.filter(({result}) => result.outcome === outcome).length;
  const parts = [
    [count("ran"), "run now"],
    [count("recorded"), "recorded before"],
    [count("elsewhere"), "with another process"],
    [count("other machine"), "left to the machine that began them"],
    [count("failed"), "failed"],
  ] as const;
  return `${parts
    .filter(([n]) => n > 0)
    .map(([n, what]) => `${n} ${what}`)
    .join(", ")}\n`;
}
