import {Stream} from "../core/random";
import {type CropFlip, cropFlipInto, drawCropFlip} from "./augment";
import {type Dataset, imageSize, type Normalisation, type Split} from "./dataset";

/** What a network is fed: `shape` is [n, h, w, channels] of `images`; `labels` are class indices. */
export interface Batch {
  readonly images: Float32Array;
  readonly labels: Int32Array;
  readonly shape: readonly [number, number, number, number];
}

/** Which batch of which epoch of which run: all that a training batch depends on besides the data. */
export interface BatchAddress {
  readonly seed: number;
  /** From 0. */
  readonly epoch: number;
  /** From 0 to batchCount − 1. */
  readonly batch: number;
  readonly batchSize: number;
  /** The epoch's order, `epochOrder(count, seed, epoch)`, where the caller keeps it; else it is recomputed. */
  readonly order?: Uint32Array;
  /** Pixels, each way, that a random crop may lie off the picture; the reference's 4 unless given. */
  readonly cropReach?: number;
}

/** Batches an epoch: ⌈n / batchSize⌉; the last may be partial, as in the reference. */
export function batchCount(n: number, batchSize: number): number {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new RangeError(`batchSize must be a whole number of at least 1, got ${batchSize}`);
  }
  return Math.ceil(n / batchSize);
}

/** The order in which an epoch visits the n training pictures. */
export function epochOrder(n: number, seed: number, epoch: number): Uint32Array {
  return new Stream(seed, `batches/epoch ${epoch}`).permutation(n);
}

/**
 * Training pictures order[batch·batchSize …], augmented as the data set says, normalised: a pure function of its
 * arguments, so a search resumes at any batch. A picture's augmentation depends on (seed, epoch, position in the order).
 */
export function trainBatch(dataset: Dataset, address: BatchAddress): Batch {
  const {seed, epoch, cropReach} = address;
  const {start, chosen} = trainRange(dataset.train.count, address);
  if (dataset.augment === "none") return collect(dataset, dataset.train, chosen);
  const random = new Stream(seed, `augment/epoch ${epoch}`);
  return collect(dataset, dataset.train, chosen, i => drawCropFlip(random, start + i, cropReach));
}

/** The training pictures of a batch, of `count`, and the position of the first in the epoch's order. */
export function trainRange(
  count: number,
  {seed, epoch, batch, batchSize, order}: BatchAddress,
): {start: number; chosen: Uint32Array} {
  const batches = batchCount(count, batchSize);
  if (!Number.isInteger(batch) || batch < 0 || batch >= batches) {
    throw new RangeError(`batch must be a whole number from 0 to ${batches - 1}, got ${batch}`);
  }
  const visits = order ?? epochOrder(count, seed, epoch);
  if (visits.length !== count)
    throw new RangeError(`order has ${visits.length} entries, the training set ${count}`);
  const start = batch * batchSize;
  return {start, chosen: visits.subarray(start, start + batchSize)};
}

/** Pictures start … start + count − 1 of a split (fewer at its end), in their own order, normalised, not augmented. */
export function evaluationBatch(
  dataset: Dataset,
  part: "train" | "test",
  start: number,
  count: number,
): Batch {
  const split = dataset[part];
  return collect(dataset, split, evaluationRange(split.count, start, count));
}

/** start … start + count − 1, fewer at the end of the `total` pictures. */
export function evaluationRange(total: number, start: number, count: number): Uint32Array {
  if (!Number.isInteger(start) || start < 0 || start >= total) {
    throw new RangeError(`start must be a whole number from 0 to ${total - 1}, got ${start}`);
  }
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`count must be a whole number of at least 1, got ${count}`);
  }
  return Uint32Array.from({length: Math.min(count, total - start)}, (_, i) => start + i);
}

/** table[256·c + byte] = (byte/255 − mean_c)/sd_c, each step rounded to float32 as torchvision does. */
export function normalisationTable({mean, sd}: Normalisation): Float32Array {
  const table = new Float32Array(256 * mean.length);
  for (let c = 0; c < mean.length; c++) {
    for (let byte = 0; byte < 256; byte++) {
      const centred = Math.fround(Math.fround(byte / 255) - Math.fround(mean[c]));
      table[256 * c + byte] = centred / Math.fround(sd[c]);
    }
  }
  return table;
}

/** The pictures `chosen` of a split; `augmentation` says what becomes of the i-th, if anything. */
function collect(
  dataset: Dataset,
  split: Split,
  chosen: Uint32Array,
  augmentation?: (i: number) => CropFlip,
): Batch {
  const {imageShape, normalisation} = dataset;
  const size = imageSize(dataset);
  const table = normalisationTable(normalisation);
  const images = new Float32Array(chosen.length * size);
  const labels = new Int32Array(chosen.length);
  for (let i = 0; i < chosen.length; i++) {
    const image = split.images.subarray(chosen[i] * size, (chosen[i] + 1) * size);
    if (augmentation) cropFlipInto(images, i * size, image, imageShape, augmentation(i), table);
    else normaliseInto(images, i * size, image, table);
    labels[i] = split.labels[chosen[i]];
  }
  return {images, labels, shape: [chosen.length, ...imageShape]};
}

/** out[at …] = the table's values of an image's bytes, HWC. */
export function normaliseInto(out: Float32Array, at: number, image: Uint8Array, table: Float32Array): void {
  const tableEnd = table.length;
  for (let i = 0, row = 0; i < image.length; i++) {
    out[at + i] = table[row + image[i]];
    row += 256;
    if (row === tableEnd) row = 0;
  }
}
