import type {DatasetName} from "../../data/load";
import {type Given, searchSpec} from "../../search/defaults";
import type {Published} from "../records/published";
import {type RunSpec, specId} from "../records/specId";
import {type Preset, type PresetName, presetNamed} from "./preset";

/** One place of a table or figure, before a preset fixes its size. */
export interface Setting {
  /** The line, or group of rows, that it belongs to. */
  readonly curve: string;
  /** Where on that line. */
  readonly x: number | string;
  /** Default: the curve and x. */
  readonly label?: string;
  readonly given: Given;
  /** Seeds under every preset but smoke, where they are what the experiment is about. */
  readonly seeds?: readonly number[];
  /** Default: cifar10. */
  readonly dataset?: DatasetName;
  /** Id of the row of data/published.json that it stands beside, or of each where several have measured it. */
  readonly published?: string | readonly string[];
}

/** Rows of data/published.json that make a curve beside one of ours. */
export interface PublishedCurve {
  /** The curve of ours that it stands beside. */
  readonly beside: string;
  /** Where it comes from and how long it ran, for the legend. */
  readonly name: string;
  readonly places: readonly {readonly x: number; readonly published: string}[];
}

/** A table or figure of the paper, or an ablation, as a list of what to run. */
export interface Experiment {
  readonly name: string;
  readonly title: string;
  /** The question that it answers, in one line. */
  readonly question: string;
  /** What x is, with its unit. */
  readonly x: string;
  readonly settings: readonly Setting[];
  /** Drawn as points: between two values of x lies nothing. */
  readonly points?: boolean;
  /** Curves of the same quantity that others have published, drawn as marks of their own. */
  readonly publishedCurves?: readonly PublishedCurve[];
  /** Section, figure or table of the paper that it stands for, and how surely that is known. */
  readonly paper?: string;
  /** The file that describes it, of a user's own: its specs are whole, and no preset changes them. */
  readonly file?: string;
  /** Other methods' published rows that belong into its table. */
  readonly others?: (row: Published) => boolean;
}

/** A setting at a preset's size and one seed: something to run. */
export interface Cell extends RunSpec {
  readonly id: string;
  /** Of the same search in float32, where it is the preset that asks for less: a record of that one serves as well. */
  readonly float32Id?: string;
  /** Name of its experiment; its record goes into that one's file. */
  readonly experiment: string;
  readonly label: string;
  readonly curve: string;
  readonly x: number | string;
  readonly published?: string | readonly string[];
}

const asWritten: Pick<Preset, "seeds" | "dataset" | "fix"> & {readonly name?: undefined} = {
  seeds: [0],
  dataset: asked => asked,
  fix: given => given,
};

/** The cells of an experiment in the order written, seeds innermost. Equal cells of other experiments have equal ids. */
export function cellsOf(experiment: Experiment, preset: PresetName | Preset): Cell[] {
  const size =
    experiment.file !== undefined ? asWritten : typeof preset === "string" ? presetNamed(preset) : preset;
  return experiment.settings.flatMap(
    ({curve, x, label = `${curve}, ${x}`, given, seeds, dataset = "cifar10", published}) => {
      const all = size.name === "smoke" ? size.seeds : (seeds ?? size.seeds);
      return all.map(seed => {
        const run = {dataset: size.dataset(dataset), spec: searchSpec({...size.fix(given), seed})};
        const named = all.length > 1 ? `${label}, seed ${seed}` : label;
        const ids = {id: specId(run), ...(given.precision === undefined ? float32Id(run) : {})};
        return {...ids, experiment: experiment.name, label: named, curve, x, published, ...run};
      });
    },
  );
}

function float32Id({dataset, spec}: RunSpec): Pick<Cell, "float32Id"> {
  if (spec.precision === "float32") return {};
  return {float32Id: specId({dataset, spec: {...spec, precision: "float32"}})};
}

/** Each id once, in order. */
export function distinct(cells: readonly Cell[]): Cell[] {
  return [...new Map(cells.map(cell => [cell.id, cell])).values()];
}

/** Every combination of the axes, in the order written. */
export function grid<T extends object>(axes: {readonly [K in keyof T]: readonly T[K][]}): T[] {
  const keys = Object.keys(axes) as (keyof T)[];
  return keys.reduce<Partial<T>[]>(
    (rows, key) => rows.flatMap(row => axes[key].map(value => ({...row, [key]: value}))),
    [{}],
  ) as T[];
}
