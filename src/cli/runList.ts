import {cellsOf, distinct, type Experiment} from "../experiments/define/experiment";
import {experiments} from "../experiments/define/experiments";
import {type PresetName, presetNames, presets} from "../experiments/define/preset";
import {placesOf} from "../experiments/records/places";
import type {RunRecord} from "../experiments/records/record";
import {loadRecords} from "../experiments/records/store";
import {dataSizes, secondsOf} from "../experiments/run/estimate";
import {recordOfCell} from "../experiments/run/state";
import {lastTable, type StepTable} from "../experiments/run/stepTable";
import {formatDuration} from "../report/duration";
import {stepTimesPath} from "./experimentOptions";
import {print, printJson} from "./print";
import {fittingTable} from "./terminal";

interface ListedPreset {
  readonly cells: number;
  readonly recorded: number;
  /** Null where no step of the kind was timed on this machine. */
  readonly seconds: number | null;
}

interface Listed {
  readonly name: string;
  readonly title: string;
  readonly presets: Readonly<Record<PresetName, ListedPreset>>;
}

/**
 * Every experiment with its cells, what is recorded, and the time that each preset takes on this machine, as far as
 * steps were timed on it before: nothing is computed.
 */
export function listExperiments(json: boolean): void {
  const times = lastTable(stepTimesPath());
  const records = recordsByPreset();
  const listed = experiments.map(experiment => listOne(experiment, records, times));
  if (json) {
    const measuredOn = times?.machine ?? null;
    printJson({measuredOn, experiments: listed});
    return;
  }
  const rows = listed.map(({name, title, presets: sizes}) => ({
    experiment: name,
    ...Object.fromEntries(presetNames.map(preset => [preset, sizeText(sizes[preset])])),
    about: title,
  }));
  const untimed = listed.some(({presets: sizes}) =>
    Object.values(sizes).some(({seconds}) => seconds === null),
  );
  const measured = times ? ` and the time of all, on ${times.machine}` : "";
  print(
    `${fittingTable(rows)}\n\nCells (recorded)${measured}; the same cell in two experiments is run once.\n` +
      (untimed
        ? "Where no time stands, no step was timed here yet: run NAME --dry-run times what it needs.\n"
        : "") +
      `${presetNames.map(name => `${name}: ${presets[name].about}.`).join("\n")}\n`,
  );
}

/** Presets that keep their records in one folder share them, read once. */
function recordsByPreset(): ReadonlyMap<PresetName, readonly RunRecord[]> {
  const folders = [...new Set(presetNames.map(preset => placesOf(preset).results))];
  const read = new Map(folders.map(folder => [folder, loadRecords(folder).records]));
  return new Map(presetNames.map(preset => [preset, read.get(placesOf(preset).results)!]));
}

function listOne(
  experiment: Experiment,
  records: ReadonlyMap<PresetName, readonly RunRecord[]>,
  times: StepTable | undefined,
): Listed {
  const sizes = presetNames.map((preset): [PresetName, ListedPreset] => {
    const cells = distinct(cellsOf(experiment, preset));
    const seconds = cells.map(cell => {
      const step = times?.estimated(cell.spec, dataSizes[cell.dataset].image);
      return step === undefined ? null : secondsOf(cell, step);
    });
    const recorded = cells.filter(cell => recordOfCell(records.get(preset)!, cell)).length;
    const total = seconds.includes(null)
      ? null
      : Math.round(seconds.reduce<number>((a, b) => a + (b ?? 0), 0));
    return [preset, {cells: cells.length, recorded, seconds: total}];
  });
  const {name, title} = experiment;
  return {name, title, presets: Object.fromEntries(sizes) as Listed["presets"]};
}

function sizeText({cells, recorded, seconds}: ListedPreset): string {
  if (seconds === null) return `${cells} (${recorded})`;
  return `${cells} (${recorded})  ${formatDuration(seconds)}`;
}
