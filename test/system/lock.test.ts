import assert from "node:assert/strict";
import {spawn, spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {isAlive, thisProcess} from "../../src/system/holder";
import {lockHolder, tryLock} from "../../src/system/lock";

const folder = mkdtempSync(join(tmpdir(), "multiprize-lock-"));
after(() => rmSync(folder, {recursive: true}));

const tenMinutes = 600;

test("a lock is had by one until it is released, and leaves nothing behind", () => {
  const path = join(folder, "one", "a.lock");
  const lock = tryLock(path);
  assert.ok(lock);
  assert.equal(tryLock(path), undefined);
  assert.match(lockHolder(path) ?? "", new RegExp(`^process ${process.pid} on `));
  lock.release();
  assert.equal(lockHolder(path), undefined);
  assert.deepEqual(readdirSync(join(folder, "one")), []);
  tryLock(path)?.release();
});

test("the lock of a process that was killed is taken over at once; a live process's is not", async () => {
  const path = join(folder, "killed.lock");
  const holding = `require("tsx/cjs"); require(${JSON.stringify(join(__dirname, "../../src/system/lock.ts"))}).tryLock(${JSON.stringify(path)}); console.log("held"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["-e", holding], {stdio: ["ignore", "pipe", "inherit"]});
  await new Promise(resolve => child.stdout.once("data", resolve));
  assert.equal(tryLock(path), undefined);
  assert.match(lockHolder(path) ?? "", new RegExp(`^process ${child.pid} `));
  child.kill("SIGKILL");
  await new Promise(resolve => child.once("exit", resolve));
  assert.equal(lockHolder(path), undefined);
  const lock = tryLock(path);
  assert.ok(lock);
  assert.equal(tryLock(path), undefined);
  lock.release();
});

test("a pid that was given anew does not keep a dead process's lock", () => {
  assert.equal(isAlive(thisProcess()), true);
  assert.equal(isAlive({...thisProcess(), began: "1"}), false);
  const ended = spawnSync("true").pid;
  assert.equal(isAlive({...thisProcess(), pid: ended}), false);
});

test("a holder before the machine's last start is dead; one on another machine cannot be told", () => {
  assert.equal(isAlive({...thisProcess(), boot: "another boot"}), false);
  assert.equal(isAlive({...thisProcess(), host: "elsewhere"}), undefined);
});

test("a lock from another machine is respected while its heartbeat is fresh, and taken over when it has stopped", () => {
  const path = join(folder, "elsewhere.lock");
  writeFileSync(path, JSON.stringify({...thisProcess(), host: "elsewhere", token: "x"}));
  assert.equal(tryLock(path), undefined);
  assert.match(lockHolder(path) ?? "", /on elsewhere$/);
  const now = Date.now() / 1000;
  utimesSync(path, now - tenMinutes, now - tenMinutes);
  assert.equal(tryLock(path), undefined, "ten minutes of silence are bearable");
  utimesSync(path, now - 2 * tenMinutes, now - 2 * tenMinutes);
  const lock = tryLock(path);
  assert.ok(lock);
  assert.equal(JSON.parse(readFileSync(path, "utf8")).pid, process.pid);
  lock.release();
});

test("a release after another took over leaves the other's lock", () => {
  const path = join(folder, "lost.lock");
  const lock = tryLock(path);
  rmSync(path);
  const other = tryLock(path);
  lock?.release();
  assert.ok(existsSync(path));
  other?.release();
});
