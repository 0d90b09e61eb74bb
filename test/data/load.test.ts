import assert from "node:assert/strict";
import {join} from "node:path";
import {test} from "node:test";
import {UserError} from "../../src/core/errors";
import {loadDataset} from "../../src/data/load";

test("mnist needs no folder", async () => {
  assert.equal((await loadDataset("mnist")).name, "mnist");
});

test("an unknown name is answered with the valid ones, cifar10 without a folder with how to name it", async () => {
  const refused = (pattern: RegExp) => (error: Error) =>
    error instanceof UserError && pattern.test(error.message);
  await assert.rejects(loadDataset("cifar100"), refused(/"cifar100"; valid are mnist, cifar10, imagenet$/));
  await assert.rejects(loadDataset("cifar10"), refused(/--data-dir DIR or MULTIPRIZE_DATA/));
  await assert.rejects(loadDataset("cifar10", {directory: join(__dirname, "nowhere")}), refused(/no folder/));
});
