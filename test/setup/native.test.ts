import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {constants} from "node:os";
import {join} from "node:path";
import {test} from "node:test";
import {loadNative, NativeUnavailable} from "../../src/backend/native";

const native = join(__dirname, "..", "..", ".native");
const setUp = existsSync(join(native, "native.json"));

test("what Node 22 warns of, and later ones lack, is not called", {
  skip: !setUp && "no library is set up",
}, () => {
  const program = `const util = require("node:util");
    util.isNullOrUndefined = util.deprecate(() => false, "isNullOrUndefined is deprecated");
    const {tf, useBackend} = require("multiprize");
    useBackend("tensorflow").then(() => {
      tf.concat([tf.ones([2, 2]), tf.ones([2, 2])]).dataSync();
      delete util.isNullOrUndefined;
    });`;
  const {stderr, status} = spawnSync(process.execPath, ["-e", program], {
    cwd: join(__dirname, "..", ".."),
    encoding: "utf8",
  });
  assert.deepEqual([stderr, status], ["", 0]);
});

test("loadNative registers TensorFlow's library, or says in one line that it is not set up", () => {
  if (setUp) {
    assert.match(loadNative().tensorflow, /^\d+\.\d+\.\d+$/);
    assert.equal(loadNative(), loadNative());
    return;
  }
  assert.throws(loadNative, (error: unknown) => {
    assert.ok(error instanceof NativeUnavailable);
    assert.match(error.message, /^[^\n]*npm run setup`$/);
    return true;
  });
});

for (const signal of ["SIGABRT", "SIGSEGV"] as const) {
  test(`what a muted library says is heard where the process dies of it by ${signal}, and not otherwise`, {
    skip: !setUp && "no library is set up",
  }, () => {
    const program = `const {mute, unmute} = require(${JSON.stringify(join(native, "mute.node"))});
      const say = text => require("node:fs").writeSync(2, text + "\\n");
      mute(); say("usual words"); unmute(); say("between"); mute(); say("last words");
      process.kill(process.pid, ${constants.signals[signal]});`;
    const {stderr, signal: end} = spawnSync(process.execPath, ["-e", program], {encoding: "utf8"});
    assert.deepEqual([stderr, end], ["between\nlast words\n", signal]);
  });
}
