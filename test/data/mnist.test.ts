import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import {test} from "node:test";
import fc from "fast-check";
import {Stream} from "../../src/core/random";
import type {Split} from "../../src/data/dataset";
import {loadMnist, stratifiedSplit, toByte} from "../../src/data/mnist";

const mnist = loadMnist();
const counts = ({labels}: Split) =>
  mnist.classNames.map((_, digit) => labels.filter(label => label === digit).length);
/** The beginnings of the sha256 of images and labels: train, test. */
const SPLIT = [
  ["60c8685d751aeea6", "a56c8ad497834fd8"],
  ["ff276e85af354614", "0dc1f4fbec672b3e"],
];
const pictures = ({images, count}: Split) =>
  Array.from({length: count}, (_, i) =>
    Buffer.from(images.subarray(i * 784, (i + 1) * 784)).toString("latin1"),
  );

test("mnist is 8,000 + 2,000 pictures of 28 × 28 × 1, a fifth of each digit in the test set", () => {
  assert.deepEqual(mnist.imageShape, [28, 28, 1]);
  assert.deepEqual(counts(mnist.train), [801, 902, 793, 826, 784, 690, 811, 856, 755, 782]);
  assert.deepEqual(counts(mnist.test), [200, 225, 198, 206, 196, 173, 203, 214, 189, 196]);
  assert.equal(mnist.train.count, 8000);
  assert.equal(mnist.test.count, 2000);
});

test("no picture is twice in mnist, so none is in both halves", () => {
  assert.equal(new Set([...pictures(mnist.train), ...pictures(mnist.test)]).size, 10_000);
});

test("the split is fixed: these very bytes in this very order", () => {
  const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  assert.deepEqual(
    [mnist.train, mnist.test].map(({images, labels}) => [sha256(images), sha256(labels)]),
    SPLIT,
  );
});

test("the pictures are the digits: a nearest-mean classifier reads 3 of 4 test pictures", () => {
  const means = mnist.classNames.map(() => new Float64Array(784));
  const n = counts(mnist.train);
  mnist.train.images.forEach((pixel, i) => {
    const digit = mnist.train.labels[Math.floor(i / 784)];
    means[digit][i % 784] += pixel / n[digit];
  });
  let right = 0;
  for (let i = 0; i < 500; i++) {
    const image = mnist.test.images.subarray(i * 784, (i + 1) * 784);
    const distances = means.map(mean => image.reduce((sum, pixel, j) => sum + (pixel - mean[j]) ** 2, 0));
    if (distances.indexOf(Math.min(...distances)) === mnist.test.labels[i]) right++;
  }
  assert.ok(right >= 375, `${right} of 500`);
});

test("the training pixels have mnist's published mean and deviation within 0.002", () => {
  const {images} = mnist.train;
  const mean = images.reduce((sum, pixel) => sum + pixel / 255, 0) / images.length;
  const variance = images.reduce((sum, pixel) => sum + (pixel / 255 - mean) ** 2, 0) / images.length;
  assert.ok(Math.abs(mean - 0.1307) < 0.002, `${mean}`);
  assert.ok(Math.abs(Math.sqrt(variance) - 0.3081) < 0.002, `${Math.sqrt(variance)}`);
});

test("toByte gives back each byte from its three stored decimals", () => {
  for (let byte = 0; byte < 256; byte++) assert.equal(toByte(Number((byte / 255).toFixed(3))), byte);
});

test("stratifiedSplit deals every index once, and each class its share", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({maxLength: 200, max: 4}),
      fc.double({min: 0, max: 1, noNaN: true}),
      (labels, share) => {
        const {train, test: held} = stratifiedSplit(labels, share, new Stream(3, "split"));
        assert.deepEqual(
          [...train, ...held].sort((i, j) => i - j),
          [...labels.keys()],
        );
        for (let label = 0; label < 5; label++) {
          const n = labels.filter(l => l === label).length;
          assert.equal(held.filter(i => labels[i] === label).length, Math.round(share * n));
        }
      },
    ),
  );
});
