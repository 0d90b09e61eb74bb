import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {writeWholeFile} from "../../src/system/wholeFile";

const folder = mkdtempSync(join(tmpdir(), "multiprize-whole-"));
after(() => rmSync(folder, {recursive: true}));

test("text, bytes, and bytes in parts are written as they are, over what was there, with nothing left beside", () => {
  const path = join(folder, "file");
  for (const [content, expected] of [
    ["größer\n", Buffer.from("größer\n")],
    [Uint8Array.of(1, 2, 255), Buffer.from([1, 2, 255])],
    [[Uint8Array.of(7), new Uint8Array(0), Uint8Array.of(8, 9)], Buffer.from([7, 8, 9])],
    ["", Buffer.alloc(0)],
  ] as const) {
    writeWholeFile(path, content);
    assert.deepEqual(readFileSync(path), expected);
    assert.deepEqual(readdirSync(folder), ["file"]);
  }
});

test("what cannot be written throws Node's error and leaves the old file and nothing else", () => {
  const taken = join(folder, "taken");
  mkdirSync(join(taken, "inside"), {recursive: true});
  assert.throws(() => writeWholeFile(taken, "x"), {code: "EISDIR"});
  assert.throws(() => writeWholeFile(join(folder, "none", "file"), "x"), {code: "ENOENT"});
  assert.deepEqual(readdirSync(folder).sort(), ["file", "taken"]);
  rmSync(taken, {recursive: true});
});

test("a process killed while it writes leaves the old file or the whole new one", {
  timeout: 60_000,
}, async () => {
  const path = join(folder, "killed");
  const size = 4_000_000;
  writeWholeFile(path, "a".repeat(size));
  const program = `
    const {writeWholeFile} = require(${JSON.stringify(join(__dirname, "..", "..", "src", "system", "wholeFile.ts"))});
    for (let i = 0; ; i++) {
      writeWholeFile(${JSON.stringify(path)}, "bc"[i % 2].repeat(${size}));
      if (i === 0) process.stdout.write("begun");
    }`;
  for (let kill = 0; kill < 3; kill++) {
    const child = spawn(process.execPath, ["--import", "tsx", "-e", program]);
    await new Promise(resolve => child.stdout.once("data", resolve));
    await new Promise(resolve => setTimeout(resolve, 7 * kill));
    child.kill("SIGKILL");
    await new Promise(resolve => child.once("exit", resolve));
    const text = readFileSync(path, "latin1");
    assert.equal(text.length, size);
    assert.match(text, /^(b*|c*)$/);
  }
});
