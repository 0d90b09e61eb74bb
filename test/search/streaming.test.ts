import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {loadImageNet} from "../../src/data/imagenet";
import type {BatchSource} from "../../src/data/source";
import {searchSpec} from "../../src/search/defaults";
import {type SearchResult, search} from "../../src/search/search";
import {writePictureTree} from "../data/pictureTree";

const folder = mkdtempSync(join(tmpdir(), "multiprize-streaming-"));
let pictures: BatchSource;
before(async () => {
  await useBackend("auto");
  await writePictureTree(folder, 8);
  pictures = await loadImageNet(folder, {workers: 2, size: 32});
});
after(async () => {
  await pictures.close();
  rmSync(folder, {recursive: true});
});

const spec = searchSpec({
  ...{arch: "resnet18", activation: "sign", width: 0.125, keepFraction: 0.5},
  ...{epochs: 3, batchSize: 5, learningRate: 0.01, seed: 2},
});

async function scoresOf(run: Promise<SearchResult>): Promise<string | null> {
  const {network, scoresSha256} = await run;
  network.model.dispose();
  return scoresSha256;
}

test("a search on decoded files interrupted in an epoch and resumed ends with the same scores, whatever the threads", async () => {
  const {network, epochs, scoresSha256, data} = await search(spec, pictures);
  network.model.dispose();
  assert.equal(epochs.length, 3);
  assert.deepEqual(data, {name: "imagenet-like", trainImages: 24, testImages: 6, files: pictures.files});
  const other = await loadImageNet(folder, {workers: 1, size: 32});
  try {
    for (const stopAfter of [3, 5, 9]) {
      const directory = join(folder, `stopped-${stopAfter}`);
      const controller = new AbortController();
      let steps = 0;
      const onStep = (): void => {
        if (++steps === stopAfter) controller.abort(new Error("stopped by the test"));
      };
      await assert.rejects(
        search(spec, pictures, {signal: controller.signal, onStep, checkpoint: {directory}}),
        /stopped by the test/,
      );
      assert.equal(
        await scoresOf(search(spec, other, {checkpoint: {directory, resume: true}})),
        scoresSha256,
      );
    }
  } finally {
    await other.close();
  }
});

test("a subset of the files is searched as one; more or other files are other data", async () => {
  const directory = join(folder, "subset");
  const few = {...spec, epochs: 1, subset: 10};
  const {network, data} = await search(few, pictures, {checkpoint: {directory}});
  network.model.dispose();
  assert.equal(data.trainImages, 10);
  const grown = join(folder, "grown");
  await writePictureTree(grown, 9);
  const more = await loadImageNet(grown, {workers: 1, size: 32});
  try {
    await assert.rejects(search(few, more, {checkpoint: {directory, resume: true}}), /other data: files/);
  } finally {
    await more.close();
  }
});

test("a picture that cannot be decoded ends the search in one line that names it", async () => {
  const broken = join(folder, "broken");
  await writePictureTree(broken, 2);
  writeFileSync(join(broken, "val", "n03", "n03_0.JPEG"), "no picture");
  const source = await loadImageNet(broken, {workers: 1, size: 32});
  try {
    await assert.rejects(search({...spec, epochs: 1, batchSize: 3}, source), {
      name: "UserError",
      message: /cannot decode the picture .*n03_0\.JPEG: /,
    });
  } finally {
    await source.close();
  }
});
