import assert from "node:assert/strict";
import {test} from "node:test";
import {searchProgress} from "../../src/search/searchProgress";

test("a search's progress line ends at once on its last epoch's result", () => {
  const shown: string[] = [];
  const live = {html: () => {}, text: (text: string) => shown.push(text), done: () => shown.push("done")};
  const {onStep, onEpoch} = searchProgress("ticket", live);
  for (const epoch of [1, 2]) {
    const accuracy = 50 * epoch;
    onStep({epoch, epochs: 2, batch: 1, batches: 1, loss: 1, accuracy, imagesPerSecond: 9, secondsLeft: 75});
    onEpoch({
      epoch,
      loss: 0.5,
      trainAccuracy: accuracy,
      testAccuracy: accuracy,
      imagesPerSecond: 9,
      testImages: 1,
    });
  }
  assert.deepEqual(shown, [
    "ticket: epoch 1/2, batch 1/1 · loss 1.000 · train 50.0 % · 75 s left",
    "ticket: epoch 1 · loss 0.500 · train 50.0 % · test 50.0 %",
    "ticket: epoch 2/2, batch 1/1 · loss 1.000 · train 100.0 % · test 50.0 % · 75 s left",
    "ticket: epoch 2 · loss 0.500 · train 100.0 % · test 100.0 %",
    "done",
  ]);
});
