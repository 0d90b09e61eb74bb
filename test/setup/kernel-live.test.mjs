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
  const script = join(root, "test", "setup", "kernel-live.py");
  const {stdout} = await promisify(execFile)(inVenv("python"), [script, root], {env});
  results = JSON.parse(stdout);
});

test("a cell that prints 5,000 lines at once loses none", {skip}, () => {
  const [status, output] = results[0];
  assert.equal(status, "ok");
  assert.equal(output, Array.from({length: 5000}, (_, i) => `line ${i}\n`).join(""));
});

test("an interrupt reaches an asynchronous loop that listens to SIGINT, and the cell ends well", {
  skip,
}, () => {
  assert.deepEqual(results[1], ["ok", "stopped by itself\n"]);
  assert.deepEqual(results[2], ["ok", "still true\n"]);
});

test("an interrupt ends a cell that does not listen, and the kernel goes on", {skip}, () => {
  assert.equal(results[3][0], "error");
  assert.deepEqual(results[4], ["ok", "2\n"]);
});
