import assert from "node:assert/strict";
import {type ChildProcess, spawn, spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {constants, tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {loadRecords} from "../../src/experiments/records/store";
import {readCheckpoint} from "../../src/search/checkpoint";

const bin = join(__dirname, "..", "..", "bin", "multiprize.js");
const folder = mkdtempSync(join(tmpdir(), "multiprize-signals-"));
after(() => rmSync(folder, {recursive: true}));

const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGPIPE"] as const;

/** Short epochs, of which a signal falls into one of the next. */
const search = (directory: string, epochs = 12): string[] => [
  ...[bin, "search", "--width", "0.25", "--subset", "400", "--epochs", String(epochs), "--seed", "5"],
  ...["--keep", "0.3", "--checkpoint", directory, "--every", "1000", "--resume", "--json"],
];
/** As many as six signals need, one after the other. */
const longSearch = (directory: string): string[] => search(directory, 40);
const run = (place: string): string[] => [
  ...[bin, "run", "initialisation", "--preset", "smoke", "--json"],
  ...["--results", join(place, "results"), "--runs", join(place, "runs"), "--every", "1000"],
];

interface End {
  readonly status: number | null;
  readonly stderr: string;
  readonly lines: number;
}

/** Starts a program, does something to it at its third line of output, and tells how it ended. */
async function atThirdLine(args: readonly string[], act: (child: ChildProcess) => void): Promise<End> {
  const child = spawn(process.execPath, args, {stdio: ["ignore", "pipe", "pipe"]});
  let [lines, stderr] = [0, ""];
  child.stderr.on("data", chunk => {
    stderr += String(chunk);
  });
  child.stdout.on("data", chunk => {
    const seen = lines;
    lines += String(chunk).split("\n").length - 1;
    if (seen < 3 && lines >= 3) act(child);
  });
  const status = await new Promise<number | null>(resolve => child.once("exit", resolve));
  return {status, stderr, lines};
}

let scores: unknown;
before(() => {
  scores = lastEvent(search(join(folder, "whole"))).scoresSha256;
});

function lastEvent(args: readonly string[]): Record<string, unknown> {
  const {status, stdout, stderr} = spawnSync(process.execPath, args, {encoding: "utf8"});
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout.trim().split("\n").at(-1) as string);
}

function stepOf(directory: string): number {
  const checkpoint = readCheckpoint(directory);
  assert.ok(checkpoint);
  return (checkpoint.header.position as {step: number}).step;
}

const statusOf = (signal: (typeof signals)[number]): number => 128 + constants.signals[signal];

test("a signal ends a search with a checkpoint of that moment and 128 + its number, opens no port; resumed after all, it has the same scores", async () => {
  const directory = join(folder, "search");
  let before = 0;
  for (const signal of signals) {
    const {status, stderr} = await atThirdLine(longSearch(directory), child => void child.kill(signal));
    assert.equal(status, statusOf(signal), `${signal}: ${stderr}`);
    assert.match(stderr, /^Interrupted\. The checkpoint in .* is up to date/m);
    assert.doesNotMatch(stderr, /Debugger|^\s+at /m);
    assert.deepEqual(readdirSync(directory), ["checkpoint.bin"]);
    const step = stepOf(directory);
    assert.ok(step > before, `${signal}: step ${step} after step ${before}`);
    before = step;
  }
  const done = lastEvent(longSearch(directory));
  assert.equal(done.resumedAt, before);
  assert.equal(done.scoresSha256, lastEvent(longSearch(join(folder, "long"))).scoresSha256);
});

test("a signal ends a run with 128 + its number; the same command goes on and runs each cell once", async () => {
  const place = join(folder, "run");
  for (const signal of signals) {
    const {status, stderr} = await atThirdLine(run(place), child => void child.kill(signal));
    assert.equal(status, statusOf(signal), `${signal}: ${stderr}`);
    assert.match(stderr, /^Interrupted\. What was done is kept/m);
    assert.doesNotMatch(stderr, /Debugger|^\s+at /m);
    const left = readdirSync(join(place, "runs")).filter(name => /lock|failed/.test(name));
    assert.deepEqual(left, [], signal);
  }
  lastEvent(run(place));
  const {records, torn} = loadRecords(join(place, "results"));
  assert.equal(new Set(records.map(record => record.specId)).size, 12);
  assert.deepEqual([records.length, torn], [12, []]);
});

test("SIGUSR1 before a search began ends the program, and opens no debugger's port", async () => {
  const child = spawn(process.execPath, search(join(folder, "early")), {stdio: ["ignore", "ignore", "pipe"]});
  let stderr = "";
  child.stderr.on("data", chunk => {
    stderr += String(chunk);
  });
  // The program's own first act is to leave the signal to the system; a library is mapped after it.
  while (!readFileSync(`/proc/${child.pid}/maps`, "latin1").includes("tfjs_binding"))
    await new Promise(resolve => setTimeout(resolve, 5));
  child.kill("SIGUSR1");
  await new Promise(resolve => child.once("exit", resolve));
  assert.ok(
    child.signalCode === "SIGUSR1" || child.exitCode === 138,
    `${child.signalCode} ${child.exitCode}`,
  );
  assert.doesNotMatch(stderr, /Debugger/);
});

for (const [name, args] of [
  ["search", search],
  ["run", run],
] as const) {
  test(`a ${name} whose reader has gone saves and ends with 141; the same command goes on`, async () => {
    const place = join(folder, `unread-${name}`);
    const end = await atThirdLine(args(place), child => void child.stdout?.destroy());
    assert.equal(end.status, 141, end.stderr);
    assert.match(end.stderr, /^Interrupted\./m);
    assert.doesNotMatch(end.stderr, /^\s+at /m);
    const done = lastEvent(args(place));
    if (name === "search") assert.equal(done.scoresSha256, scores);
    else assert.equal(loadRecords(join(place, "results")).records.length, 12);
  });
}

test("a reader that goes after a task has ended ends the program with 141, not by a signal", async () => {
  const stop = JSON.stringify(join(__dirname, "..", "..", "src", "cli", "stop.ts"));
  const program = `const {untilStopped, watchOutput} = require(${stop}); watchOutput();
    untilStopped(async () => {}).then(() => setInterval(() => console.log("a line"), 5));`;
  const end = await atThirdLine(["--import", "tsx", "-e", program], child => void child.stdout?.destroy());
  assert.equal(end.status, 141, end.stderr);
});

test("a search whose notes on standard error nobody reads goes on to its end", () => {
  const command = `"${process.execPath}" ${search(join(folder, "dumb")).join(" ")} 2>&1 >/dev/null | true; exit \${PIPESTATUS[0]}`;
  assert.equal(spawnSync("bash", ["-c", command]).status, 0);
});

test("a search whose output does not fit on the disk saves, says so in one line and ends with 2", {
  skip: !existsSync("/dev/full"),
}, () => {
  const directory = join(folder, "full");
  const full = openSync("/dev/full", "w");
  const {status, stderr} = spawnSync(process.execPath, search(directory), {
    stdio: ["ignore", full, "pipe"],
    encoding: "utf8",
  });
  assert.equal(status, 2, stderr);
  assert.match(stderr, /^multiprize: cannot write the output: ENOSPC/m);
  assert.doesNotMatch(stderr, /^\s+at /m);
  assert.equal(lastEvent(search(directory)).scoresSha256, scores);
});

test("a listing that does not fit on the disk says so in one line and ends with 2", {
  skip: !existsSync("/dev/full"),
}, () => {
  for (const listing of [["models"], ["--help"], ["doctor"]]) {
    const {status, stderr} = spawnSync(process.execPath, [bin, ...listing], {
      stdio: ["ignore", openSync("/dev/full", "w"), "pipe"],
      encoding: "utf8",
    });
    assert.equal(status, 2);
    assert.match(stderr, /^multiprize: cannot write the output: ENOSPC.*\n$/);
  }
});

test("a search that ends before it hears that its output did not fit ends with 2 all the same", {
  skip: !existsSync("/dev/full"),
}, () => {
  const short = [bin, "search", "--subset", "100", "--epochs", "1", "--json"];
  const stdio = ["ignore", openSync("/dev/full", "w"), "pipe"] as const;
  const {status, stderr} = spawnSync(process.execPath, short, {stdio: [...stdio], encoding: "utf8"});
  assert.equal(status, 2, stderr);
  assert.match(stderr, /^multiprize: cannot write the output: ENOSPC/m);
});

test("a command whose streams are closed does its work and ends with its own status", () => {
  const place = join(folder, "closed");
  const searching = `search --subset 100 --epochs 1 --checkpoint ${place}`;
  for (const [words, status] of [
    ["models", 0],
    ["verify nowhere.mpt", 2],
    [searching, 0],
  ] as const) {
    const command = `"${process.execPath}" ${bin} ${words} <&- >&- 2>&-`;
    assert.equal(spawnSync("bash", ["-c", command]).status, status, words);
  }
  assert.ok(existsSync(join(place, "result.json")));
});

test("a listing that is read in part ends with 0", () => {
  for (const listing of ["models", "--help", "doctor --json", "run --list", "status"]) {
    const command = `"${process.execPath}" ${bin} ${listing} | head -c 1 >/dev/null; exit \${PIPESTATUS[0]}`;
    assert.equal(spawnSync("bash", ["-c", command]).status, 0, listing);
  }
});
