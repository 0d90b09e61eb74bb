import {shownValue, suggestion} from "../../core/choice";
import {FileMistake} from "../../core/errors";
import {type DatasetName, datasetNames} from "../../data/load";
import {architectures} from "../../network/architectures";
import {changed} from "../../search/changed";
import type {Given} from "../../search/defaults";
import {rows, settingNames, settingValue} from "../../search/settings";
import type {SearchSpec} from "../../search/spec";
import {type Experiment, grid, type Setting} from "./experiment";
import {settingTitle, settingWord} from "./settingWords";
import {sharedPlace} from "./sharedPlace";

/** Settings by their names, or by their paths as `optimizer.momentum`; `recipe` and `dataset` beside them. */
type Written = Readonly<Record<string, unknown>>;

/** An experiment of a user's own, as its JSON file has it: every spec, with every combination of the grid. */
export interface OwnExperiment {
  readonly title: string;
  /** Of the file that its records go to; the file's own name unless given. */
  readonly name?: string;
  readonly question?: string;
  /** The setting along the x axis of its figure. */
  readonly x?: string;
  /** What all specs share. */
  readonly base?: Written;
  /** Each may have a `label` of its own. */
  readonly specs?: readonly Written[];
  /** Values of each setting. */
  readonly grid?: Readonly<Record<string, readonly unknown[]>>;
}

const fields = ["title", "name", "question", "x", "base", "specs", "grid"] as const;
const MOST_CELLS = 10_000;
/** Values that say by themselves what they are of. */
const selfEvident = ["arch", "activation", "method", "dataset", "recipe"];

/** A cell as written: its spec's own settings apart from the grid's, as a label stands for the former. */
interface Combination {
  readonly label?: string;
  readonly own: Written;
  readonly varied: Written;
}

/**
 * The experiment that a file describes, checked whole. FileMistake, in one line that names the file, the cell, the
 * setting and what is valid, for everything that is no experiment.
 */
export function ownExperiment(value: unknown, file: string, fileName: string): Experiment {
  const mistake = (what: string): FileMistake => new FileMistake(`${file}: ${what}`);
  const described = checked(value, mistake);
  const {title, question = "", name = fileName} = described;
  if (!/^\w[\w.-]*$/.test(name))
    throw mistake(`"name" must be of letters, digits, "-", "_" and ".", got ${shownValue(name)}`);
  const combinations = combinationsOf(described, mistake);
  const varying = varyingKeys(combinations.map(({own, varied}) => ({...own, ...varied})));
  const x = axisOf(described, combinations, varying, mistake);
  const labelled = labelsOf(combinations, varying);
  const runs = combinations.map(({own, varied}, i) => {
    try {
      return runOf({...own, ...varied});
    } catch (error) {
      const label = labelled[i].map(({text}) => text).join(", ") || title;
      const which = combinations.length > 1 ? `cell ${i + 1} of ${combinations.length} (${label}): ` : "";
      throw mistake(`${which}${(error as Error).message}`);
    }
  });
  const places = x === undefined ? [] : placesOf(runs.map(run => valueAt(x, run)));
  const settings = runs.map(({dataset, spec}, i): Setting => {
    const parts = labelled[i];
    const label = parts.map(({text}) => text).join(", ") || title;
    const rest = parts.filter(({key}) => key === undefined || (key !== x && key !== "seed"));
    const words = rest.map(({text}) => text).join(", ") || title;
    const [curve, place] = x === undefined ? [title, words] : [words, places[i]];
    return {curve, x: place, label, given: spec, seeds: [spec.seed], dataset};
  });
  const shared = sharedPlace(settings);
  if (shared !== undefined) throw mistake(shared);
  return {name, title, question, x: x === undefined ? "" : settingTitle(x), settings, file};
}

function checked(value: unknown, mistake: (what: string) => FileMistake): OwnExperiment {
  const like = 'such as {"title": "…", "base": {"arch": "conv2"}, "grid": {"keepFraction": [0.1, 0.2]}}';
  if (!isObject(value)) throw mistake(`it holds no experiment: it must be an object ${like}`);
  const foreign = Object.keys(value).find(key => !(fields as readonly string[]).includes(key));
  if (foreign !== undefined)
    throw mistake(
      `an experiment has no "${foreign}"${suggestion(foreign, fields)}; it has ${fields.join(", ")}`,
    );
  for (const key of ["title", "name", "question", "x"])
    if (key in value && (typeof value[key] !== "string" || /[\r\n]/.test(value[key])))
      throw mistake(`"${key}" must be a text of one line, got ${shownValue(value[key])}`);
  const {title, base = {}, specs, grid: axes} = value;
  if (title === undefined || title === "") throw mistake('it needs a "title"');
  if (!isObject(base)) throw mistake(`"base" must be an object of settings, got ${shownValue(base)}`);
  if (specs === undefined && axes === undefined)
    throw mistake(`it needs "specs", a list, or "grid", lists of values; or both: ${like}`);
  if (specs !== undefined && !(Array.isArray(specs) && specs.length > 0 && specs.every(isObject)))
    throw mistake('"specs" must be a list of objects of settings, with at least one');
  if (axes !== undefined && !isObject(axes))
    throw mistake('"grid" must be an object: a setting and the list of its values');
  for (const [key, values] of Object.entries(axes ?? {}))
    if (!Array.isArray(values) || values.length === 0)
      throw mistake(`grid ${key} must be a list with at least one value, got ${shownValue(values)}`);
  return value as unknown as OwnExperiment;
}

function combinationsOf(
  {base = {}, specs = [{}], grid: axes = {}}: OwnExperiment,
  mistake: (what: string) => FileMistake,
): Combination[] {
  const count = Object.values(axes).reduce((product, values) => product * values.length, specs.length);
  if (count > MOST_CELLS)
    throw mistake(
      `it has ${count.toLocaleString("en")} cells, and the most are ${MOST_CELLS.toLocaleString("en")}`,
    );
  const combinations = grid<Written>(axes as Record<string, unknown[]>);
  return specs.flatMap(({label, ...own}, i) => {
    if (label !== undefined && (typeof label !== "string" || !/^.+$/.test(label)))
      throw mistake(`specs ${i + 1}: "label" must be a text of one line, got ${shownValue(label)}`);
    const twice = Object.keys(own).find(key => key in axes);
    if (twice !== undefined)
      throw mistake(`specs ${i + 1} and the grid both give ${twice}: take it out of one of them`);
    return combinations.map(varied => ({label, own: {...base, ...own}, varied}));
  });
}

/** The run of what is written: the architecture's own data set unless another is named. */
function runOf({dataset, ...written}: Written): {dataset: DatasetName; spec: SearchSpec} {
  const spec = changed({} as Given, written);
  const named = dataset ?? architectures[spec.arch].dataset;
  if (!(datasetNames as readonly unknown[]).includes(named))
    throw new FileMistake(`dataset must be one of ${datasetNames.join(", ")}, got ${shownValue(named)}`);
  return {dataset: named as DatasetName, spec};
}

/** Settings in which cells differ, in the order written, the seed last. */
function varyingKeys(cells: readonly Written[]): string[] {
  const keys = [...new Set(cells.flatMap(Object.keys))];
  const varying = keys.filter(key => new Set(cells.map(cell => JSON.stringify(cell[key]))).size > 1);
  return [...varying.filter(key => key !== "seed"), ...varying.filter(key => key === "seed")];
}

/** The x axis asked for; else the share kept where it varies, else the first setting in which cells differ. */
function axisOf(
  {x}: OwnExperiment,
  combinations: readonly Combination[],
  varying: readonly string[],
  mistake: (what: string) => FileMistake,
): string | undefined {
  if (x !== undefined) {
    const known = ["dataset", ...settingNames, ...rows.map(({path}) => path)];
    if (known.includes(x)) return x;
    throw mistake(`"x" must be a setting, got ${shownValue(x)}${suggestion(x, known)}`);
  }
  const labelled = combinations.every(({label}) => label !== undefined);
  const open = varying.filter(key => key !== "seed" && (!labelled || key in combinations[0].varied));
  return open.includes("keepFraction") ? "keepFraction" : open[0];
}

/** The words of each cell's label, each with the setting that it is of. */
function labelsOf(
  combinations: readonly Combination[],
  varying: readonly string[],
): {key?: string; text: string}[][] {
  const cells = combinations.map(({own, varied}): Written => ({...own, ...varied}));
  const texts = new Map(varying.map(key => [key, valueTexts(cells.map(cell => cell[key]))]));
  return combinations.map(({label, varied}, i) => {
    const keys = varying.filter(key => key in cells[i] && (label === undefined || key in varied));
    const parts = keys.map(key => {
      const text = texts.get(key)![i];
      return {key, text: selfEvident.includes(key) ? text : `${settingWord(key)} ${text}`};
    });
    return label === undefined ? parts : [{text: label}, ...parts];
  });
}

/** The setting along the axis. */
function valueAt(path: string, {dataset, spec}: {dataset: DatasetName; spec: SearchSpec}): unknown {
  return path === "dataset" ? dataset : settingValue(spec, path);
}

/** Where each cell stands on the axis: a number, or a word. */
function placesOf(values: readonly unknown[]): (number | string)[] {
  const texts = valueTexts(values);
  return values.map((value, i) => (typeof value === "number" ? value : texts[i]));
}

/** Each value in words, alike where they are alike: one that consists of parts by its name, where that is enough. */
function valueTexts(values: readonly unknown[]): string[] {
  const named = new Map<unknown, Set<string>>();
  for (const value of values)
    if (isObject(value))
      named.set(value.name, (named.get(value.name) ?? new Set()).add(JSON.stringify(value)));
  return values.map(value => {
    if (value === undefined) return "not given";
    if (!isObject(value) || !("name" in value)) return valueText(value);
    const {name, ...parts} = value;
    const more = named.get(name)!.size > 1 ? Object.entries(parts) : [];
    return [name, ...more.map(([key, part]) => `${key} ${valueText(part)}`)].join(" ");
  });
}

function valueText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
