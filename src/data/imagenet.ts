import {existsSync} from "node:fs";
import {cpus} from "node:os";
import {join} from "node:path";
import {UserError} from "../core/errors";
import {type Batch, type BatchAddress, batchCount, epochOrder, evaluationRange, trainRange} from "./batches";
import {type Normalisation, normalisations, subsetIndices} from "./dataset";
import type {DecodeJob} from "./decodeBatch";
import {DecodePool} from "./decodePool";
import {type PictureFiles, type PictureFolder, readPictureFolder} from "./pictureFolder";
import type {BatchSource} from "./source";

/** Where ImageNet lies and how it is read. */
export interface ImageNetOptions {
  /** Threads that decode, each a batch ahead. Results do not depend on it. */
  readonly workers?: number;
  /** Side of the pictures that a network gets. */
  readonly size?: number;
  /** Test pictures: length of the short side before the middle is cut out. */
  readonly shortSide?: number;
}

const OFFICIAL = {classes: 1000, train: 1_281_167, test: 50_000};

/**
 * ImageNet (ILSVRC 2012), or any pictures laid out like it, from `directory` or `imagenet` in it: decoded as they
 * are needed, the next batches while a step computes. Training: random resized crop of `size` and flip; test: short
 * side scaled to `shortSide`, the middle `size` × `size`. UserError for a folder or files that will not do, all of
 * them at once.
 *
 * Source: chrundle/biprop f709fc5, data/imagenet.py.
 */
export async function loadImageNet(directory: string, options: ImageNetOptions = {}): Promise<BatchSource> {
  const {
    workers = Math.min(4, cpus().length),
    size = 224,
    shortSide = Math.round((size * 256) / 224),
  } = options;
  if (!Number.isInteger(workers) || workers < 1)
    throw new UserError(`workers must be a whole number of at least 1, got ${workers}`);
  const inner = join(directory, "imagenet");
  const folder = readPictureFolder(existsSync(inner) ? inner : directory);
  return new PictureSource(folder, await DecodePool.start(workers), {workers, size, shortSide});
}

class PictureSource implements BatchSource {
  readonly name: string;
  readonly notice?: string;
  readonly imageShape: readonly [number, number, number];
  readonly classNames: readonly string[];
  readonly files: string;
  readonly train: {readonly count: number};
  readonly test: {readonly count: number};
  /** Batches that were asked for before they are needed, by address. */
  private readonly ahead = new Map<string, Promise<Batch>>();

  constructor(
    private readonly folder: PictureFolder,
    private readonly pool: DecodePool,
    private readonly options: Required<ImageNetOptions>,
    /** The training pictures used, where not all are. */
    private readonly chosen?: Uint32Array,
    readonly normalisation: Normalisation = normalisations.imagenet,
  ) {
    const {classNames, train, test, files} = folder;
    const {size} = options;
    this.classNames = classNames;
    this.files = files;
    this.imageShape = [size, size, 3];
    this.train = {count: chosen?.length ?? train.paths.length};
    this.test = {count: test.paths.length};
    const [classes, pictures, tests] = [classNames.length, train.paths.length, test.paths.length];
    const official = classes === OFFICIAL.classes && pictures === OFFICIAL.train && tests === OFFICIAL.test;
    this.name = official ? "imagenet" : "imagenet-like";
    if (!official) {
      this.notice =
        `${classes} classes, ${pictures} training and ${tests} test pictures: not the ImageNet of the paper, ` +
        "which has 1000 classes, 1,281,167 and 50,000";
    }
  }

  trainBatch(address: BatchAddress): Promise<Batch> {
    const {seed, epoch, batch, batchSize} = address;
    const {count} = this.train;
    const order = address.order ?? epochOrder(count, seed, epoch);
    const at = (n: number): Promise<Batch> => {
      const {start, chosen} = trainRange(count, {...address, batch: n, order});
      const indices = this.chosen ? chosen.map(i => this.chosen![i]) : chosen;
      return this.decode(this.folder.train, indices, {kind: "random", seed, epoch, start});
    };
    return this.take(
      n => `train ${seed} ${epoch} ${n} ${batchSize}`,
      batch,
      batchCount(count, batchSize),
      at,
    );
  }

  evaluationBatch(part: "train" | "test", start: number, count: number): Promise<Batch> {
    const split = this[part];
    const {shortSide} = this.options;
    const at = (n: number): Promise<Batch> => {
      const range = evaluationRange(split.count, start + (n - first) * count, count);
      const indices = part === "train" && this.chosen ? range.map(i => this.chosen![i]) : range;
      return this.decode(this.folder[part], indices, {kind: "centre", shortSide});
    };
    const first = Math.floor(start / count);
    const end = first + Math.ceil((split.count - start) / count);
    return this.take(n => `${part} ${start % count} ${n} ${count}`, first, end, at);
  }

  subset(n: number): BatchSource {
    const chosen = subsetIndices(this.name, this.train.count, n);
    return new PictureSource(this.folder, this.pool, this.options, chosen, this.normalisation);
  }

  normalisedBy(normalisation: Normalisation): BatchSource {
    return new PictureSource(this.folder, this.pool, this.options, this.chosen, normalisation);
  }

  close(): Promise<void> {
    this.ahead.clear();
    return this.pool.close();
  }

  /** Batch n, already under way or begun now; and begins those after it, one a thread, before `end`. */
  private take(
    key: (n: number) => string,
    n: number,
    end: number,
    begin: (n: number) => Promise<Batch>,
  ): Promise<Batch> {
    const known = this.ahead.get(key(n));
    if (known === undefined) this.ahead.clear();
    const wanted = known ?? begin(n);
    this.ahead.delete(key(n));
    for (let next = n + 1; next <= n + this.options.workers && next < end; next++) {
      if (this.ahead.has(key(next))) continue;
      const batch = begin(next);
      // Whoever takes it hears of its failure; one that nobody takes has none to tell.
      batch.catch(() => {});
      this.ahead.set(key(next), batch);
    }
    return wanted;
  }

  private async decode(files: PictureFiles, indices: Uint32Array, cut: DecodeJob["cut"]): Promise<Batch> {
    const {size} = this.options;
    const images = await this.pool.decode({
      files: Array.from(indices, i => join(files.folder, files.paths[i])),
      size,
      cut,
      normalisation: this.normalisation,
    });
    const labels = Int32Array.from(indices, i => files.labels[i]);
    return {images, labels, shape: [indices.length, ...this.imageShape]};
  }
}
