import assert from "node:assert/strict";
import {spawn, spawnSync} from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {setImmediate} from "node:timers/promises";
import {Heartbeat} from "../../src/system/heartbeat";
import {isAlive, slurmStart, thisProcess} from "../../src/system/holder";
import {LostLock, lockHolder, tryLock} from "../../src/system/lock";

const folder = mkdtempSync(join(tmpdir(), "multiprize-lock-"));
after(() => rmSync(folder, {recursive: true}));

const threeBeats = 60;

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
  utimesSync(path, now - 0.6 * threeBeats, now - 0.6 * threeBeats);
  assert.equal(tryLock(path), undefined, "two beats may be missed");
  utimesSync(path, now - threeBeats - 1, now - threeBeats - 1);
  const lock = tryLock(path);
  assert.ok(lock);
  assert.equal(JSON.parse(readFileSync(path, "utf8")).pid, process.pid);
  lock.release();
});

test("a lock from another machine, left by a clock that was set back since, is taken over; a clock a beat ahead is none", () => {
  const path = join(folder, "ahead.lock");
  writeFileSync(path, JSON.stringify({...thisProcess(), host: "elsewhere", token: "x"}));
  const now = Date.now() / 1000;
  utimesSync(path, now + 0.6 * threeBeats, now + 0.6 * threeBeats);
  assert.equal(tryLock(path), undefined);
  utimesSync(path, now + 365 * 86400, now + 365 * 86400);
  const lock = tryLock(path);
  assert.ok(lock);
  lock.release();
});

test("the clock of a machine decides nothing of its own holders", () => {
  const path = join(folder, "own.lock");
  const lock = tryLock(path);
  for (const years of [-1, 1]) {
    const then = Date.now() / 1000 + years * 365 * 86400;
    utimesSync(path, then, then);
    assert.equal(tryLock(path), undefined);
    lock?.check();
  }
  lock?.release();
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

test("a lock is kept fresh while its process is deep in one long step", async () => {
  const path = join(folder, "long-step.lock");
  writeFileSync(path, JSON.stringify({...thisProcess(), token: "mine"}));
  utimesSync(path, 1, 1);
  const heartbeat = new Heartbeat(0.05);
  heartbeat.hold(path, "mine");
  await setImmediate();
  const blocked = new Int32Array(new SharedArrayBuffer(4));
  // No timer of this thread runs meanwhile; the other thread may take its time on a busy machine.
  for (let tried = 0; tried < 300 && statSync(path).mtimeMs < 2000; tried++) Atomics.wait(blocked, 0, 0, 100);
  assert.ok(statSync(path).mtimeMs > 2000, "no beat in half a minute");
  heartbeat.release(path, "mine");
});

test("a holder whose lock was taken over is told so before it writes, and leaves the lock to the other", () => {
  const path = join(folder, "thought-dead.lock");
  const lock = tryLock(path);
  lock?.check();
  const slurm = {cluster: "big", job: "7_3", restart: 1};
  writeFileSync(path, JSON.stringify({...thisProcess(), host: "n2", slurm, token: "theirs"}));
  assert.throws(
    () => lock?.check(),
    (error: Error) =>
      error instanceof LostLock &&
      /is process \d+ on n2, job 7_3 of big, start 2's now: this process was taken for dead/.test(
        error.message,
      ),
  );
  lock?.release();
  assert.ok(existsSync(path));
});

test("a job is named by its array and task, as the last task has the array's own number", () => {
  assert.equal(slurmStart({}), undefined);
  const task = {
    SLURM_JOB_ID: "7",
    SLURM_ARRAY_JOB_ID: "7",
    SLURM_ARRAY_TASK_ID: "3",
    SLURM_CLUSTER_NAME: "big",
  };
  assert.deepEqual(slurmStart(task), {cluster: "big", job: "7_3", restart: 0});
  assert.equal(slurmStart({...task, SLURM_RESTART_COUNT: "2"})?.restart, 2);
  assert.equal(slurmStart({SLURM_JOB_ID: "9"})?.job, "9");
});
