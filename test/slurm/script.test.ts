import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {runCommand} from "../../src/cli/run";
import {sbatchWord, shellWord} from "../../src/slurm/quote";
import {type SlurmArray, slurmScript} from "../../src/slurm/script";
import {checkShared} from "../../src/slurm/submit";
import {timeLimitSeconds} from "../../src/slurm/timeLimit";

/** A name that a careless script would trip over. */
const folder = mkdtempSync(join(tmpdir(), "multi prize's $HOME `x` "));
after(() => rmSync(folder, {recursive: true}));

const array: SlurmArray = {
  name: "multiprize-mine",
  about: "Three cells",
  tasks: 3,
  script: join(folder, "submit.sbatch"),
  cells: join(folder, "cells.txt"),
  logs: join(folder, "logs"),
  directory: folder,
  command: [
    process.execPath,
    "-p",
    "JSON.stringify([process.env.TF_NUM_INTRAOP_THREADS, process.argv.slice(1)])",
    "it's",
  ],
  request: {
    cpus: 3,
    time: "1:00:00",
    mem: "2G",
    maxParallel: 2,
    warning: 60,
    requeues: 5,
    more: ["--qos=long"],
  },
};
writeFileSync(array.script, slurmScript(array));
writeFileSync(array.cells, ["aa", "bb", "cc"].map(id => `--only ${id}\n`).join(""));

/** Runs the script's body, with a scontrol that only says what it was asked. */
function bash(args: readonly string[], env: NodeJS.ProcessEnv = {}): {status: number | null; said: string} {
  const {status, stdout, stderr} = spawnSync("bash", [array.script, ...args], {
    encoding: "utf8",
    env: {...process.env, ...env},
  });
  return {status, said: stdout + stderr};
}

test("the script is sound shell, whatever is in its paths, and asks for what it was told", () => {
  assert.equal(spawnSync("bash", ["-n", array.script]).status, 0);
  const lines = readFileSync(array.script, "utf8").split("\n");
  for (const line of [
    "#SBATCH --job-name=multiprize-mine",
    "#SBATCH --array=1-3%2",
    "#SBATCH --nodes=1 --ntasks=1 --cpus-per-task=3",
    "#SBATCH --time=1:00:00",
    "#SBATCH --mem=2G",
    "#SBATCH --requeue --open-mode=append",
    "#SBATCH --signal=B:USR1@60",
    "#SBATCH --qos=long",
  ])
    assert.ok(lines.includes(line), line);
});

test("a task runs its line of cells with its threads; without Slurm a part runs every n-th", () => {
  const task = bash([], {SLURM_ARRAY_TASK_ID: "2", SLURM_CPUS_PER_TASK: "8"});
  assert.equal(task.status, 0, task.said);
  assert.match(task.said, /^\["8",\["it's","--only","bb"\]\]$/m);
  const part = bash(["1/2"]);
  assert.match(part.said, /^\["3",\["it's","--only","aa","--only","cc"\]\]$/m);
  assert.deepEqual([bash(["4/4"]).status, bash(["0/2"]).status, bash(["x"]).status], [0, 2, 2]);
  assert.match(bash([]).said, /submit it with sbatch, or give a part, such as 2\/5/);
});

test("a warning has the program save; then the task is requeued by its own name, until it was often enough", async () => {
  const waits = `process.on("SIGTERM", () => process.exit(143)); process.kill(process.ppid, "SIGUSR1"); setInterval(() => {}, 1000)`;
  const ends: [string, NodeJS.ProcessEnv, RegExp, number][] = [
    [waits, {}, /requeue of 9_2$/m, 0],
    [waits, {SLURM_RESTART_COUNT: "5"}, /requeued 5 times, and no more/, 143],
    ["process.exit(75)", {}, /ended with 75$/m, 75],
    [
      `process.on("SIGTERM", () => process.exit(0)); process.kill(process.ppid, "SIGUSR1"); setInterval(() => {}, 1000)`,
      {},
      /ended with 0, warned/,
      0,
    ],
  ];
  writeFileSync(join(folder, "scontrol"), '#!/bin/bash\necho "$1 of $2"\n', {mode: 0o755});
  for (const [program, env, said, status] of ends) {
    writeFileSync(array.script, slurmScript({...array, command: [process.execPath, "-e", program, "--"]}));
    const ended = bash([], {
      ...{SLURM_ARRAY_TASK_ID: "2", SLURM_ARRAY_JOB_ID: "9", SLURM_JOB_ID: "9"},
      ...{PATH: `${folder}:${process.env.PATH}`, ...env},
    });
    assert.match(ended.said, said);
    assert.equal(ended.status, status, ended.said);
  }
});

test("words are quoted for the shell and for Slurm's own reading of its lines", () => {
  const word = `a b'c"d$e\\f`;
  assert.equal(spawnSync("bash", ["-c", `printf %s ${shellWord(word)}`], {encoding: "utf8"}).stdout, word);
  assert.equal(shellWord("/plain/path-1.0"), "/plain/path-1.0");
  assert.equal(sbatchWord('a b"c'), '"a b\\"c"');
});

test("what only one node can see is refused, and so are a job's options without a job", async () => {
  assert.throws(
    () => checkShared({"the records": "/tmp/x"}),
    /the records would lie in \/tmp\/x, and each node has/,
  );
  checkShared({"the records": "/tmpfs/x"});
  const run = runCommand().exitOverride();
  await assert.rejects(run.parseAsync(["depth", "--max-parallel", "3"], {from: "user"}), {
    message: "--max-parallel is for jobs: give --slurm too, or leave it out",
  });
});

test("a time limit is as long as sbatch takes it to be", () => {
  for (const [text, seconds] of [
    ["12", 720],
    ["0:10", 10],
    ["12:00", 720],
    ["12:00:00", 43_200],
    ["2-12", 216_000],
    ["1-0:30", 88_200],
    ["1-00:00:05", 86_405],
    ["0", Number.POSITIVE_INFINITY],
    ["UNLIMITED", Number.POSITIVE_INFINITY],
    ...["abc", "", "-5", "12h", "1:2:3:4", "1-", "1.5", "2 days"].map(wrong => [wrong, undefined] as const),
  ] as const)
    assert.equal(timeLimitSeconds(text), seconds, text);
});

test("a request that would lose a task's time or cells is refused before a script is written", async () => {
  const refused = (...asked: string[]): Promise<unknown> => {
    const command = runCommand()
      .exitOverride()
      .configureOutput({writeErr: () => {}});
    const inside = "/nowhere";
    const place = ["--slurm-out", join(inside, "refused"), "--dry-run"];
    const folders = ["--results", join(inside, "results"), "--runs", join(inside, "runs")];
    return command.parseAsync(["depth", "--slurm", ...place, ...folders, ...asked], {from: "user"});
  };
  await assert.rejects(refused("--time", "0:10"), {
    message:
      "--time 0:10 is 10 s to Slurm, and the last 300 s of it (--warning) are for saving: give more, as HH:MM:SS or D-HH",
  });
  await assert.rejects(refused("--time", "12", "--warning", "720"), /--time 12 is 12 min to Slurm/);
  await assert.rejects(refused("--time", "soon"), /must be such as 12:00:00 or 2-12/);
  for (const [options, own] of [
    ["--array=1-3", "--array"],
    ["--qos=long --output=mine", "--output"],
    ["-a 1-3", "-a"],
    ["--no-requeue", "--no-requeue"],
    ["--time=1", "--time"],
  ])
    await assert.rejects(refused("--sbatch", options), new RegExp(`The script sets ${own} itself`), options);
  assert.equal(existsSync("/nowhere"), false);
  for (const taken of ["--qos=long", "--time-min=5", "--mem-bind=local", "--array-x", "--exclude=a-t"])
    await assert.rejects(refused("--sbatch", taken, "--time", "0:10"), /is 10 s to Slurm/, taken);
});
