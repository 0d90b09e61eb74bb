import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {before, test} from "node:test";
import {promisify} from "node:util";
import {inVenv, root} from "../../scripts/setup/facts.mjs";
import {venvReady} from "../../scripts/setup/venv.mjs";

const env = {...process.env, JUPYTER_PREFER_ENV_PATH: "1"};
const skip = !venvReady() ? "there is no .venv" : !existsSync("/proc/self/stat") && "no /proc on this system";
let results;

before(async () => {
  if (skip) return;
  const script = join(root, "test", "setup", "search-live.py");
  const {stdout} = await promisify(execFile)(inVenv("python"), [script, root], {env});
  results = JSON.parse(stdout);
});

/** The cell ended by itself within 2 s of the interrupt, or what it has to draw, and nothing computes on. */
function assertStopped({after, still}, most = 2) {
  assert.ok(after < most, `${after} s after the interrupt`);
  assert.ok(still < 0.3, `${still} s of processor time in the second after it`);
}

test("a plain search shows its progress, and an interrupt stops it with what it has", {skip}, () => {
  const {status, shown} = results.search;
  assert.equal(status, "ok", shown.join("\n"));
  assert.match(
    shown.at(-1),
    /^interrupted in epoch \d+ of 30, after \d+ of 125 batches: the search so far is the result/,
  );
  assert.ok(
    shown.slice(0, -1).every(text => /^biprop on digits: epoch \d+(\/30, batch \d+\/125)? · loss/.test(text)),
  );
  assertStopped(results.search);
  assert.deepEqual(results.result.shown, ["true NaN 4\n"]);
});

test("left alone, it leaves the line of its last epoch", {skip}, () => {
  assert.deepEqual(results.whole.shown.slice(-1), ["true\n"]);
  assert.match(results.whole.shown.at(-2), /^biprop on digits: epoch 1 · loss .* · test [\d.]+ %$/);
});

test("an interrupted ablation keeps its curves so far", {skip}, () => {
  assert.equal(results.ablate.status, "ok");
  assert.match(results.ablate.shown.join("\n"), /interrupted after \d+ epochs?.*one seed: no verdict/);
  assertStopped(results.ablate, 6);
  assert.deepEqual(results.ablated.shown, ["true true\n"]);
});

test("an evaluation shows how far it is; interrupted, it gives no number", {skip}, () => {
  const {status, shown} = results.evaluate;
  assert.equal(status, "error");
  assert.match(shown.join("\n"), /evaluation interrupted after [\d,]+ of 8,000 images: no accuracy/);
  assert.match(shown.at(-1), /^Interrupted: interrupted\n$/);
  assertStopped(results.evaluate);
});

test("an interrupted findOrRun gives the cells with what is recorded", {skip}, () => {
  const {status, shown} = results.find;
  assert.equal(status, "ok", shown.join("\n"));
  assert.match(
    shown.at(-1),
    /^interrupted: 1 of 2 cells are recorded and are the result; the same call goes on/,
  );
  assertStopped(results.find);
  assert.deepEqual(results.found.shown, ["done,\n"]);
});
