import {UserError} from "../../core/errors";
import {checkDataset, type Dataset, imageSize, take} from "../../data/dataset";

type Head = Omit<Dataset, "train" | "test"> & {readonly train: number; readonly test: number};

/**
 * The first pictures of both parts of a data set as one file that a page can fetch: the header's length as a
 * little-endian u32, the header in JSON, then images and labels of the training part and of the test part.
 */
export function packPictures(
  dataset: Dataset,
  counts: {readonly train: number; readonly test: number},
): Uint8Array {
  const {train, test, ...about} = dataset;
  const parts = [
    take(
      train,
      Uint32Array.from({length: counts.train}, (_, i) => i),
      imageSize(dataset),
    ),
    take(
      test,
      Uint32Array.from({length: counts.test}, (_, i) => i),
      imageSize(dataset),
    ),
  ];
  const head: Head = {...about, ...counts};
  const text = new TextEncoder().encode(JSON.stringify(head));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, text.length, true);
  const all = [length, text, ...parts.flatMap(({images, labels}) => [images, labels])];
  const file = new Uint8Array(all.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of all) {
    file.set(each, at);
    at += each.length;
  }
  return file;
}

/** The same, read. UserError for a file that holds less or more than its header says. */
export function unpackPictures(file: Uint8Array): Dataset {
  const length = new DataView(file.buffer, file.byteOffset).getUint32(0, true);
  const {train, test, ...about} = JSON.parse(new TextDecoder().decode(file.subarray(4, 4 + length))) as Head;
  const size = imageSize(about);
  let at = 4 + length;
  const next = (bytes: number): Uint8Array => {
    at += bytes;
    return file.subarray(at - bytes, at);
  };
  const split = (count: number): Dataset["train"] => ({
    images: next(count * size),
    labels: next(count),
    count,
  });
  const dataset: Dataset = {...about, train: split(train), test: split(test)};
  if (at !== file.length) throw new UserError(`${file.length} bytes of pictures where the header says ${at}`);
  return checkDataset(dataset);
}
