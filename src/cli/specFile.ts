import {existsSync} from "node:fs";
import {FileMistake, UserError} from "../core/errors";
import {type DatasetName, datasetOf} from "../data/load";
import {placesOf} from "../experiments/records/places";
import {loadRecords} from "../experiments/records/store";
import {checkSettings} from "../search/checkSettings";
import type {Given} from "../search/defaults";
import {readJsonFile} from "./jsonFile";

/** A search asked for elsewhere than on the command line. */
export interface AskedElsewhere {
  readonly given: Given;
  /** Where it says so. */
  readonly dataset?: DatasetName;
  /** What it was searched on, where that is none of our data sets. */
  readonly pictures?: unknown;
  /** A search that was done: every setting is said, and a recipe has none to fill in. */
  readonly whole?: true;
}

/**
 * A spec from a JSON file (a spec's fields, or the result.json of a search), or from a record of data/results by its
 * id. One-line UserError for a file that is neither; foreign fields are refused where the spec is made.
 */
export function readSpec(named: string, results: string = placesOf("laptop").results): AskedElsewhere {
  if (!existsSync(named) && /^[0-9a-f]{4,12}$/.test(named)) return recorded(named, results);
  const value = readJsonFile(named, `there is no file ${named}, and it is no id of a record`);
  if (!isObject(value))
    throw new FileMistake(`${named} holds no spec: it must be an object such as {"arch": "conv4"}`);
  if (!("spec" in value)) return {given: checkedGiven(value, named)};
  if (!isObject(value.spec)) throw new FileMistake(`${named} holds no spec: its "spec" must be an object`);
  const source = isObject(value.data) ? value.data.name : value.dataset;
  return {given: checkedGiven(value.spec, named), whole: true, ...searchedOn(source)};
}

function recorded(id: string, results: string): AskedElsewhere {
  const {records} = loadRecords(results);
  const found = new Map(
    records.filter(({specId}) => specId.startsWith(id)).map(record => [record.specId, record]),
  );
  if (found.size > 1) {
    throw new UserError(
      `${id} begins several recorded ids (${[...found.keys()].join(", ")}): give more of it`,
    );
  }
  const [record] = found.values();
  if (record === undefined)
    throw new UserError(
      `no record of ${results} has an id that begins with ${id}, and there is no such file`,
    );
  return {given: record.spec, whole: true, ...searchedOn(record.dataset)};
}

function searchedOn(source: unknown): Pick<AskedElsewhere, "dataset" | "pictures"> {
  if (source === undefined) return {};
  const dataset = typeof source === "string" ? datasetOf(source) : undefined;
  return dataset === undefined ? {pictures: source} : {dataset};
}

/** Each setting by itself; what several of them contradict, flags may mend. */
function checkedGiven(value: Record<string, unknown>, file: string): Given {
  const {recipe: _, ...settings} = value;
  try {
    checkSettings(settings);
  } catch (error) {
    throw new FileMistake(`${file}: ${(error as Error).message}`);
  }
  return value as unknown as Given;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
