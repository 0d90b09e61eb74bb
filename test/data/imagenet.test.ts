import assert from "node:assert/strict";
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {UserError} from "../../src/core/errors";
import {type Batch, epochOrder} from "../../src/data/batches";
import {subsetIndices} from "../../src/data/dataset";
import {loadImageNet} from "../../src/data/imagenet";
import {loadDataset} from "../../src/data/load";
import type {BatchSource} from "../../src/data/source";
import {writePictureTree} from "./pictureTree";

const folder = mkdtempSync(join(tmpdir(), "multiprize-imagenet-"));
const tree = join(folder, "imagenet");
const open: BatchSource[] = [];
before(() => writePictureTree(tree, 5));
after(async () => {
  await Promise.all(open.map(source => source.close()));
  rmSync(folder, {recursive: true});
});

async function source(workers = 1): Promise<BatchSource> {
  const loaded = await loadImageNet(folder, {workers, size: 16});
  open.push(loaded);
  return loaded;
}

const at = {seed: 4, epoch: 2, batchSize: 4};
async function epoch(of: BatchSource, batches: readonly number[], batchSize = 4): Promise<Batch[]> {
  const got: Batch[] = [];
  for (const batch of batches) got.push(await of.trainBatch({...at, batchSize, batch}));
  return got;
}

test("a folder of class folders is a source: classes by name, pictures of the network's size, and what it is not", async () => {
  const pictures = await source();
  assert.deepEqual(pictures.classNames, ["n01", "n02", "n03"]);
  assert.deepEqual([pictures.train.count, pictures.test.count], [15, 6]);
  assert.deepEqual(pictures.imageShape, [16, 16, 3]);
  assert.equal(pictures.name, "imagenet-like");
  assert.match(pictures.notice ?? "", /^3 classes, 15 training and 6 test pictures: not the ImageNet/);
  assert.equal((await source()).files, pictures.files);
});

test("test pictures come in the order of their names, scaled, cut from the middle, normalised", async () => {
  const pictures = await source();
  const first = await pictures.evaluationBatch("test", 0, 4);
  const rest = await pictures.evaluationBatch("test", 4, 4);
  assert.deepEqual([...first.labels, ...rest.labels], [0, 0, 1, 1, 2, 2]);
  assert.deepEqual(rest.shape, [2, 16, 16, 3]);
  const pixel = (batch: Batch, i: number, y: number, x: number) =>
    [0, 1, 2].map(c => {
      const {mean, sd} = pictures.normalisation;
      return 255 * (batch.images[((i * 16 + y) * 16 + x) * 3 + c] * sd[c] + mean[c]);
    });
  const [, , blue] = pixel(rest, 1, 8, 8);
  assert.ok(Math.abs(blue - 202) < 4, `class 2, picture 1 is of blue 202, got ${blue}`);
  const [left, right] = [pixel(first, 0, 8, 0)[0], pixel(first, 0, 8, 15)[0]];
  assert.ok(Math.abs(left + right - 255) < 6, `the middle: red ${left} at the left, ${right} at the right`);
  assert.ok(right - left > 150 && right - left < 235);
});

test("a training batch is the same from any thread, in any order, and beside batches that were fetched ahead", async () => {
  const [one, three, backwards] = await Promise.all([1, 3, 2].map(source));
  const expected = await epoch(one, [0, 1, 2, 3]);
  assert.deepEqual(await epoch(three, [0, 1, 2, 3]), expected);
  assert.deepEqual((await epoch(backwards, [3, 2, 1, 0])).reverse(), expected);
  const again = await three.trainBatch({...at, batch: 1, order: epochOrder(15, at.seed, at.epoch)});
  assert.deepEqual(again, expected[1]);
});

test("an epoch shows every training picture once, in the epoch's order; its crops depend on the position alone", async () => {
  const pictures = await source(2);
  const batches = await epoch(pictures, [0, 1, 2, 3]);
  assert.deepEqual(
    batches.map(({shape}) => shape[0]),
    [4, 4, 4, 3],
  );
  const labels = [...epochOrder(15, at.seed, at.epoch)].map(i => Math.floor(i / 5));
  assert.deepEqual(
    batches.flatMap(batch => [...batch.labels]),
    labels,
  );
  const whole = await pictures.trainBatch({...at, batchSize: 15, batch: 0});
  assert.deepEqual(
    batches.flatMap(({images}) => [...images]),
    [...whole.images],
  );
  const next = await pictures.trainBatch({...at, epoch: 3, batchSize: 15, batch: 0});
  assert.notDeepEqual(next.images, whole.images);
});

test("a subset holds the pictures that a subset of any data set of that size would", async () => {
  const pictures = await source();
  const few = pictures.subset(6);
  assert.deepEqual([few.train.count, few.test.count], [6, 6]);
  const chosen = subsetIndices("any", 15, 6);
  const {labels} = await few.trainBatch({...at, batchSize: 6, batch: 0});
  const order = epochOrder(6, at.seed, at.epoch);
  assert.deepEqual(
    [...labels],
    [...order].map(i => Math.floor(chosen[i] / 5)),
  );
  assert.throws(() => pictures.subset(16), /from 1 to 15, the training pictures of imagenet-like; got 16/);
  const plain = await few.evaluationBatch("train", 0, 6);
  assert.deepEqual(
    [...plain.labels],
    [...chosen].map(i => Math.floor(i / 5)),
  );
});

test("addresses outside the data are refused with the valid range", async () => {
  const pictures = await source();
  await assert.rejects(async () => pictures.trainBatch({...at, batch: 4}), /from 0 to 3/);
  await assert.rejects(async () => pictures.evaluationBatch("test", 6, 2), /from 0 to 5/);
});

test("a picture that cannot be decoded is refused by name, also when it was fetched ahead", async () => {
  const broken = join(folder, "broken");
  await writePictureTree(broken, 2);
  const path = join(broken, "train", "n02", "n02_1.JPEG");
  writeFileSync(path, "no picture");
  const pictures = await loadImageNet(broken, {workers: 2, size: 16});
  open.push(pictures);
  const names = (error: Error): boolean =>
    error instanceof UserError && error.message.startsWith(`cannot decode the picture ${path}: `);
  await assert.rejects(epoch(pictures, [0, 1, 2, 3, 4, 5], 1), names);
});

test("another layout is refused in one line that says which is expected", async () => {
  const refused = async (directory: string, message: RegExp): Promise<void> => {
    await assert.rejects(loadImageNet(directory), (error: Error) => {
      assert.ok(error instanceof UserError, `${error}`);
      assert.match(error.message, message);
      assert.match(error.message, /the layout is train\/CLASS\/\*\.JPEG and val\/CLASS\/\*\.JPEG/);
      assert.ok(!error.message.includes("\n"));
      return true;
    });
  };
  const other = join(folder, "other");
  await refused(other, /there is no folder .*other.train/);
  mkdirSync(join(other, "train", "n01"), {recursive: true});
  await refused(other, /there is no folder .*other.val/);
  mkdirSync(join(other, "val"));
  await refused(other, /val holds no class folders/);
  writeFileSync(join(other, "val", "ILSVRC2012_val_00000001.JPEG"), "");
  await refused(other, /val holds pictures but no class folders/);
  mkdirSync(join(other, "val", "n02"));
  await refused(other, /val lacks class n01 of .*train/);
  mkdirSync(join(other, "val", "n01"));
  await refused(other, /val has class n02, unknown to .*train/);
  mkdirSync(join(other, "train", "n02"));
  await refused(other, /train.n01 holds no pictures/);
});

test("loadDataset finds it by name; a number of threads must be one", async () => {
  await assert.rejects(loadDataset("imagenet"), /imagenet is read from a folder: name it with --data-dir/);
  const pictures = await loadDataset("imagenet", {directory: folder, workers: 1});
  assert.ok("close" in pictures);
  open.push(pictures);
  assert.deepEqual(pictures.imageShape, [224, 224, 3]);
  await assert.rejects(loadImageNet(folder, {workers: 0}), /whole number of at least 1, got 0/);
});
