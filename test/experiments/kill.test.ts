import assert from "node:assert/strict";
import {spawn, spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {Stream} from "../../src/core/random";
import type {RunRecord} from "../../src/experiments/records/record";
import {loadRecords} from "../../src/experiments/records/store";

const bin = join(__dirname, "..", "..", "bin", "multiprize.js");
const folder = mkdtempSync(join(tmpdir(), "multiprize-kill-"));
after(() => rmSync(folder, {recursive: true, force: true}));

/** Twelve cells of a fraction of a second, a checkpoint after every step. */
const sweep = (place: string, ...more: string[]): string[] => {
  const folders = ["--results", join(place, "results"), "--runs", join(place, "runs")];
  return [bin, "run", "initialisation", "--preset", "smoke", "--every", "0", "--json", ...folders, ...more];
};

let whole: string[];
before(() => {
  const place = join(folder, "whole");
  finish(place);
  whole = comparable(place);
  assert.equal(whole.length, 12);
});

function finish(place: string, ...more: string[]): void {
  const {status, stderr} = spawnSync(process.execPath, sweep(place, ...more), {encoding: "utf8"});
  assert.equal(status, 0, stderr);
}

/** The records of a sweep without what a clock writes, as text, in the order of their ids. */
function comparable(place: string): string[] {
  const {records} = loadRecords(join(place, "results"));
  const withoutTimes = (record: RunRecord): object =>
    JSON.parse(
      JSON.stringify(record, (key, value) =>
        ["seconds", "imagesPerSecond", "finished"].includes(key) ? undefined : value,
      ),
    );
  return [...records]
    .sort((a, b) => (a.specId < b.specId ? -1 : 1))
    .map(record => JSON.stringify(withoutTimes(record)));
}

/** When to kill: a while after so many lines of output; a cell writes three. */
interface Moment {
  readonly lines: number;
  readonly milliseconds: number;
}

const moments = new Stream(Date.now() % 2 ** 32, "moments");
let drawn = 0;
function moment(): Moment {
  drawn += 2;
  return {lines: moments.integer(drawn, 10), milliseconds: moments.integer(drawn + 1, 250)};
}

/** Starts processes, kills each with SIGKILL at a moment of its own, and waits for their end. */
async function startAndKill(commands: readonly string[][]): Promise<void> {
  const ends = commands.map(command => {
    const {lines, milliseconds} = moment();
    const child = spawn(process.execPath, command, {stdio: ["ignore", "pipe", "ignore"]});
    const ended = new Promise(resolve => child.once("exit", resolve));
    const killLater = (): void => void setTimeout(() => child.kill("SIGKILL"), milliseconds);
    let seen = 0;
    child.stdout.on("data", chunk => {
      const before = seen;
      seen += String(chunk).split("\n").length - 1;
      if (before < lines && seen >= lines) killLater();
    });
    if (lines === 0) killLater();
    return ended;
  });
  await Promise.all(ends);
}

test("a sweep killed three times at random moments ends with the records of an unkilled one", async t => {
  const place = join(folder, "killed");
  for (let kill = 0; kill < 3; kill++) {
    await startAndKill([sweep(place)]);
    t.diagnostic(`records after kill ${kill + 1}: ${comparable(place).length}`);
  }
  finish(place);
  assert.deepEqual(comparable(place), whole);
  assert.deepEqual(leftovers(place), []);
});

test("so do two shards at once", async t => {
  const place = join(folder, "shards");
  const shards = ["1/2", "2/2"].map(shard => sweep(place, "--shard", shard));
  for (let kill = 0; kill < 3; kill++) {
    await startAndKill(shards);
    t.diagnostic(`records after kill ${kill + 1}: ${comparable(place).length}`);
  }
  finish(place, "--shard", "1/2");
  finish(place, "--shard", "2/2");
  assert.deepEqual(comparable(place), whole);
  assert.deepEqual(leftovers(place), []);
});

test("two processes that share all cells run each once, and with --wait both end when all are recorded", async () => {
  const place = join(folder, "together");
  const ends = [0, 1].map(() => {
    const child = spawn(process.execPath, sweep(place, "--wait"), {stdio: "ignore"});
    return new Promise(resolve => child.once("exit", resolve));
  });
  assert.deepEqual(await Promise.all(ends), [0, 0]);
  assert.deepEqual(comparable(place), whole);
});

/** Checkpoints and locks still there. */
function leftovers(place: string): string[] {
  const runs = join(place, "runs");
  return existsSync(runs) ? readdirSync(runs) : [];
}
