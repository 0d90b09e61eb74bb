import {UserError} from "../core/errors";
import {loadCifar10} from "./cifar10";
import type {Dataset} from "./dataset";
import {loadMnist} from "./mnist";

/** The data sets that can be asked for by name. */
export const datasetNames = ["mnist", "cifar10"] as const;
export type DatasetName = (typeof datasetNames)[number];

/** A data set by name; "cifar10" is read from `directory`, "mnist" is built in. Other names are a UserError. */
export async function loadDataset(name: string, {directory}: {directory?: string} = {}): Promise<Dataset> {
  if (name === "mnist") return loadMnist();
  if (name !== "cifar10") {
    throw new UserError(`unknown data set "${name}"; valid are ${datasetNames.join(", ")}`);
  }
  if (!directory) {
    throw new UserError("cifar10 is read from a folder: name it with --data-dir DIR or MULTIPRIZE_DATA");
  }
  return loadCifar10(directory);
}
