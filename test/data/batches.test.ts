import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {
  batchCount,
  epochOrder,
  evaluationBatch,
  normalisationTable,
  trainBatch,
} from "../../src/data/batches";
import {imageSize, normalisations} from "../../src/data/dataset";
import {randomDataset} from "./synthetic";

const seeds = fc.integer({min: 0, max: 0xffffffff});

test("every epoch's order is a permutation", () => {
  fc.assert(
    fc.property(fc.integer({min: 1, max: 300}), seeds, fc.nat(1000), (n, seed, epoch) => {
      assert.deepEqual(
        [...epochOrder(n, seed, epoch)].sort((i, j) => i - j),
        [...Array(n).keys()],
      );
    }),
  );
});

test("two epochs, and two seeds, have different orders", () => {
  fc.assert(
    fc.property(seeds, fc.nat(1000), fc.nat(1000), (seed, a, b) => {
      fc.pre(a !== b);
      assert.notDeepEqual(epochOrder(100, seed, a), epochOrder(100, seed, b));
      assert.notDeepEqual(epochOrder(100, seed, a), epochOrder(100, (seed ^ 1) >>> 0, a));
    }),
  );
});

test("an epoch shows every training picture once; its last batch holds the rest", () => {
  const data = randomDataset(30, "none");
  const batches = Array.from({length: 4}, (_, batch) =>
    trainBatch(data, {seed: 1, epoch: 2, batch, batchSize: 8}),
  );
  assert.equal(batchCount(30, 8), 4);
  assert.deepEqual(
    batches.map(({shape}) => shape),
    [8, 8, 8, 6].map(n => [n, 6, 5, 3]),
  );
  const size = imageSize(data);
  const whole = evaluationBatch(data, "train", 0, 30);
  const key = (images: Float32Array, i: number) => images.slice(i * size, (i + 1) * size).join();
  const seen = batches.flatMap(({images, labels}) =>
    [...labels].map((label, i) => `${label}:${key(images, i)}`),
  );
  const expected = [...whole.labels].map((label, i) => `${label}:${key(whole.images, i)}`);
  assert.deepEqual(seen.sort(), expected.sort());
});

test("a batch is the same in whatever order batches are asked for, and with the order given or drawn", () => {
  const data = randomDataset(20, "crop-flip");
  const order = epochOrder(20, 9, 3);
  const ask = (batch: number, given?: Uint32Array) =>
    trainBatch(data, {seed: 9, epoch: 3, batch, batchSize: 6, ...(given && {order: given})});
  const forwards = [0, 1, 2, 3].map(batch => ask(batch));
  const backwards = [3, 2, 1, 0].map(batch => ask(batch, order)).reverse();
  assert.deepEqual(forwards, backwards);
});

test("a picture's augmentation depends on its position, not on the batch size", () => {
  const data = randomDataset(20, "crop-flip");
  const values = (batchSize: number) =>
    Array.from({length: batchCount(20, batchSize)}, (_, batch) =>
      trainBatch(data, {seed: 4, epoch: 0, batch, batchSize}),
    ).flatMap(({images}) => [...images]);
  assert.deepEqual(values(7), values(20));
});

test("epochs and seeds augment differently; evaluation never augments", () => {
  const data = randomDataset(1, "crop-flip", [32, 32, 3]);
  const key = (seed: number, epoch: number) =>
    trainBatch(data, {seed, epoch, batch: 0, batchSize: 1}).images.join();
  assert.ok(new Set([0, 1, 2, 3, 4, 5].map(epoch => key(1, epoch))).size > 1);
  assert.ok(new Set([0, 1, 2, 3, 4, 5].map(seed => key(seed, 1))).size > 1);
  const plain = {...data, augment: "none"} as const;
  assert.deepEqual(evaluationBatch(data, "train", 0, 1), evaluationBatch(plain, "train", 0, 1));
});

test("the test set in pieces is the test set", () => {
  const data = randomDataset(3, "crop-flip");
  const whole = evaluationBatch(data, "test", 0, 7);
  const pieces = [0, 3, 6].map(start => evaluationBatch(data, "test", start, 3));
  assert.deepEqual(
    pieces.map(({shape}) => shape[0]),
    [3, 3, 1],
  );
  assert.deepEqual(
    pieces.flatMap(({images}) => [...images]),
    [...whole.images],
  );
  assert.deepEqual(
    pieces.flatMap(({labels}) => [...labels]),
    [...data.test.labels],
  );
});

test("normalisation is (pixel/255 − mean)/sd of the pixel's channel", () => {
  const data = {...randomDataset(3, "none", [1, 1, 3]), normalisation: normalisations.cifar10};
  const {images} = evaluationBatch(data, "train", 0, 3);
  images.forEach((value, i) => {
    const {mean, sd} = normalisations.cifar10;
    const expected = (data.train.images[i] / 255 - mean[i % 3]) / sd[i % 3];
    assert.ok(Math.abs(value - expected) < 1e-6, `value ${i}: ${value} vs ${expected}`);
  });
  const digits = normalisationTable(normalisations.mnist);
  assert.equal(digits[0], Math.fround(-0.4242129623889923));
  assert.equal(digits[255], Math.fround(2.821486711502075));
});

test("a padded pixel reaches the network as −mean/sd", () => {
  const data = {...randomDataset(40, "crop-flip", [2, 2, 3]), normalisation: normalisations.cifar10};
  data.train.images.fill(255);
  const {images} = trainBatch(data, {seed: 0, epoch: 0, batch: 0, batchSize: 40});
  const table = normalisationTable(normalisations.cifar10);
  const values = new Set([...images].map((value, i) => `${i % 3}:${value}`));
  const expected = [0, 1, 2].flatMap(c => [`${c}:${table[256 * c]}`, `${c}:${table[256 * c + 255]}`]);
  assert.deepEqual([...values].sort(), expected.sort());
});

test("addresses outside the data are refused with the valid range", () => {
  const data = randomDataset(10, "none");
  const at = {seed: 0, epoch: 0, batchSize: 4};
  for (const batch of [-1, 3, 0.5]) assert.throws(() => trainBatch(data, {...at, batch}), /from 0 to 2/);
  assert.throws(
    () => trainBatch(data, {...at, batch: 0, order: new Uint32Array(9)}),
    /9 entries, the training set 10/,
  );
  for (const size of [0, -1, 1.5]) assert.throws(() => batchCount(10, size), RangeError);
  assert.throws(() => evaluationBatch(data, "test", 7, 1), /from 0 to 6/);
  assert.throws(() => evaluationBatch(data, "test", 0, 0), /at least 1/);
});
