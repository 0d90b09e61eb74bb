import {shownValue} from "../core/choice";
import {UserError} from "../core/errors";
import {type Batch, type BatchAddress, evaluationBatch, trainBatch} from "./batches";
import {type Dataset, type Normalisation, trainingSubset} from "./dataset";

/**
 * What a search reads, wherever the pictures lie: batches by their address. A training batch is a pure function of its
 * address, so a search resumes at any; a source that decodes files gets the following ones ready meanwhile.
 */
export interface BatchSource
  extends Pick<Dataset, "name" | "imageShape" | "classNames" | "normalisation" | "notice"> {
  readonly train: {readonly count: number};
  readonly test: {readonly count: number};
  /** SHA-256 of the pictures' names, where they are files. */
  readonly files?: string;
  /**
   * The training batch at an address, augmented and normalised: images NHWC, float32. RangeError beyond the last
   * batch.
   */
  trainBatch(address: BatchAddress): Batch | Promise<Batch>;
  /** Pictures start … start + count − 1 of a split, fewer at its end, as `evaluationBatch` of a data set. */
  evaluationBatch(part: "train" | "test", start: number, count: number): Batch | Promise<Batch>;
  /** The same with n training pictures, those that `subset` of a data set draws. */
  subset(n: number): BatchSource;
  /** The same, normalised otherwise. */
  normalisedBy(normalisation: Normalisation): BatchSource;
  /** Lets go of what it holds; a source in memory holds nothing. */
  close(): Promise<void>;
}

/** A data set in memory, or a source that brings its pictures when they are asked for. */
export type Pictures = Dataset | BatchSource;

/** UserError for what is neither, such as a promise of one. */
export function sourceOf(pictures: Pictures): BatchSource {
  const given = pictures as Partial<BatchSource & Dataset> | null | undefined;
  if (typeof given !== "object" || !given?.train || !given.test || !given.imageShape)
    throw new UserError(
      'pictures must be a data set, such as `await loadDataset("mnist")` gives; got ' +
        (given instanceof Promise ? "a promise of one: await it" : shownValue(given)),
    );
  return "trainBatch" in pictures ? pictures : memorySource(pictures);
}

function memorySource(dataset: Dataset): BatchSource {
  const {name, imageShape, classNames, normalisation, notice, train, test} = dataset;
  return {
    ...{name, imageShape, classNames, normalisation, notice, train, test},
    trainBatch: address => trainBatch(dataset, address),
    evaluationBatch: (part, start, count) => evaluationBatch(dataset, part, start, count),
    subset: n => memorySource(trainingSubset(dataset, n)),
    normalisedBy: other => memorySource({...dataset, normalisation: other}),
    close: async () => {},
  };
}
