// On a real Slurm of two nodes, where it is installed. MULTIPRIZE_SLURM=all runs the long cases too.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {setTimeout as later} from "node:timers/promises";
import type {RunRecord} from "../../src/experiments/records/record";
import {loadRecords} from "../../src/experiments/records/store";
import {type Cluster, lacksSlurm, startCluster} from "./cluster";

const root = join(__dirname, "..", "..");
const bin = join(root, "bin", "multiprize.js");
const isLong = process.env.MULTIPRIZE_SLURM === "all";
const skip = lacksSlurm;
const longOnly = skip || (!isLong && "a matter of minutes: MULTIPRIZE_SLURM=all");

/** Not in /tmp, which is refused as each node's own. */
let folder: string;
let cluster: Cluster;
before(async () => {
  if (skip) return;
  mkdirSync(join(root, "data", "cache"), {recursive: true});
  folder = mkdtempSync(join(root, "data", "cache", "slurm-"));
  cluster = await startCluster(16_900 + 4 * (process.pid % 1000));
});
after(async () => {
  if (skip) return;
  await cluster.close();
  rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 200});
});

interface Sweep {
  readonly place: string;
  readonly spec: string;
  readonly cells: number;
}

/** Twelve cells, or less: of moments, or each of many epochs so that something can befall it. */
function sweep(name: string, cells: number, epochs: number, firstEpochs: number = epochs): Sweep {
  const place = join(folder, name);
  mkdirSync(place);
  const spec = join(place, "mine.json");
  const base = {arch: "digits", width: 0.1, subset: 128, batchSize: 32, interimTestImages: 100};
  const specs = Array.from({length: cells}, (_, seed) => ({seed, epochs: seed === 0 ? firstEpochs : epochs}));
  writeFileSync(spec, JSON.stringify({title: "Mine", base, specs}));
  return {place, spec, cells};
}

function multiprize(...args: string[]): string {
  const env = {...cluster.env, TF_NUM_INTRAOP_THREADS: "1"};
  const {status, stdout, stderr} = spawnSync(process.execPath, [bin, ...args], {env, encoding: "utf8"});
  assert.equal(status, 0, `${stdout}${stderr}`);
  return stdout;
}

/** Submits a sweep as a user does; gives the job. */
function submit({spec, place}: Sweep, ...more: string[]): string {
  const out = ["--slurm-out", join(place, "array"), "--cpus", "1", "--every", "0"];
  const said = multiprize("run", "--spec", spec, "--slurm", ...out, ...more);
  const [, job] = /^job (\d+):/.exec(said) ?? [];
  assert.ok(job, said);
  return job;
}

const stateOfTask = (job: string, task: number): string =>
  / JobState=(\w+)/.exec(
    ` ${cluster.ask("scontrol", "show", "job", `${job}_${task}`)}`.replace(/\s+/g, " "),
  )?.[1] ?? "";
const fieldOf = (job: string, task: number, field: string): string =>
  new RegExp(` ${field}=(\\S+)`).exec(
    cluster.ask("scontrol", "show", "job", `${job}_${task}`).replace(/\s+/g, " "),
  )?.[1] ?? "";

async function until(what: string, holds: () => boolean, seconds: number): Promise<void> {
  for (let waited = 0; !holds(); waited += 0.25) {
    assert.ok(waited < seconds, `${what}: not within ${seconds} s`);
    await later(250);
  }
}

/** Until no task waits or runs. */
async function ended({place}: Sweep, job: string, seconds: number): Promise<void> {
  const left = (): string =>
    cluster.ask("squeue", "--noheader", "--jobs", job, "--states", "PD,R,CF,CG,RQ,S");
  await until("the job's end", () => left() === "", seconds).catch(error => {
    throw new Error(`${(error as Error).message}\n${left()}\n${logsOf(place)}`);
  });
}

function logsOf(place: string): string {
  const logs = join(place, "array", "logs");
  return readdirSync(logs)
    .map(name => `${name}: ${readFileSync(join(logs, name), "utf8")}`)
    .join("\n");
}

/** The records but for what a clock and a host write, in the order of their ids. */
function lasting(results: string): string[] {
  const passing = ["seconds", "imagesPerSecond", "finished", "host"];
  return loadRecords(results)
    .records.map((record: RunRecord) =>
      JSON.stringify(record, (key, value) => (passing.includes(key) ? undefined : value)),
    )
    .sort();
}

/** The same sweep here, in one process. */
function local({spec, place}: Sweep): string[] {
  const folders = ["--results", join(place, "local", "results"), "--runs", join(place, "local", "runs")];
  multiprize("run", "--spec", spec, "--no-estimate", ...folders);
  return lasting(join(place, "local", "results"));
}

function isLocal(asked: Sweep): void {
  assert.deepEqual(lasting(join(asked.place, "results")), local(asked), logsOf(asked.place));
  assert.deepEqual(readdirSync(join(asked.place, "runs")), [], "no lock or checkpoint is left");
}

const epochsSaid = ({place}: Sweep, task: number): number => {
  const log = join(place, "array", "logs", `${task}.log`);
  return existsSync(log) ? readFileSync(log, "utf8").split("  epoch ").length - 1 : 0;
};

test("an array on two nodes records what a local run does, each cell once", {skip}, async () => {
  const asked = sweep("clean", isLong ? 12 : 4, 1);
  const job = submit(asked, ...(isLong ? [] : ["--cells-per-task", "2"]));
  await ended(asked, job, 300);
  isLocal(asked);
  assert.match(multiprize("run", "--spec", asked.spec, "--slurm"), /nothing to submit: no cell is left/);
});

test("where a node loses power, its cell is gone on with on the other node, from its checkpoint", {
  skip,
}, async () => {
  const asked = sweep("power", isLong ? 12 : 2, 4, 60);
  const job = submit(asked);
  await until("task 1 at work", () => epochsSaid(asked, 1) > 2, 120);
  const node = fieldOf(job, 1, "NodeList");
  cluster.cutPower(node);
  await until("task 1 requeued", () => Number(fieldOf(job, 1, "Restarts")) > 0, 120);
  await ended(asked, job, 600);
  cluster.switchOn(node);
  const log = readFileSync(join(asked.place, "array", "logs", "1.log"), "utf8");
  assert.match(log, new RegExp(`on ${node}\\n[\\s\\S]*start 2, on n[12]\\n`));
  isLocal(asked);
});

test("where only Slurm's program on a node dies, the search there ends its cell, and the new start finds it recorded", {
  skip: longOnly,
}, async () => {
  // Long enough for Slurm to notice: a task that ends before is no longer the node's.
  const asked = sweep("cut-off", 12, 4, 600);
  const job = submit(asked);
  await until("task 1 at work", () => epochsSaid(asked, 1) > 2, 120);
  const node = fieldOf(job, 1, "NodeList");
  cluster.cutOff(node);
  await until("task 1 requeued", () => Number(fieldOf(job, 1, "Restarts")) > 0, 120);
  await ended(asked, job, 600);
  cluster.cutPower(node);
  cluster.switchOn(node);
  isLocal(asked);
});

test("a program that is killed goes on from its checkpoint when its task is requeued", {
  skip: longOnly,
}, async () => {
  const asked = sweep("killed", 12, 4, 120);
  const job = submit(asked);
  await until("task 1 at work", () => epochsSaid(asked, 1) > 2, 120);
  const search = cluster
    .ask("pgrep", "-f", `${bin} run --spec ${join(asked.place, "array")}`)
    .split("\n")
    .map(Number);
  for (const pid of search)
    if (readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("--anew")) process.kill(pid, "SIGKILL");
  await until("task 1 failed", () => stateOfTask(job, 1) !== "RUNNING", 60);
  cluster.ask("scontrol", "requeue", `${job}_1`);
  await ended(asked, job, 600);
  const left = multiprize("run", "--spec", asked.spec, "--dry-run", "--no-estimate", "--json");
  if ((JSON.parse(left) as {recorded: boolean}[]).some(({recorded}) => !recorded)) {
    const again = submit(asked);
    await ended(asked, again, 600);
  }
  isLocal(asked);
});

test("a task that its limit ends again and again is requeued and goes on, until its cell is recorded", {
  skip: longOnly,
}, async () => {
  const asked = sweep("limit", 12, 4, 300);
  // Slurm counts limits in minutes; the warning, some seconds into the start, does what the limit would.
  const job = submit(asked, "--time", "1", "--warning", "55");
  await ended(asked, job, 1500);
  isLocal(asked);
});

test("a cell that was begun with other threads is begun anew", {skip: longOnly}, async () => {
  const asked = sweep("threads", 12, 4);
  const env = {...cluster.env, TF_NUM_INTRAOP_THREADS: "2"};
  const begun = ["run", "--spec", asked.spec, "--no-estimate", "--only", "seed 3", "--every", "0", "--json"];
  spawnSync("bash", ["-c", `"$0" "$@" | head -n 2`, process.execPath, bin, ...begun], {env});
  assert.equal(readdirSync(join(asked.place, "runs")).length, 1, "begun and not recorded");
  const job = submit(asked);
  await ended(asked, job, 600);
  assert.match(
    logsOf(asked.place),
    /is begun anew: the checkpoint was made where sums round otherwise: threads 2 there/,
  );
  isLocal(asked);
});
