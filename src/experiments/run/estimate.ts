import type {DatasetName} from "../../data/load";
import {operationsOf} from "../../network/architectures";
import {modelFlops} from "../../network/cost";
import type {ImageShape} from "../../network/operations";
import type {RunSpec} from "../records/specId";

interface Size {
  readonly image: ImageShape;
  readonly train: number;
  readonly test: number;
  readonly classes: number;
}

/** Of each data set, so that a time can be told without reading it. */
export const dataSizes: Readonly<Record<DatasetName, Size>> = {
  mnist: {image: [28, 28, 1], train: 8000, test: 2000, classes: 10},
  cifar10: {image: [32, 32, 3], train: 50_000, test: 10_000, classes: 10},
  imagenet: {image: [224, 224, 3], train: 1_281_167, test: 50_000, classes: 1000},
};

/** Building, first batch, record. */
const OVERHEAD_SECONDS = 2;

/** How long a run takes whose step takes so many milliseconds: its steps, and its tests at the speed of the forward pass. */
export function secondsOf({dataset, spec}: RunSpec, stepMs: number): number {
  const {image, train, test} = dataSizes[dataset];
  const {epochs, batchSize, interimTestImages = test, subset = train} = spec;
  const steps = epochs * Math.ceil(Math.min(subset, train) / batchSize);
  const {forward, step} = modelFlops(operationsOf(spec), image);
  const tested = (epochs - 1) * Math.min(interimTestImages, test) + test;
  const testMs = (tested / batchSize) * stepMs * (forward / step);
  return OVERHEAD_SECONDS + (steps * stepMs + testMs) / 1000;
}
