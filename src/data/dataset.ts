import {UserError} from "../core/errors";
import {Stream} from "../core/random";

/** Labelled pictures as bytes. */
export interface Split {
  /** Pixels 0…255, NHWC: picture i, row y, column x, channel c at ((i·h + y)·w + x)·channels + c. */
  readonly images: Uint8Array;
  /** Class of each picture, an index into `classNames`. */
  readonly labels: Uint8Array;
  /** Number of pictures. */
  readonly count: number;
}

/** Per channel, of pixels in [0, 1]: a network sees (pixel/255 − mean)/sd. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly sd: readonly number[];
}

/** What a search or training run reads. */
export interface Dataset {
  /** "mnist", "cifar10" (the official files), "cifar10-jpeg" (rebuilt from JPEG) or "cifar10-unverified". */
  readonly name: string;
  /** [height, width, channels] */
  readonly imageShape: readonly [number, number, number];
  readonly classNames: readonly string[];
  readonly train: Split;
  readonly test: Split;
  readonly normalisation: Normalisation;
  /** What happens to training pictures; test pictures are never changed. */
  readonly augment: "crop-flip" | "none";
  /** One line the reader of any number measured on this data should know. */
  readonly notice?: string;
}

/** The constants of biprop f709fc5 (data/cifar.py, data/mnist.py, data/imagenet.py). */
export const normalisations: Readonly<Record<"mnist" | "cifar10" | "imagenet", Normalisation>> = {
  mnist: {mean: [0.1307], sd: [0.3081]},
  cifar10: {mean: [0.491, 0.482, 0.447], sd: [0.247, 0.243, 0.262]},
  imagenet: {mean: [0.485, 0.456, 0.406], sd: [0.229, 0.224, 0.225]},
};

/** Values in one picture: h · w · channels. */
export function imageSize({imageShape: [height, width, channels]}: Pick<Dataset, "imageShape">): number {
  return height * width * channels;
}

/**
 * The first `n` training pictures of a fixed permutation, named by `seed`; so a smaller subset is part of a larger one.
 * The test set stays whole. An `n` the training set cannot give is a UserError.
 */
export function trainingSubset(dataset: Dataset, n: number, seed = 0): Dataset {
  const chosen = subsetIndices(dataset.name, dataset.train.count, n, seed);
  return {...dataset, train: take(dataset.train, chosen, imageSize(dataset))};
}

/** Which of `count` training pictures those are. */
export function subsetIndices(name: string, count: number, n: number, seed = 0): Uint32Array {
  if (!Number.isInteger(n) || n < 1 || n > count) {
    throw new UserError(
      `subset must be a whole number from 1 to ${count}, the training pictures of ${name}; got ${n}`,
    );
  }
  return new Stream(seed, "subset").permutation(count).subarray(0, n);
}

/** Pictures `indices` of a split, copied, in that order; `size` values each. */
export function take(split: Split, indices: Uint32Array, size: number): Split {
  const images = new Uint8Array(indices.length * size);
  const labels = new Uint8Array(indices.length);
  indices.forEach((from, to) => {
    images.set(split.images.subarray(from * size, (from + 1) * size), to * size);
    labels[to] = split.labels[from];
  });
  return {images, labels, count: indices.length};
}

/** Returns `dataset` unchanged, or throws a RangeError that names the first part that does not fit the others. */
export function checkDataset(dataset: Dataset): Dataset {
  const {name, imageShape, classNames, normalisation} = dataset;
  const fail = (what: string): never => {
    throw new RangeError(`data set ${name}: ${what}`);
  };
  if (imageShape.length !== 3 || !imageShape.every(n => Number.isInteger(n) && n > 0)) {
    fail(`imageShape is [height, width, channels], whole and positive; got [${imageShape.join(", ")}]`);
  }
  const channels = imageShape[2];
  const {mean, sd} = normalisation;
  if (
    mean.length !== channels ||
    sd.length !== channels ||
    !mean.every(Number.isFinite) ||
    !sd.every(s => s > 0)
  ) {
    fail(
      `normalisation needs a mean and a positive sd for each of ${channels} channels; got ${JSON.stringify(normalisation)}`,
    );
  }
  for (const part of ["train", "test"] as const) {
    const {images, labels, count} = dataset[part];
    const expected = count * imageSize(dataset);
    if (images.length !== expected)
      fail(`${part}.images holds ${images.length} bytes, ${count} pictures need ${expected}`);
    if (labels.length !== count) fail(`${part}.labels holds ${labels.length} labels for ${count} pictures`);
    const bad = labels.findIndex(label => label >= classNames.length);
    if (bad >= 0) fail(`${part}.labels[${bad}] is ${labels[bad]}, valid are 0 to ${classNames.length - 1}`);
  }
  return dataset;
}
