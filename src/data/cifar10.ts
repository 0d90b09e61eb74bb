import {createHash} from "node:crypto";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {UserError} from "../core/errors";
import {readRegularFileLater} from "../system/regularFile";
import {checkDataset, type Dataset, normalisations, type Split} from "./dataset";
import {cifar10Files, identify, misplaced} from "./fingerprints";

const PLANE = 32 * 32;
const RECORD = 1 + 3 * PLANE;
export const cifar10Classes: readonly string[] = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];

/** The folder inside the official archive. */
export const CIFAR10_FOLDER = "cifar-10-batches-bin";

/**
 * CIFAR-10 (Krizhevsky 2009) from a folder in its official binary layout: `directory`, or `cifar-10-batches-bin` in it.
 * Named by what its files are: "cifar10", "cifar10-jpeg" or, with a notice, "cifar10-unverified".
 * A missing or damaged file, and one that stands under another's name, is a UserError. `imagesPerFile` is 10,000 in every real copy.
 */
export async function loadCifar10(directory: string, imagesPerFile = 10_000): Promise<Dataset> {
  const folder = findCifar10(directory);
  const train = newSplit(5 * imagesPerFile);
  const test = newSplit(imagesPerFile);
  const digests: string[] = [];
  for (const [i, file] of cifar10Files.entries()) {
    const path = join(folder, file);
    const bytes = await readWhole(path);
    digests.push(createHash("sha256").update(bytes).digest("hex"));
    if (file === "test_batch.bin") decodeRecords(bytes, test, 0, imagesPerFile, path);
    else decodeRecords(bytes, train, i * imagesPerFile, imagesPerFile, path);
  }
  const mixedUp = misplaced(digests);
  if (mixedUp !== undefined) throw new UserError(`${folder} is mixed up: ${mixedUp}; ${advice("DIR")}`);
  return checkDataset({
    ...identify(digests),
    imageShape: [32, 32, 3],
    classNames: cifar10Classes,
    train,
    test,
    normalisation: normalisations.cifar10,
    augment: "crop-flip",
  });
}

/** `directory/cifar-10-batches-bin` where there is one, else `directory` if it holds any of the six files. */
export function findCifar10(directory: string): string {
  const inner = join(directory, CIFAR10_FOLDER);
  if (existsSync(inner)) return inner;
  if (cifar10Files.some(file => existsSync(join(directory, file)))) return directory;
  const missing = existsSync(directory)
    ? `${directory} holds neither ${CIFAR10_FOLDER}/ nor ${cifar10Files[0]}`
    : `there is no folder ${directory}`;
  throw new UserError(`CIFAR-10 not found: ${missing}; ${advice(directory)}`);
}

/** sha256 of the six files, in order. */
export async function hashCifar10(folder: string): Promise<string[]> {
  const digests: string[] = [];
  for (const file of cifar10Files) {
    digests.push(
      createHash("sha256")
        .update(await readWhole(join(folder, file)))
        .digest("hex"),
    );
  }
  return digests;
}

/**
 * Reads `count` records of 1 label byte and 3 · 1024 pixels, one plane a channel, into a split from picture `start` on,
 * the planes interleaved (CHW → HWC). `path` is for messages.
 */
export function decodeRecords(
  bytes: Uint8Array,
  into: Split,
  start: number,
  count: number,
  path: string,
): void {
  if (bytes.length !== count * RECORD) {
    throw new UserError(
      `${path} is damaged: ${bytes.length} bytes, expected ${count * RECORD} (${count} pictures of ${RECORD}); ${advice("DIR")}`,
    );
  }
  if (bytes.subarray(-RECORD).every(byte => byte === 0)) {
    throw new UserError(
      `${path} is damaged: it ends in zeros, as a download that was cut off does; ${advice("DIR")}`,
    );
  }
  const {images, labels} = into;
  for (let i = 0; i < count; i++) {
    const from = i * RECORD;
    const label = bytes[from];
    if (label >= cifar10Classes.length) {
      throw new UserError(
        `${path} is damaged: picture ${i} has label ${label}, expected 0 to 9; ${advice("DIR")}`,
      );
    }
    labels[start + i] = label;
    let to = (start + i) * 3 * PLANE;
    for (let red = from + 1; red <= from + PLANE; red++, to += 3) {
      images[to] = bytes[red];
      images[to + 1] = bytes[red + PLANE];
      images[to + 2] = bytes[red + 2 * PLANE];
    }
  }
}

function newSplit(count: number): Split {
  return {images: new Uint8Array(count * 3 * PLANE), labels: new Uint8Array(count), count};
}

async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return await readRegularFileLater(path);
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "is missing" : `cannot be read (${code ?? (error as Error).message})`;
    throw new UserError(`${path} ${why}; ${advice("DIR")}`);
  }
}

function advice(directory: string): string {
  return `\`multiprize download cifar10 --data-dir ${directory}\` fetches the official files`;
}
