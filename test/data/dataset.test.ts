import assert from "node:assert/strict";
import {test} from "node:test";
import {UserError} from "../../src/core/errors";
import {checkDataset, imageSize, trainingSubset} from "../../src/data/dataset";
import {randomDataset} from "./synthetic";

const data = randomDataset(30, "none");
const picture = (i: number, of = data) =>
  of.train.images.slice(i * imageSize(of), (i + 1) * imageSize(of)).join();

test("a subset holds n different training pictures, each with its own label", () => {
  const small = trainingSubset(data, 12, 5);
  const originals = Array.from({length: 30}, (_, i) => picture(i));
  const chosen = Array.from({length: 12}, (_, i) => originals.indexOf(picture(i, small)));
  assert.equal(new Set(chosen).size, 12);
  assert.ok(chosen.every(i => i >= 0));
  assert.deepEqual(
    [...small.train.labels],
    chosen.map(i => data.train.labels[i]),
  );
  assert.equal(small.train.count, 12);
});

test("a subset leaves the test set whole and is a valid data set", () => {
  assert.equal(trainingSubset(data, 3).test, data.test);
  checkDataset(trainingSubset(data, 3));
});

test("a smaller subset is the beginning of a larger one, and other seeds choose others", () => {
  const bytes = (n: number, seed: number) => trainingSubset(data, n, seed).train.images;
  assert.deepEqual(bytes(5, 1), bytes(20, 1).slice(0, 5 * imageSize(data)));
  assert.notDeepEqual(bytes(5, 1), bytes(5, 2));
});

test("a subset size outside the training set is refused with the valid range", () => {
  for (const n of [0, -1, 31, 2.5, Number.NaN]) {
    assert.throws(
      () => trainingSubset(data, n),
      (error: Error) => error instanceof UserError && /from 1 to 30/.test(error.message),
    );
  }
  assert.equal(trainingSubset(data, 30).train.count, 30);
});

test("checkDataset names the part that does not fit", () => {
  assert.equal(checkDataset(data), data);
  const {train} = data;
  assert.throws(
    () => checkDataset({...data, train: {...train, images: train.images.slice(1)}}),
    /train\.images holds 2699/,
  );
  assert.throws(
    () => checkDataset({...data, train: {...train, labels: train.labels.slice(1)}}),
    /29 labels for 30/,
  );
  assert.throws(
    () => checkDataset({...data, classNames: ["a", "b"]}),
    /train\.labels\[2\] is 2, valid are 0 to 1/,
  );
  assert.throws(() => checkDataset({...data, normalisation: {mean: [0], sd: [1]}}), /each of 3 channels/);
  assert.throws(
    () => checkDataset({...data, normalisation: {mean: [0, 0, 0], sd: [1, 0, 1]}}),
    /positive sd/,
  );
  assert.throws(() => checkDataset({...data, imageShape: [6, 5, 0]}), /whole and positive/);
});
