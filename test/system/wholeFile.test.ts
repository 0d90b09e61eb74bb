import assert from "node:assert/strict";
import {spawn, spawnSync} from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
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
  assert.throws(() => writeWholeFile(taken, "x"), {code: "EISDIR", path: taken});
  const nowhere = join(folder, "none", "file");
  assert.throws(() => writeWholeFile(nowhere, "x"), {code: "ENOENT", path: nowhere});
  assert.deepEqual(readdirSync(folder).sort(), ["file", "taken"]);
  rmSync(taken, {recursive: true});
});

test("a link stays, and what it leads to is written, whether it was there or not", () => {
  const own = mkdtempSync(join(folder, "links-"));
  mkdirSync(join(own, "far"));
  symlinkSync("far/file", join(own, "near"));
  symlinkSync("near", join(own, "nearer"));
  for (const text of ["made", "made again"]) {
    writeWholeFile(join(own, "nearer"), text);
    assert.equal(readFileSync(join(own, "far", "file"), "utf8"), text);
  }
  assert.deepEqual(
    [readlinkSync(join(own, "nearer")), readlinkSync(join(own, "near"))],
    ["near", "far/file"],
  );
  assert.deepEqual(
    [readdirSync(own).sort(), readdirSync(join(own, "far"))],
    [["far", "near", "nearer"], ["file"]],
  );
  symlinkSync("loop", join(own, "loop"));
  assert.throws(() => writeWholeFile(join(own, "loop"), "x"), {code: "ELOOP"});
  rmSync(own, {recursive: true});
});

const module = JSON.stringify(join(__dirname, "..", "..", "src", "system", "wholeFile.ts"));
const writing = (path: string, text: string): string[] => [
  ...["--import", "tsx", "-e"],
  `require(${module}).writeWholeFile(${JSON.stringify(path)}, ${JSON.stringify(text)})`,
];

test("a pipe and a device take the bytes and stay what they are", async () => {
  const [pipe, device] = [join(folder, "pipe"), join(folder, "device")];
  assert.equal(spawnSync("mkfifo", [pipe]).status, 0);
  const reader = spawn("cat", [pipe]);
  let read = "";
  reader.stdout.on("data", chunk => {
    read += String(chunk);
  });
  const ended = new Promise(resolve => reader.once("close", resolve));
  writeWholeFile(pipe, "through");
  await ended;
  assert.deepEqual([read, lstatSync(pipe).isFIFO()], ["through", true]);
  // Only root makes one, and then ours would be the first to be replaced.
  const made = spawnSync("mknod", [device, "c", "1", "7"]).status === 0;
  if (made) {
    assert.throws(() => writeWholeFile(device, "x"), {code: "ENOSPC", path: device});
    assert.equal(lstatSync(device).isCharacterDevice(), true);
  }
  for (const each of readdirSync(folder).filter(name => /pipe|device/.test(name))) rmSync(join(folder, each));
});

test("a standard stream that a shell sends to a file is refused: what is there stays", {
  skip: !existsSync("/proc/self/fd"),
}, () => {
  const path = join(folder, "log");
  writeFileSync(path, "earlier\n");
  const {status, stderr} = spawnSync(process.execPath, writing("/dev/stdout", "x"), {
    stdio: ["ignore", openSync(path, "a"), "pipe"],
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.match(stderr, /it is a standard stream, which goes to a file: name that file/);
  assert.equal(readFileSync(path, "utf8"), "earlier\n");
  rmSync(path);
});

test("a file that its user protected is not replaced", () => {
  const own = mkdtempSync(join(folder, "protected-"));
  chmodSync(folder, 0o755);
  chmodSync(own, 0o777);
  const path = join(own, "file");
  writeFileSync(path, "kept");
  chmodSync(path, 0o444);
  // What root may do protects nothing: another user, where there is one to be.
  const other = process.getuid?.() === 0 ? {uid: 65534, gid: 65534} : {};
  const {status, stderr} = spawnSync(process.execPath, writing(path, "lost"), {encoding: "utf8", ...other});
  assert.equal(status, 1);
  assert.match(stderr, /EACCES/);
  assert.equal(readFileSync(path, "utf8"), "kept");
  assert.deepEqual(readdirSync(own), ["file"]);
  rmSync(own, {recursive: true});
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
