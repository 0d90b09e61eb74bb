import {Command} from "commander";
import {UserError} from "../core/errors";
import {cellsOf, distinct} from "../experiments/define/experiment";
import {experiments} from "../experiments/define/experiments";
import {type CellState, stateOf} from "../experiments/run/state";
import {
  addChoiceOptions,
  type ChoiceOptions,
  chosenCells,
  chosenExperiments,
  placesFor,
  recordsOf,
  usualPreset,
} from "./experimentOptions";
import {print, printJson} from "./print";
import {fittingTable} from "./terminal";

const states = ["recorded", "running", "begun", "failed", "not run"] as const;

export function statusCommand(): Command {
  return addChoiceOptions(
    new Command("status")
      .description(
        "Say what is recorded, running, begun, failed or not run: of all experiments, or cell by cell.",
      )
      .argument("[experiments...]", "names, as run --list shows them"),
  )
    .option("--json", "as JSON")
    .addHelpText("after", "\nExamples:\n  multiprize status\n  multiprize status depth --preset laptop")
    .action(status);
}

function status(names: string[], options: ChoiceOptions & {json?: boolean}): void {
  const chosen = chosenExperiments(names, options);
  if (chosen.length === 0 && options.only !== undefined)
    throw new UserError("--only picks cells of experiments: name one, such as status depth --only conv2");
  const places = placesFor(options);
  const records = recordsOf(places);
  const show = (rows: readonly object[]): void =>
    options.json ? printJson(rows) : print(`${fittingTable(rows)}\n`);
  if (chosen.length > 0) {
    show(
      chosenCells(chosen, options).map(cell => {
        const state = stateOf(cell, records, places.runs);
        return {id: cell.id, label: cell.label, state: state.state, detail: detail(state)};
      }),
    );
    return;
  }
  show(
    experiments.map(experiment => {
      const cells = distinct(cellsOf(experiment, options.preset ?? usualPreset));
      const found = cells.map(cell => stateOf(cell, records, places.runs).state);
      const counts = states.map(state => [state, found.filter(each => each === state).length]);
      return {experiment: experiment.name, cells: cells.length, ...Object.fromEntries(counts)};
    }),
  );
}

function detail(state: CellState): string {
  switch (state.state) {
    case "recorded": {
      const {record} = state;
      return record.outcome === "done"
        ? `test ${record.testAccuracy.toFixed(2)} % on ${record.data.name}`
        : record.reason;
    }
    case "running":
      return state.holder;
    case "failed":
      return state.reason;
    case "begun":
      return "has a checkpoint to go on with";
    case "not run":
      return "";
  }
}
