import {UserError} from "../core/errors";
import {loadCifar10} from "./cifar10";
import type {Dataset} from "./dataset";
import {loadImageNet} from "./imagenet";
import {loadMnist} from "./mnist";
import type {Pictures} from "./source";

/** The data sets that can be asked for by name. */
export const datasetNames = ["mnist", "cifar10", "imagenet"] as const;
export type DatasetName = (typeof datasetNames)[number];

/** The data set that pictures of that name are of, as "cifar10-jpeg" of cifar10; undefined for the user's own. */
export function datasetOf(pictures: string): DatasetName | undefined {
  return datasetNames.find(name => pictures.startsWith(name));
}

/** Where a data set lies. */
export interface LoadOptions {
  readonly directory?: string;
  /** Of a data set that is decoded as it is read: threads that do so. */
  readonly workers?: number;
}

/**
 * A data set by name: "mnist" is built in, "cifar10" is read from `directory`, "imagenet" is decoded from there as it is
 * needed. Other names are a UserError.
 */
export async function loadDataset(name: "mnist" | "cifar10", options?: LoadOptions): Promise<Dataset>;
export async function loadDataset(name: string, options?: LoadOptions): Promise<Pictures>;
export async function loadDataset(name: string, {directory, workers}: LoadOptions = {}): Promise<Pictures> {
  if (name === "mnist") return loadMnist();
  if (name !== "cifar10" && name !== "imagenet") {
    throw new UserError(`unknown data set "${name}"; valid are ${datasetNames.join(", ")}`);
  }
  if (!directory) {
    throw new UserError(`${name} is read from a folder: name it with --data-dir DIR or MULTIPRIZE_DATA`);
  }
  return name === "cifar10" ? loadCifar10(directory) : loadImageNet(directory, {workers});
}
