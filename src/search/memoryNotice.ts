import type {Dataset} from "../data/dataset";
import {operationsOf} from "../network/architectures";
import {trainingMemory} from "../network/cost";
import {availableBytes} from "../system/availableMemory";
import type {SearchSpec} from "./spec";

/** What to say before a search whose step is likely to need more memory than there is; the system would end it without a word. */
export function memoryNotice(
  {arch, activation, width, batchSize, batchParts = 1}: SearchSpec,
  {imageShape, classNames}: Pick<Dataset, "imageShape" | "classNames">,
  available: number = availableBytes(),
): string | undefined {
  const operations = operationsOf({arch, activation, width, classes: classNames.length});
  const {peakBytes} = trainingMemory(operations, imageShape, Math.ceil(batchSize / batchParts));
  if (peakBytes <= available) return undefined;
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  return (
    `a step needs about ${gib(peakBytes)} of memory and ${gib(available)} are free: the system may end the search ` +
    "without a word; make batches smaller, or take them in more parts"
  );
}
