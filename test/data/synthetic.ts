import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {Stream} from "../../src/core/random";
import type {Dataset, Split} from "../../src/data/dataset";
import {cifar10Files} from "../../src/data/fingerprints";

/** Runs `body` with an empty folder that is removed afterwards. */
export async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "multiprize-data-"));
  try {
    await body(folder);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

/** Six files in the official layout, `imagesPerFile` random pictures each, labels 0…9 in turn; returns their bytes. */
export function writeCifarFolder(folder: string, imagesPerFile: number): Record<string, Uint8Array> {
  mkdirSync(folder, {recursive: true});
  return Object.fromEntries(
    cifar10Files.map(file => {
      const random = new Stream(0, file);
      const bytes = Uint8Array.from({length: imagesPerFile * 3073}, (_, i) => random.integer(i, 256));
      for (let i = 0; i < imagesPerFile; i++) bytes[i * 3073] = i % 10;
      writeFileSync(join(folder, file), bytes);
      return [file, bytes];
    }),
  );
}

/** `count` random pictures with labels 0, 1, 2, 0, … */
export function randomSplit(count: number, size: number, seed: number): Split {
  const random = new Stream(seed, "pictures");
  return {
    images: Uint8Array.from({length: count * size}, (_, i) => random.integer(i, 256)),
    labels: Uint8Array.from({length: count}, (_, i) => i % 3),
    count,
  };
}

/** A data set of small random colour pictures. */
export function randomDataset(
  count: number,
  augment: Dataset["augment"],
  imageShape: Dataset["imageShape"] = [6, 5, 3],
): Dataset {
  const [height, width, channels] = imageShape;
  const size = height * width * channels;
  return {
    name: "random",
    imageShape,
    classNames: ["a", "b", "c"],
    train: randomSplit(count, size, 1),
    test: randomSplit(7, size, 2),
    normalisation: {mean: Array(channels).fill(0.5), sd: Array(channels).fill(0.25)},
    augment,
  };
}
