import assert from "node:assert/strict";
import {before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import type {Dataset} from "../../src/data/dataset";
import {searchSpec} from "../../src/search/defaults";
import {search} from "../../src/search/search";
import type {SearchSpec} from "../../src/search/spec";
import {fewDigits} from "../digits";

let digits: Dataset;
before(async () => {
  await useBackend("auto");
  digits = await fewDigits(128, 20);
});

/** Hash of the scores at the end. */
async function scores(given: Partial<SearchSpec>): Promise<string | null> {
  const shared = {arch: "digits", width: 0.25, keepFraction: 0.3, epochs: 2, batchSize: 64} as const;
  const {scoresSha256, network} = await search(searchSpec({...shared, ...given}), digits);
  network.model.dispose();
  return scoresSha256;
}

test("by steps a cosine's second batch takes another rate than by epochs", async () => {
  assert.notEqual(await scores({scheduleBy: "step"}), await scores({}));
});

test("by steps is by epochs where an epoch is one step, and where the rate is constant", async () => {
  for (const given of [{batchSize: 128}, {schedule: {name: "constant"}}] as const)
    assert.equal(await scores({...given, scheduleBy: "step"}), await scores({...given, scheduleBy: "epoch"}));
});
