import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {peerBench} from "../../src/bench/peerBench";
import {comparison, peerBenchText, withComparisons} from "../../src/bench/peerBenchText";
import type {PeerReport, RoundTimes} from "../../src/bench/peerReport";

const folder = mkdtempSync(join(tmpdir(), "multiprize-peer-"));
before(() => useBackend("tensorflow"));
after(() => rmSync(folder, {recursive: true}));

/** A program in a Python's place. */
function standIn(name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!${process.execPath}\n${body}`);
  chmodSync(path, 0o755);
  return path;
}

const options = {modes: ["float32"], precisions: ["float32"], rounds: 3, steps: 2} as const;
const job = {arch: "digits", activation: "sign", batch: 4} as const;

test("both sides take their turns on the same job, and the first step of a turn is not counted", async () => {
  const log = join(folder, "jobs");
  const python = standIn(
    "steady",
    `const {appendFileSync} = require("node:fs");
    appendFileSync(${JSON.stringify(log)}, process.argv[3] + "\\n");
    console.log(JSON.stringify({version: "0.0"}));
    require("node:readline").createInterface({input: process.stdin}).on("line", line =>
      console.log(JSON.stringify([...Array(Number(line))].map((_, i) =>
        ({stepMs: i === 0 ? 1e9 : 40, assemblyMs: i === 0 ? 0 : 10})))));`,
  );
  const {machine, rows} = await peerBench([job], {...options, python});
  assert.equal(machine.torch, "0.0");
  const [{arch, activation, peer, ours}] = rows;
  assert.deepEqual([arch, activation], ["digits", "sign"]);
  assert.deepEqual(peer.float32, {whole: [40, 40, 40], withoutAssembly: [30, 30, 30]});
  for (const [round, whole] of ours.float32!.whole.entries()) {
    const rest = ours.float32!.withoutAssembly[round];
    assert.ok(rest > 0 && rest < whole, `${rest} of ${whole}`);
  }
  const asked = JSON.parse(readFileSync(log, "utf8"));
  const {batch, keepFraction, mode, threads, operations} = asked;
  assert.deepEqual([batch, keepFraction, mode, threads], [4, 0.2, "float32", machine.threads]);
  assert.ok(operations.some(({op}: {op: string}) => op === "conv"));
});

test("a Python that is none, or has no torch, or fails in a step, is told in one line", async () => {
  const refused = (name: string, body: string): Promise<unknown> =>
    peerBench([job], {...options, python: standIn(name, body)});
  await assert.rejects(
    refused("torchless", 'console.error("x has no torch: x -m pip install torch"); process.exit(1)'),
    /^UserError: PyTorch float32: x has no torch: x -m pip install torch$/,
  );
  await assert.rejects(
    refused(
      "failing",
      'console.log("{}"); process.stdin.once("data", () => { console.error("trace\\nRuntimeError: no memory"); process.exit(1); })',
    ),
    /^UserError: PyTorch float32: no memory$/,
  );
  await assert.rejects(
    peerBench([job], {...options, python: join(folder, "absent")}),
    /^UserError: PyTorch float32 does not start: .*ENOENT/,
  );
});

test("an aborted comparison ends with the signal's reason", async () => {
  const reason = new Error("stop");
  const python = standIn("sleeper", "setInterval(() => {}, 1000)");
  const ending = new AbortController();
  const ended = peerBench([job], {...options, python, signal: ending.signal});
  setTimeout(() => ending.abort(reason), 200);
  await assert.rejects(ended, reason);
});

const torch = spawnSync("python3", ["-c", "import torch"]).status === 0;
test("PyTorch's program takes steps of real and of binary networks", {
  skip: torch ? false : "python3 has no torch",
}, async () => {
  const {rows} = await peerBench([job, {...job, arch: "cifar-resnet18"}], {...options, python: "python3"});
  for (const {peer} of rows) for (const ms of peer.float32!.whole) assert.ok(ms > 0);
});

const turns = (...whole: number[]): RoundTimes => ({whole, withoutAssembly: whole.map(ms => ms - 10)});
const report: PeerReport = {
  machine: {cpu: "A Processor", threads: 2, tensorflow: "2.21.0", torch: "2.9.1", loadBefore: 0.1},
  rows: [
    {
      arch: "conv6",
      activation: "relu",
      batch: 128,
      peer: {float32: turns(900, 900, 900), bfloat16: turns(410, 400, 420)},
      ours: {float32: turns(200, 210, 205), bfloat16: turns(250, 250, 250)},
    },
  ],
};

test("the fastest mode of either side is compared, round by round, with the batch's assembly and without", () => {
  const [row] = report.rows;
  const whole = comparison(row, "whole");
  assert.deepEqual([whole.peer, whole.ours], ["bfloat16", "float32"]);
  assert.deepEqual(whole.ratios, [410 / 200, 400 / 210, 420 / 205]);
  assert.deepEqual(comparison(row, "withoutAssembly").ratios, [400 / 190, 390 / 200, 410 / 195]);
  const written = withComparisons(report) as {rows: {compared: {whole: {ratio: number}}}[]};
  assert.equal(written.rows[0].compared.whole.ratio, 420 / 205);
});

test("the table names the processor and gives medians with the least and most, for a terminal or a document", () => {
  assert.match(
    peerBenchText(report),
    /^A Processor, 2 threads · TensorFlow 2\.21\.0, PyTorch 2\.9\.1 · batch 128, 3 rounds/,
  );
  const line = peerBenchText(report, true)
    .split("\n")
    .find(each => each.startsWith("| conv6"));
  assert.equal(
    line,
    "| conv6 | relu | 900 (900 to 900) | 410 (400 to 420) | 205 (200 to 210) | 250 (250 to 250) | 2.05 (1.90 to 2.05) | 2.10 (1.95 to 2.11) |",
  );
});

test("a program that is no such Python is told by what it answers, in one line", async () => {
  const answering = (answer: string): string =>
    `console.log(JSON.stringify({version: "0.0"}));
    require("node:readline").createInterface({input: process.stdin}).on("line", () => console.log(${JSON.stringify(answer)}));`;
  for (const [name, body, said] of [
    ["ls", 'console.log("/a/peer.py"); setInterval(() => {}, 1000);', /but "\/a\/peer\.py"$/],
    ["three", "console.log(3); setInterval(() => {}, 1000);", /but 3$/],
    ["short", answering('[{"stepMs": 1, "assemblyMs": 1}]'), /but \[\{"stepMs":1/],
    ["nothing", answering("{}"), /but \{\}$/],
    [
      "unknown",
      answering(JSON.stringify(Array(3).fill({stepMs: null, assemblyMs: 1}))),
      /but \[\{"stepMs":null/,
    ],
  ] as const) {
    await assert.rejects(peerBench([job], {...options, python: standIn(name, body)}), {
      name: "UserError",
      message: new RegExp(`^PyTorch float32 does not answer as its program does, ${said.source}`),
    });
  }
});
