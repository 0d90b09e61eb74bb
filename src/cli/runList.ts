import {cellsOf, distinct, type Experiment} from "../experiments/define/experiment";
import {experiments} from "../experiments/define/experiments";
import {type PresetName, presetNames, presets} from "../experiments/define/preset";
import {placesOf} from "../experiments/records/places";
import {loadRecords} from "../experiments/records/store";
import {dataSizes, secondsOf} from "../experiments/run/estimate";
import {recordOfCell} from "../experiments/run/state";
import {StepTimes} from "../experiments/run/stepTimes";
import {tableText} from "../report/table";
import {untilInterrupted} from "../search/interrupt";
import {stepTimesPath} from "./experimentOptions";

interface ListedPreset {
  readonly cells: number;
  readonly recorded: number;
  readonly seconds: number;
}

interface Listed {
  readonly name: string;
  readonly title: string;
  readonly presets: Readonly<Record<PresetName, ListedPreset>>;
}

/** Every experiment with its cells, what is recorded, and the time that each preset takes on this machine. */
export async function listExperiments(json: boolean): Promise<void> {
  const times = new StepTimes(stepTimesPath());
  const listed = await untilInterrupted(async signal => {
    const all: Listed[] = [];
    for (const experiment of experiments) all.push(await listOne(experiment, times, signal));
    return all;
  });
  if (json) {
    process.stdout.write(`${JSON.stringify({measuredOn: times.measuredOn, experiments: listed})}\n`);
    return;
  }
  const rows = listed.map(({name, title, presets: sizes}) => ({
    experiment: name,
    ...Object.fromEntries(presetNames.map(preset => [preset, sizeText(sizes[preset])])),
    about: title,
  }));
  process.stdout.write(
    `${tableText(rows)}\n\nCells (recorded) and hours:minutes of all, on ${times.measuredOn}; the same cell in two experiments is run once.\n` +
      `${presetNames.map(name => `${name}: ${presets[name].about}.`).join("\n")}\n`,
  );
}

async function listOne(experiment: Experiment, times: StepTimes, signal: AbortSignal): Promise<Listed> {
  const sizes: [PresetName, ListedPreset][] = [];
  for (const preset of presetNames) {
    const cells = distinct(cellsOf(experiment, preset));
    const {records} = loadRecords(placesOf(preset).results);
    let seconds = 0;
    for (const cell of cells) {
      const {image} = dataSizes[cell.dataset];
      seconds += secondsOf(cell, await times.estimated(cell.spec, image, signal));
    }
    const recorded = cells.filter(cell => recordOfCell(records, cell)).length;
    sizes.push([preset, {cells: cells.length, recorded, seconds: Math.round(seconds)}]);
  }
  const {name, title} = experiment;
  return {name, title, presets: Object.fromEntries(sizes) as Listed["presets"]};
}

function sizeText({cells, recorded, seconds}: ListedPreset): string {
  const minutes = Math.ceil(seconds / 60);
  const time = minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${cells} (${recorded})  ${time}`;
}
