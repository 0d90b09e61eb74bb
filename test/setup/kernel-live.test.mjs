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
  const [status, output] = results.burst;
  assert.equal(status, "ok");
  assert.equal(output, Array.from({length: 5000}, (_, i) => `line ${i}\n`).join(""));
});

test("an interrupt reaches an asynchronous loop that listens to SIGINT, and the cell ends well", {
  skip,
}, () => {
  assert.deepEqual(results.listens, ["ok", "stopped by itself\n"]);
  assert.deepEqual(results["goes on"], ["ok", "still true\n"]);
});

test("an interrupt ends a cell that does not listen, and the kernel goes on", {skip}, () => {
  assert.deepEqual(results.deaf, [
    "error",
    "Interrupted: the cell has ended; what it began and nobody stops runs on\n",
  ]);
  assert.deepEqual(results.last, ["ok", "2\n"]);
});

test("1,500 displays in one go all arrive, and the cell ends", {skip}, () => {
  assert.equal(results.displays, 1500);
});

test("cells run together: the status line says busy until the last has ended, whatever else is asked", {
  skip,
}, () => {
  const {seen, replies, end} = results.status;
  const lines = [0, 1, 2].flatMap(n => [`begin${n}`, `end${n}`]);
  assert.deepEqual(seen, Object.fromEntries(lines.map(line => [line, "busy"])));
  assert.deepEqual(replies, ["ok", "ok", "ok"]);
  assert.equal(end, "idle");
});

test("a cell that an interrupt ends well keeps what it has; those behind it are not begun, later ones are", {
  skip,
}, () => {
  const {seen, replies, end} = results.waiting;
  assert.deepEqual(seen, {listening: "busy"});
  assert.deepEqual(replies, ["ok", "aborted"]);
  assert.equal(end, "idle");
  assert.deepEqual(results.after, ["ok", "new 1\n"]);
});

test("an error's stack ends at the cell, and a mistake of the reader is one line", {skip}, () => {
  const [status, thrown] = results.thrown;
  assert.equal(status, "error");
  assert.match(thrown, /TypeError: no good\n {4}at fails \(a cell\)\n {4}at a cell/);
  assert.match(thrown, /\[cause\]: Error: why/);
  for (const text of [thrown, results.later[1]]) assert.doesNotMatch(text, /tslab|node:|scripts\/kernel/);
  assert.match(results.later[1], /^Error: too late/);
  assert.equal(results.mistake[0], "error");
  assert.match(results.mistake[1], /^UserError: keepFraction [^\n]*got 3\n$/);
});

test("a type error shows its line and the words that would do", {skip}, () => {
  const [status, word] = results.word;
  assert.equal(status, "error");
  assert.match(word, /^line 3: Type '"on"' is not assignable/);
  assert.match(word, /\n {4}gain: 'on'\}\)\n {4}\^\n {2}valid words: "mean-kept", .*"learned"\n$/);
  const [, property] = results.property;
  assert.match(property, /^line 2: there is no property "gian" here\n/);
  assert.match(property, /\n {2}valid here: .*\bgain, /);
  assert.doesNotMatch(property, /Partial|Pick</);
});

test("a timer as a cell's last expression is one word", {skip}, () => {
  assert.deepEqual(results.timer, ["ok", "[Timeout]\n"]);
});

test("files that come, go and change while the kernel lives leave its cells alone", {skip}, () => {
  const [before, , noted, after] = results.files;
  assert.deepEqual(
    [before, noted, after],
    [
      ["ok", "before\n"],
      ["ok", "noted function\n"],
      ["ok", "function\n"],
    ],
  );
});

test("a kernel that starts again is heard from its first answer on, by who listens before it is there", {
  skip,
}, () => {
  assert.deepEqual(results.early, [true, true, true, true]);
});
