import {Stream} from "../core/random";
import {normalisationTable, normaliseInto} from "./batches";
import type {Normalisation} from "./dataset";
import {type CentreCut, type Cut, decodePicture, type SharpModule} from "./decodePicture";
import {drawResizedCrop} from "./resizedCrop";

/** Files to decode into one batch. Plain data, so that it crosses threads. */
export interface DecodeJob {
  readonly files: readonly string[];
  readonly size: number;
  /** A test batch: the middle. A training batch: random crops of `seed` and `epoch`, at `start` and after in its order. */
  readonly cut:
    | {readonly kind: "centre"; readonly shortSide: number}
    | {readonly kind: "random"; readonly seed: number; readonly epoch: number; readonly start: number};
  readonly normalisation: Normalisation;
}

/** Pictures under way at once; decoding runs on the four threads of Node's pool. */
const AT_ONCE = 6;

/** The pictures of a job, normalised: files.length · size · size · 3 values, NHWC. */
export async function decodeBatch(
  sharp: SharpModule,
  job: DecodeJob,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const {files, size, cut, normalisation} = job;
  const table = normalisationTable(normalisation);
  const length = 3 * size * size;
  const images = new Float32Array(files.length * length);
  const cutOf = cutter(cut);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < files.length) {
      signal?.throwIfAborted();
      const i = next++;
      const pixels = await decodePicture(sharp, files[i], size, cutOf(i)).catch(error => {
        next = files.length;
        throw error;
      });
      normaliseInto(images, i * length, pixels, table);
    }
  };
  const outcomes = await Promise.allSettled(Array.from({length: AT_ONCE}, work));
  const failed = outcomes.find(each => each.status === "rejected");
  if (failed) throw failed.reason;
  return images;
}

function cutter(cut: DecodeJob["cut"]): (i: number) => Cut | CentreCut {
  if (cut.kind === "centre") return () => cut;
  const random = new Stream(cut.seed, `resized-crop/epoch ${cut.epoch}`);
  return i => (width, height) => drawResizedCrop(random, cut.start + i, width, height);
}
