import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {UserError} from "../../src/core/errors";
import type {Dataset} from "../../src/data/dataset";
import {searchSpec} from "../../src/search/defaults";
import {search} from "../../src/search/search";
import type {SearchSpec} from "../../src/search/spec";
import {fewDigits} from "../digits";

let digits: Dataset;
const folder = mkdtempSync(join(tmpdir(), "multiprize-resume-"));
before(async () => {
  await useBackend("auto");
  digits = await fewDigits(320, 200);
});
after(() => rmSync(folder, {recursive: true}));

const spec = (given: Partial<SearchSpec> = {}): SearchSpec =>
  searchSpec({arch: "digits", width: 0.25, epochs: 2, batchSize: 64, seed: 3, keepFraction: 0.3, ...given});

test("a search interrupted in the middle of an epoch and resumed ends with the same scores, with Adam and batch norm too", async () => {
  for (const [i, given] of [
    spec(),
    spec({activation: "sign", batchNorm: "learned"}),
    spec({selection: "global"}),
    spec({scoreRate: "relative", learningRate: 0.01}),
    spec({scoreRate: "normalised", learningRate: 0.01}),
    spec({gain: "learned", ranking: "signed"}),
  ].entries()) {
    const {network, scoresSha256: whole} = await search(given, digits);
    network.model.dispose();
    for (const stopAfter of [1, 3, 5, 7]) {
      const directory = join(folder, `resume-${i}-${stopAfter}`);
      const controller = new AbortController();
      let steps = 0;
      const onStep = (): void => {
        steps++;
        if (steps === stopAfter) controller.abort(new Error("stopped by the test"));
      };
      const options = {signal: controller.signal, onStep, checkpoint: {directory}};
      await assert.rejects(search(given, digits, options), /stopped by the test/);
      const resumed = await search(given, digits, {checkpoint: {directory, resume: true}});
      assert.equal(resumed.resumedAt, stopAfter);
      assert.equal(resumed.scoresSha256, whole, `spec ${i}, stopped after step ${stopAfter}`);
      resumed.network.model.dispose();
    }
  }
});

test("resuming a finished search repeats its result without a step", async () => {
  const directory = join(folder, "finished");
  const first = await search(spec(), digits, {checkpoint: {directory}});
  let steps = 0;
  const again = await search(spec(), digits, {checkpoint: {directory, resume: true}, onStep: () => steps++});
  assert.equal(steps, 0);
  assert.equal(again.scoresSha256, first.scoresSha256);
  assert.deepEqual(again.epochs, first.epochs);
  for (const {network} of [first, again]) network.model.dispose();
});

test("a folder that holds a checkpoint is not overwritten unasked", async () => {
  const directory = join(folder, "finished");
  await assert.rejects(search(spec(), digits, {checkpoint: {directory}}), userError(/add --resume/));
});

test("a checkpoint of another search, or of other data, is refused with what differs", async () => {
  const directory = join(folder, "finished");
  const resume = {checkpoint: {directory, resume: true}};
  await assert.rejects(search(spec({seed: 9}), digits, resume), userError(/seed 3 there, 9 here/));
  await assert.rejects(
    search(spec({keepFraction: 0.4}), digits, resume),
    userError(/keepFraction 0.3 there, 0.4 here/),
  );
  await assert.rejects(
    search(spec(), {...digits, name: "other"}, resume),
    userError(/other data: name "mnist" there, "other" here/),
  );
});

test("a checkpoint from a machine that rounds otherwise is refused unless asked for", async () => {
  const directory = join(folder, "finished");
  const {env} = process;
  const before = env.TF_ENABLE_ONEDNN_OPTS;
  const threads = env.TF_NUM_INTRAOP_THREADS;
  env.TF_NUM_INTRAOP_THREADS = "7";
  try {
    const info = await useBackend("auto");
    if (info.backend !== "tensorflow") return;
    const checkpoint = {directory, resume: true};
    await assert.rejects(search(spec(), digits, {checkpoint}), userError(/threads \d+ there, 7 here/));
    const anyway = await search(spec(), digits, {checkpoint: {...checkpoint, otherMachine: true}});
    anyway.network.model.dispose();
  } finally {
    if (threads === undefined) delete env.TF_NUM_INTRAOP_THREADS;
    else env.TF_NUM_INTRAOP_THREADS = threads;
    if (before !== undefined) env.TF_ENABLE_ONEDNN_OPTS = before;
    await useBackend("auto");
  }
});

test("a search whose rule is a function runs, but is not checkpointed", async () => {
  const own = spec({gain: () => 0.05});
  const {network} = await search(own, digits);
  assert.equal(network.masked[0].gain(), 0.05);
  network.model.dispose();
  await assert.rejects(
    search(own, digits, {checkpoint: {directory: join(folder, "own")}}),
    userError(/gain is a function/),
  );
});

function userError(pattern: RegExp): (error: unknown) => boolean {
  return error => error instanceof UserError && !error.message.includes("\n") && pattern.test(error.message);
}
