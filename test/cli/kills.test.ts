import assert from "node:assert/strict";
import {spawn, spawnSync} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, watch} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";

const bin = join(__dirname, "..", "..", "bin", "multiprize.js");
const folder = mkdtempSync(join(tmpdir(), "multiprize-kills-"));
after(() => rmSync(folder, {recursive: true}));

/** MULTIPRIZE_KILLS=30 for the long form. */
const kills = Number(process.env.MULTIPRIZE_KILLS ?? 6);
/** Checkpoints that each life lasts. */
const SAVES = 4;
const BATCHES = 31;

/** A checkpoint after every step, of which the last kill falls into the last steps. */
const epochs = Math.ceil((kills * SAVES) / BATCHES);
const search = (directory: string): string[] => [
  ...[bin, "search", "--subset", String(64 * BATCHES), "--batch-size", "64", "--epochs", String(epochs)],
  ...["--keep", "0.3", "--seed", "5", "--json", "--checkpoint", directory, "--resume", "--every", "0"],
];

function finish(directory: string): Record<string, unknown> {
  const {status, stdout, stderr} = spawnSync(process.execPath, search(directory), {encoding: "utf8"});
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout.trim().split("\n").at(-1) as string);
}

/** Lets a search write some checkpoints and kills it: while it writes the next one, or between two. */
async function killAfterSaves(directory: string, within: boolean): Promise<void> {
  const child = spawn(process.execPath, search(directory), {stdio: "ignore"});
  const ended = new Promise(resolve => child.once("exit", resolve));
  let saves = 0;
  const watcher = watch(directory, (_, name) => {
    if (name === "checkpoint.bin") saves++;
    const writing = name?.endsWith(".part") && existsSync(join(directory, name));
    if (saves >= SAVES && (!within || writing)) child.kill("SIGKILL");
  });
  await ended;
  watcher.close();
  assert.equal(child.signalCode, "SIGKILL", "the search ended before it was killed");
}

test(`a search killed ${kills} times from its beginning to its end, half of them at the writing of a checkpoint, has the scores of an unkilled one`, async t => {
  const directory = join(folder, "killed");
  mkdirSync(directory);
  let halfWritten = 0;
  for (let kill = 0; kill < kills; kill++) {
    await killAfterSaves(directory, kill % 2 === 0);
    if (readdirSync(directory).some(name => name.endsWith(".part"))) halfWritten++;
  }
  const done = finish(directory);
  const whole = finish(join(folder, "whole"));
  t.diagnostic(
    `${halfWritten} of ${kills} kills left a checkpoint half written; resumed last at step ${done.resumedAt}`,
  );
  assert.ok(Number(done.resumedAt) >= kills, "each life made at least a step");
  assert.ok(halfWritten >= kills / 6, `${halfWritten} of ${kills} kills fell within a write`);
  assert.equal(done.scoresSha256, whole.scoresSha256);
  assert.equal(done.weightsSha256, whole.weightsSha256);
  assert.equal(done.testAccuracy, whole.testAccuracy);
});
