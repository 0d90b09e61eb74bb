import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {join} from "node:path";
import {before, test} from "node:test";
import {promisify} from "node:util";
import {inVenv, root} from "../../scripts/setup/facts.mjs";
import {venvReady} from "../../scripts/setup/venv.mjs";

const env = {...process.env, JUPYTER_PREFER_ENV_PATH: "1"};
const skip = venvReady() ? false : "there is no .venv";
let results;

before(async () => {
  if (skip) return;
  const script = join(root, "test", "setup", "comms-live.py");
  const {stdout} = await promisify(execFile)(inVenv("python"), [script, root], {env});
  results = JSON.parse(stdout);
});

test("a cell opens a comm as its own, with its data, metadata and bytes", {skip}, () => {
  assert.deepEqual(results.opened, {
    target: "test.target",
    data: {hello: 1},
    bytes: [...new Uint8Array(Float32Array.of(1, 2.5).buffer)],
    version: "2.1.0",
    "of the cell": true,
  });
});

test("what a page sends, bytes too, is heard and answered while the cell runs, and the status line says busy again", {
  skip,
}, () => {
  assert.deepEqual(
    results.answers,
    [0, 1, 2].map(n => [{echo: {n}, bytes: [n, 200]}, [7, 8]]),
  );
  assert.equal(results.then, "busy");
  assert.equal(results.said, "heard 3\n");
});

test("a page that opens learns which comms there are, and that there is no history", {skip}, () => {
  assert.deepEqual(results.info, [{target_name: "test.target"}]);
  assert.equal(results.history, "history_reply");
});

test("a comm to a target that nobody takes is closed at once", {skip}, () => {
  assert.equal(results.stranger, "stranger");
});

test("3,000 messages in one go all come, in order", {skip}, () => {
  assert.equal(results.burst, true);
});

test("a fault of a handler is told and ends nothing", {skip}, () => {
  assert.match(results.stderr, /a fault of the handler/);
  assert.equal(results["goes on"], true);
});

test("a cell that is run anew closes what it opened before, and its old code is told by whom", {skip}, () => {
  assert.deepEqual(results.anew, [true, true]);
});

test("a message with a wrong signature ends no kernel", {skip}, () => {
  assert.equal(results.lives, true);
});
