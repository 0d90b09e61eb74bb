import type {Figure} from "../../report/figure";
import {cellsOf, type Experiment} from "../define/experiment";
import {presetNames} from "../define/preset";
import type {Found} from "./rows";

/** Where there is no accuracy to show: why not, and the command that changes it; else undefined. */
export function unrecorded(experiment: Experiment, found: readonly Found[]): string | undefined {
  if (found.some(({record}) => record?.outcome === "done")) return undefined;
  if (found.some(({record}) => record)) return "Every run so far has diverged.";
  const what = experiment.file === undefined ? experiment.name : `--spec ${experiment.file}`;
  return `Nothing recorded yet: \`npx multiprize run ${what}${presetOption(experiment, found)}\``;
}

/** The same as a figure: without data, it is shown as its title. */
export function unrecordedFigure(experiment: Experiment, found: readonly Found[]): Figure | undefined {
  const why = unrecorded(experiment, found);
  return why === undefined ? undefined : {data: [], layout: {title: {text: `${experiment.title}. ${why}`}}};
}

/** Empty for the preset that `run` takes by default. */
function presetOption(experiment: Experiment, found: readonly Found[]): string {
  const holds = (name: (typeof presetNames)[number]): boolean => {
    const ids = new Set(cellsOf(experiment, name).map(cell => cell.id));
    return found.some(({cell}) => ids.has(cell.id));
  };
  const preset = holds("laptop") ? undefined : presetNames.find(holds);
  return preset === undefined ? "" : ` --preset ${preset}`;
}
