import {UserError} from "../../core/errors";
import {loadDataset} from "../../data/load";
import {type LiveDisplay, liveDisplay} from "../../report/live";
import {counted} from "../../report/numbers";
import {isAttended} from "../../search/attended";
import {Interrupted, untilInterrupted} from "../../search/interrupt";
import {searchProgress} from "../../search/searchProgress";
import {type Cell, cellsOf, distinct, type Experiment} from "../define/experiment";
import {type PresetName, presetNamed} from "../define/preset";
import {dataFolder, type Places, placesOf} from "../records/places";
import {provenance} from "../records/provenance";
import type {Found} from "../show/rows";
import {findRecords} from "./findRecords";
import {runCells} from "./runCells";

/** Which cells, and whether missing ones are run. */
export interface FindOptions {
  /** smoke runs nothing and draws from the laptop's records; laptop and paper run what is missing. */
  readonly preset: PresetName;
  /** Only cells that this lets through. */
  readonly only?: (cell: Cell) => boolean;
  /** Where CIFAR-10 lies; the project's data folder by default. */
  readonly dataDirectory?: string;
  readonly places?: Places;
  readonly live?: LiveDisplay;
}

/**
 * The cells of an experiment with their records; what is missing is run first, when the preset says so, with a line
 * of progress. A backend must be in use to run. An interrupt in a notebook gives the cells with what is recorded.
 * UserError for an unknown preset, and where cells failed.
 */
export async function findOrRun(experiment: Experiment, options: FindOptions): Promise<Found[]> {
  const {preset, only = () => true, dataDirectory = dataFolder} = options;
  presetNamed(preset);
  const shown = preset === "smoke" ? "laptop" : preset;
  const {places = placesOf(shown)} = options;
  const cells = cellsOf(experiment, shown).filter(only);
  const find = (): Found[] => findRecords(cells, places);
  const missing = distinct(find().flatMap(({cell, record}) => (record ? [] : [cell])));
  if (preset === "smoke" || missing.length === 0) return find();
  const live = options.live ?? liveDisplay();
  let handlers = searchProgress("", live);
  const running = untilInterrupted(signal =>
    runCells(missing, {
      signal,
      places,
      provenance: provenance(),
      load: name => loadDataset(name, {directory: dataDirectory}),
      onNotice: notice => live.text(notice),
      onCell: (cell, index) => {
        handlers = searchProgress(`${index + 1}/${missing.length} ${cell.label}`, live, {last: false});
      },
      onStep: progress => handlers.onStep(progress),
      onEpoch: record => handlers.onEpoch(record),
    }),
  );
  const results = await running.catch((error: unknown) => {
    if (!(error instanceof Interrupted && isAttended({}))) throw error;
    const recorded = find().filter(({record}) => record).length;
    const there = `interrupted: ${recorded} of ${counted(cells.length, "cell")} are recorded and are the result`;
    live.text(`${there}; the same call goes on where it stopped`);
    return [];
  });
  live.done();
  const failed = results.flatMap(({cell, result}) =>
    result.outcome === "failed" ? [`${cell.label}: ${result.reason}`] : [],
  );
  if (failed.length > 0) throw new UserError(`${failed.length} cells failed; ${failed[0]}`);
  return find();
}
