import assert from "node:assert/strict";
import {spawn, spawnSync} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";

const bin = join(__dirname, "..", "..", "bin", "multiprize.js");
const folder = mkdtempSync(join(tmpdir(), "multiprize-cli-"));
after(() => rmSync(folder, {recursive: true}));

/** A search of a few seconds. */
const small = [
  "search",
  "--keep",
  "0.3",
  "--width",
  "0.5",
  "--epochs",
  "3",
  "--subset",
  "2000",
  "--seed",
  "5",
];

interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}
function multiprize(...args: string[]): Outcome {
  return spawnSync(process.execPath, [bin, ...args], {encoding: "utf8"});
}
function events(stdout: string): Record<string, unknown>[] {
  return stdout
    .trim()
    .split("\n")
    .map(line => JSON.parse(line));
}

test("help shows every command with examples", () => {
  const {status, stdout} = multiprize("--help");
  assert.equal(status, 0);
  for (const word of [
    "quickstart",
    "search",
    "ticket",
    "verify",
    "import",
    "models",
    "parity",
    "download",
    "doctor",
    "Examples:",
  ]) {
    assert.ok(stdout.includes(word), word);
  }
  assert.ok(multiprize("search", "--help").stdout.includes("Examples:"));
});

test("bad input gets one line that says what is wrong, and status 2", () => {
  const notJson = join(folder, "case.json");
  writeFileSync(notJson, "{");
  const wrong: [string[], RegExp][] = [
    [["search", "--arch", "conv3"], /Allowed choices are digits, conv2/],
    [["search", "--arch", "con8"], /'con8' is invalid \(did you mean conv8\?\)\. Allowed choices are digits/],
    [["search", "--arch", "perceptron"], /'perceptron' is invalid\. Allowed choices are digits/],
    [["search", "--gain", "meankept"], /'meankept' is invalid \(did you mean mean-kept\?\)\. Allowed/],
    [["download", "cifar-10"], /is invalid for argument 'dataset' \(did you mean cifar10\?\)\. Allowed/],
    [["search", "--colour", "red"], /unknown option '--colour'/],
    [["search", "--keep", "0"], /share above 0 and at most 1/],
    [["search", "--keep", "1.5"], /share above 0 and at most 1/],
    [["search", "--keep", "abc"], /share above 0 and at most 1/],
    [["search", "--keep", "1"], /choose fan kept or none/],
    [["search", "--data", "cifar10", "--data-dir", join(folder, "no data")], /no folder .*no data/],
    [["search", "--resume"], /needs --checkpoint DIR/],
    [["search", "--checkpoint", join(notJson, "below"), "--epochs", "1"], /cannot write the checkpoint/],
    [["search", "--subset", "9000"], /8,?000/],
    [["search", "--schedule", "cosine", "--gamma", "2"], /takes no gamma/],
    [["search", "--epochs", "1.5"], /at least 0/],
    [["search", "--method", "dense", "--ramp", "2"], /a ramp goes with a search of scores/],
    [["search", "--checkpoint", ""], /needs a folder/],
    [
      ["search", "--schedule", "multistep", "--milestones", "abc"],
      /whole epochs in rising order, such as 30,60,80/,
    ],
    [["search", "--width", "1e9"], /layer fc1 would have/],
    [["search", "--lr", "1e30", "--subset", "300", "--epochs", "1"], /^multiprize: scores contain NaN/],
    [["search", "--workers", "2"], /--workers .* leave it out with mnist/],
    [
      ["search", "--optimizer", "adam", "--momentum", "0.9"],
      /adam takes no momentum: .* choose optimizer sgd/,
    ],
    [["search", "--arch", "vgg-small", "--nesterov"], /adam takes no nesterov/],
    [["models", "conv3"], /choose digits, conv2/],
    [["models", "--batch", "32"], /--batch goes with --memory/],
    [["parity", notJson], /is not JSON/],
    [["parity", join(folder, "none.json")], /cannot read/],
    [["searhc"], /unknown command 'searhc'/],
  ];
  for (const [args, pattern] of wrong) {
    const {status, stderr} = multiprize(...args);
    assert.equal(status, 2, `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, pattern);
    assert.ok(stderr.trim().split("\n").length <= 2 && !/\n\s+at /.test(stderr), stderr);
  }
});

test("search --json prints an object an epoch and a last one with counts and hashes", () => {
  const {status, stdout, stderr} = multiprize(...small, "--json");
  assert.equal(status, 0, stderr);
  const lines = events(stdout);
  assert.deepEqual(
    lines.map(line => line.event),
    ["epoch", "epoch", "epoch", "done"],
  );
  for (const key of ["epoch", "loss", "trainAccuracy", "testAccuracy", "imagesPerSecond"]) {
    assert.equal(typeof lines[0][key], "number", key);
  }
  const done = lines[3];
  assert.equal(done.data, "mnist");
  assert.equal(done.precision, "float32");
  assert.match(String(done.scoresSha256), /^[0-9a-f]{64}$/);
  assert.match(String(done.weightsSha256), /^[0-9a-f]{64}$/);
  assert.equal(done.testAccuracy, lines[2].testAccuracy);
});

test("Ctrl-C saves, says how to go on, and exits with 130", async () => {
  const directory = join(folder, "interrupted");
  const args = [bin, ...small, "--epochs", "50", "--checkpoint", directory, "--every", "1000"];
  const child = spawn(process.execPath, args, {stdio: ["ignore", "pipe", "pipe"]});
  const ended = new Promise(resolve => child.once("exit", resolve));
  let stderr = "";
  child.stderr.on("data", chunk => {
    stderr += chunk;
  });
  await new Promise<void>(resolve =>
    child.stdout.on("data", chunk => String(chunk).includes("epoch   1") && resolve()),
  );
  const before = readFileSync(join(directory, "checkpoint.bin"));
  await new Promise(resolve => setTimeout(resolve, 300));
  child.kill("SIGINT");
  const status = await ended;
  assert.equal(status, 130);
  assert.match(stderr, /repeat the command with --resume/);
  assert.ok(!before.equals(readFileSync(join(directory, "checkpoint.bin"))), "the checkpoint moved on");
});

test("--resume without a checkpoint starts anew and says so", () => {
  const directory = join(folder, "fresh");
  const {status, stderr} = multiprize(...small, "--epochs", "1", "--checkpoint", directory, "--resume");
  assert.equal(status, 0, stderr);
  assert.match(stderr, /no checkpoint; the search starts anew/);
  assert.ok(existsSync(join(directory, "result.json")));
});

test("parity --json reports a case, and exits with 1 when one fails", () => {
  const golden = join(__dirname, "..", "golden", "parity", "tiny.json");
  const good = multiprize("parity", golden, "--json");
  assert.equal(good.status, 0, good.stderr);
  const [{case: name, pass, worst}] = events(good.stdout);
  assert.deepEqual([name, pass], ["tiny", true]);
  assert.ok(Object.values(worst as Record<string, number>).every(error => error < 1e-5));
  const spoilt = JSON.parse(readFileSync(golden, "utf8"));
  spoilt.expected.step0.loss.v *= 1.001;
  const path = join(folder, "spoilt.json");
  writeFileSync(path, JSON.stringify(spoilt));
  const bad = multiprize("parity", path, "--json");
  assert.equal(bad.status, 1);
  assert.equal(events(bad.stdout)[0].pass, false);
});

test("a reader that has seen enough ends the program quietly", () => {
  const {status, stderr} = spawnSync("sh", ["-c", `"${process.execPath}" "${bin}" models --json | true`], {
    encoding: "utf8",
  });
  assert.equal(status, 0);
  assert.equal(stderr, "");
});

test("quickstart leaves alone what it did not write; interrupted at the twin it goes on there", async () => {
  const directory = join(folder, "quickstart");
  mkdirSync(join(directory, "ticket"), {recursive: true});
  writeFileSync(join(directory, "ticket", "notes.txt"), "mine");
  const quickstart = ["quickstart", "--out", directory, "--epochs", "1"];
  const child = spawn(process.execPath, [bin, ...quickstart], {stdio: ["ignore", "pipe", "ignore"]});
  child.stdout.on("data", chunk => String(chunk).includes("The dense twin") && child.kill("SIGINT"));
  assert.equal(await new Promise(resolve => child.once("exit", resolve)), 130);
  const result = readFileSync(join(directory, "ticket", "result.json"), "utf8");
  const {status, stdout, stderr} = multiprize(...quickstart);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /Found before the interruption: test [\d.]+ %\.\n[\s\S]*Going on where it was/);
  assert.match(stdout, /ticket \(MPT-1\/32\)/);
  assert.match(stdout, /ticket\.mpt: [\d,]+ bytes, all that the ticket is/);
  assert.equal(readFileSync(join(directory, "ticket", "result.json"), "utf8"), result);
  const again = multiprize(...quickstart);
  assert.equal(again.status, 0, again.stderr);
  assert.doesNotMatch(again.stdout, /interruption|Going on/);
  assert.equal(readFileSync(join(directory, "ticket", "notes.txt"), "utf8"), "mine");
});

test("models lists counts as JSON", () => {
  const rows = JSON.parse(multiprize("models", "--keep", "0.05", "--json").stdout) as Record<
    string,
    unknown
  >[];
  const conv2 = rows.find(row => row.arch === "conv2");
  assert.deepEqual([conv2?.weights, conv2?.kept], [4_300_992, 215_052]);
});

test("models --memory tells what a training step needs", () => {
  const {stdout} = multiprize("models", "wide-resnet50", "--memory", "--batch", "8", "--json");
  assert.deepEqual(JSON.parse(stdout), [
    {arch: "wide-resnet50", images: 8, "MB an image": 189.7, "MB weights": 275.3, "peak MB, about": 6119},
  ]);
});
