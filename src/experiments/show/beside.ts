import {type DatasetName, datasetOf} from "../../data/load";
import {type Published, publishedRow} from "../records/published";
import type {Found} from "./rows";

/** Our data sets as the published rows call them; of digits there are none. */
const names: Readonly<Partial<Record<DatasetName, Published["dataset"]>>> = {
  cifar10: "CIFAR-10",
  imagenet: "ImageNet",
};

/** The published rows' name of the data set that a cell was measured on, or is to be. */
export function publishedName({cell, record}: Found): Published["dataset"] | undefined {
  const dataset = datasetOf(record?.data.name ?? cell.dataset);
  return dataset === undefined ? undefined : names[dataset];
}

/** The published rows that a cell names, if it was measured on their data set: digits stand beside no CIFAR-10. */
export function publishedBeside(found: Found): Published[] {
  const name = publishedName(found);
  return [found.cell.published ?? []]
    .flat()
    .map(publishedRow)
    .filter(({dataset}) => dataset === name);
}
