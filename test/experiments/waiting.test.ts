import assert from "node:assert/strict";
import {existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {sweepStatus} from "../../src/cli/runPlan";
import type {Dataset} from "../../src/data/dataset";
import {type Cell, cellsOf} from "../../src/experiments/define/experiment";
import {ownExperiment} from "../../src/experiments/define/ownExperiment";
import {provenance} from "../../src/experiments/records/provenance";
import {loadRecords} from "../../src/experiments/records/store";
import {type AwaitedCell, runCells, type SweepOptions} from "../../src/experiments/run/runCells";
import {cellFolder, lockPath} from "../../src/experiments/run/state";
import {checkpointPath} from "../../src/search/checkpoint";
import {makeFolder} from "../../src/system/folder";
import {thisProcess} from "../../src/system/holder";
import {fewDigits} from "../digits";

const folder = mkdtempSync(join(tmpdir(), "multiprize-waiting-"));
after(() => rmSync(folder, {recursive: true}));

let digits: Dataset;
before(async () => {
  await useBackend("auto");
  digits = await fewDigits(64, 50);
});

const [cell] = cellsOf(
  ownExperiment(
    {title: "One", specs: [{arch: "digits", width: 0.1, epochs: 2, batchSize: 32, subset: 64}]},
    "one.json",
    "one",
  ),
  "laptop",
);

const options = (name: string, more: Partial<SweepOptions> = {}): SweepOptions => ({
  places: {results: join(folder, name, "results"), runs: join(folder, name, "runs")},
  provenance: provenance(),
  load: async () => digits,
  secondsBetweenLooks: 0,
  ...more,
});

/** Lets a process of another node have a cell. */
function holdElsewhere({places: {runs}}: SweepOptions, {id}: Cell): string {
  makeFolder(runs);
  const path = lockPath(runs, id);
  const slurm = {cluster: "big", job: "7_3", restart: 0};
  writeFileSync(path, JSON.stringify({...thisProcess(), host: "n2", slurm, token: "theirs"}));
  return path;
}

test("a cell that another process has is left, and the status says so; with wait it is run once that one is dead", async () => {
  const looks: AwaitedCell[][] = [];
  const sweep = options("held", {
    onWait: cells => {
      looks.push([...cells]);
      const silent = Date.now() / 1000 - 61;
      if (looks.length === 2) utimesSync(lock, silent, silent);
    },
  });
  const lock = holdElsewhere(sweep, cell);
  const left = await runCells([cell], sweep);
  assert.deepEqual([left[0].result.outcome, sweepStatus(left)], ["elsewhere", 75]);
  const done = await runCells([cell], {...sweep, wait: true});
  assert.deepEqual([done[0].result.outcome, sweepStatus(done)], ["ran", 0]);
  assert.equal(looks.length, 2);
  assert.match(String(looks[0][0].holder), /^process \d+ on n2, job 7_3 of big, start 1$/);
});

test("a process that was thought dead finds its lock lost, and records nothing", async () => {
  const sweep = options("lost", {
    everySeconds: 0,
    onEpoch: () => void holdElsewhere(sweep, cell),
  });
  const [{result}] = await runCells([cell], sweep);
  assert.equal(result.outcome, "elsewhere");
  assert.deepEqual(loadRecords(sweep.places.results).records, []);
  assert.ok(existsSync(lockPath(sweep.places.runs, cell.id)), "the lock is the other's");
});

test("a cell that was begun with other threads is left, and with anew is begun anew: its record is that of a whole run", async t => {
  const {env} = process;
  const before = env.TF_NUM_INTRAOP_THREADS;
  const sweep = options("anew");
  try {
    env.TF_NUM_INTRAOP_THREADS = "3";
    const {backend} = await useBackend("auto");
    if (backend !== "tensorflow") return t.skip(`${backend} has one thread`);
    const stop = new AbortController();
    const begun = options("anew", {signal: stop.signal, onEpoch: () => stop.abort(new Error("stopped"))});
    await assert.rejects(runCells([cell], begun), /stopped/);
  } finally {
    if (before === undefined) delete env.TF_NUM_INTRAOP_THREADS;
    else env.TF_NUM_INTRAOP_THREADS = before;
    await useBackend("auto");
  }
  assert.ok(existsSync(checkpointPath(cellFolder(sweep.places.runs, cell.id))));
  const left = await runCells([cell], sweep);
  assert.deepEqual([left[0].result.outcome, sweepStatus(left)], ["other machine", 75]);
  const notes: string[] = [];
  await runCells([cell], {...sweep, anew: true, onNotice: note => notes.push(note)});
  assert.match(
    notes.join(),
    /is begun anew: the checkpoint was made where sums round otherwise: threads 3 there/,
  );
  await runCells([cell], options("whole"));
  const scores = ["anew", "whole"].map(name => {
    const [record] = loadRecords(options(name).places.results).records;
    return record.outcome === "done" && [record.scoresSha256, record.epochs.length, record.machine.threads];
  });
  assert.deepEqual(scores[0], scores[1]);
});
