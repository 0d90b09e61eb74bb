import assert from "node:assert/strict";
import {existsSync, rmSync, truncateSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";
import {UserError} from "../../src/core/errors";
import {loadCifar10} from "../../src/data/cifar10";
import {cifar10Files, fingerprints, identify, misplaced} from "../../src/data/fingerprints";
import {withFolder, writeCifarFolder} from "./synthetic";

const shared = join(__dirname, "..", "..", "..", "shared", "data");

/** A loader's refusal: one line, a UserError, matching each pattern. */
const refusal =
  (...patterns: RegExp[]) =>
  (error: Error): boolean => {
    assert.ok(error instanceof UserError, `${error.stack}`);
    assert.ok(!error.message.includes("\n"));
    for (const pattern of patterns) assert.match(error.message, pattern);
    return true;
  };

test("every pixel of the channel-major files lands at its place in NHWC", () =>
  withFolder(async folder => {
    const files = writeCifarFolder(folder, 12);
    const {train, test: held} = await loadCifar10(folder, 12);
    for (let i = 0; i < 72; i++) {
      const bytes = files[cifar10Files[Math.floor(i / 12)]].subarray((i % 12) * 3073, ((i % 12) + 1) * 3073);
      const split = i < 60 ? train : held;
      const at = i < 60 ? i : i - 60;
      assert.equal(split.labels[at], bytes[0]);
      const expected = Uint8Array.from(
        {length: 3072},
        (_, j) => bytes[1 + (j % 3) * 1024 + Math.floor(j / 3)],
      );
      assert.deepEqual(split.images.slice(at * 3072, (at + 1) * 3072), expected);
    }
  }));

test("the folder may be named itself or by the one that holds it", () =>
  withFolder(async folder => {
    const inner = join(folder, "cifar-10-batches-bin");
    writeCifarFolder(inner, 1);
    assert.deepEqual(await loadCifar10(folder, 1), await loadCifar10(inner, 1));
  }));

test("files that are neither the official nor the rebuilt ones are cifar10-unverified, with a notice", () =>
  withFolder(async folder => {
    writeCifarFolder(folder, 1);
    const {name, notice} = await loadCifar10(folder, 1);
    assert.equal(name, "cifar10-unverified");
    assert.match(notice ?? "", /cifar10-unverified/);
  }));

test("a set of files is named by all of its fingerprints: one that differs makes it unverified", () => {
  assert.deepEqual(identify(fingerprints.cifar10), {name: "cifar10"});
  assert.equal(identify(fingerprints["cifar10-jpeg"]).name, "cifar10-jpeg");
  for (let i = 0; i < 6; i++) {
    assert.equal(
      identify(fingerprints.cifar10.map((sha, j) => (j === i ? fingerprints["cifar10-jpeg"][j] : sha))).name,
      "cifar10-unverified",
    );
  }
  assert.equal(identify([]).name, "cifar10-unverified");
});

test("a missing folder, an empty one and a missing file say which, and what to do", () =>
  withFolder(async folder => {
    const nowhere = join(folder, "nowhere");
    await assert.rejects(
      loadCifar10(nowhere),
      refusal(/no folder .*nowhere/, /multiprize download cifar10 --data-dir/),
    );
    await assert.rejects(
      loadCifar10(folder),
      refusal(/neither cifar-10-batches-bin\/ nor data_batch_1\.bin/),
    );
    writeCifarFolder(folder, 2);
    rmSync(join(folder, "data_batch_4.bin"));
    await assert.rejects(
      loadCifar10(folder, 2),
      refusal(/data_batch_4\.bin is missing/, /multiprize download cifar10/),
    );
  }));

test("a truncated file and a label above 9 say which file, what was found and what was expected", () =>
  withFolder(async folder => {
    const files = writeCifarFolder(folder, 2);
    truncateSync(join(folder, "test_batch.bin"), 6000);
    await assert.rejects(
      loadCifar10(folder, 2),
      refusal(/test_batch\.bin is damaged: 6000 bytes, expected 6146/),
    );
    files["test_batch.bin"][3073] = 10;
    writeFileSync(join(folder, "test_batch.bin"), files["test_batch.bin"]);
    await assert.rejects(
      loadCifar10(folder, 2),
      refusal(/test_batch\.bin is damaged: picture 1 has label 10, expected 0 to 9/),
    );
  }));

test("a file of the right length that ends in zeros, as one that was cut off and filled up, is refused", () =>
  withFolder(async folder => {
    const files = writeCifarFolder(folder, 4);
    writeFileSync(join(folder, "data_batch_3.bin"), files["data_batch_3.bin"].fill(0, 2 * 3073 + 100));
    await assert.rejects(loadCifar10(folder, 4), refusal(/data_batch_3\.bin is damaged: it ends in zeros/));
  }));

test("a file that stands under another's name too is refused: the test would be on what was learned", () =>
  withFolder(async folder => {
    const files = writeCifarFolder(folder, 2);
    writeFileSync(join(folder, "test_batch.bin"), files["data_batch_2.bin"]);
    await assert.rejects(
      loadCifar10(folder, 2),
      refusal(/mixed up: test_batch\.bin is the same file as data_batch_2\.bin/),
    );
  }));

test("known files in another order are named with the places that are theirs", () => {
  for (const known of Object.values(fingerprints)) {
    assert.equal(misplaced(known), undefined);
    const [first, second, ...others] = known;
    assert.equal(
      misplaced([second, first, ...others]),
      "data_batch_1.bin is what data_batch_2.bin should be",
    );
    assert.equal(misplaced([known[5]]), "data_batch_1.bin is what test_batch.bin should be");
  }
});

test("files of another length than the official 30,730,000 bytes are refused", () =>
  withFolder(async folder => {
    writeCifarFolder(folder, 2);
    await assert.rejects(
      loadCifar10(folder),
      refusal(/6146 bytes, expected 30730000 \(10000 pictures of 3073\)/),
    );
  }));

test("the rebuilt files are called cifar10-jpeg and hold the official counts", async t => {
  if (!existsSync(shared)) return t.skip("no rebuilt CIFAR-10 files beside the project");
  const {name, notice, train, test: held, classNames} = await loadCifar10(shared);
  assert.equal(name, "cifar10-jpeg");
  assert.match(notice ?? "", /cifar10-jpeg, not cifar10/);
  const counts = (labels: Uint8Array) => classNames.map((_, c) => labels.filter(label => label === c).length);
  assert.deepEqual(counts(train.labels), Array(10).fill(5000));
  assert.deepEqual(counts(held.labels), Array(10).fill(1000));
  const sums = [0, 0, 0];
  held.images.forEach((pixel, i) => {
    sums[i % 3] += pixel;
  });
  const means = sums.map(sum => sum / 255 / 10_000 / 1024);
  means.forEach((mean, c) => {
    assert.ok(Math.abs(mean - [0.494, 0.485, 0.45][c]) < 0.002, `${means}`);
  });
});
