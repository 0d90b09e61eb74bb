import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";

const root = join(__dirname, "..", "..");
const bin = join(root, "bin", "multiprize.js");
const ticket = join(root, "data", "tickets", "digits-relu-k0.2.mpt");
const folder = mkdtempSync(join(tmpdir(), "multiprize-startup-"));
after(() => rmSync(folder, {recursive: true}));

/** Says at the end of a process which files of TensorFlow.js it has loaded. */
const hook = join(folder, "hook.cjs");
writeFileSync(
  hook,
  `process.on("exit", () => {
    const loaded = Object.keys(require.cache).filter(file => file.includes("@tensorflow"));
    require("node:fs").writeFileSync(${JSON.stringify(join(folder, "loaded"))}, String(loaded.length));
  });`,
);

function filesOfTensorflow(args: readonly string[]): number {
  const {status, stderr} = spawnSync(process.execPath, ["--require", hook, bin, ...args], {
    cwd: root,
    encoding: "utf8",
  });
  // doctor's status says whether this machine is ready.
  assert.ok(status === 0 || args[0] === "doctor", `${args.join(" ")}: ${stderr}`);
  return Number(readFileSync(join(folder, "loaded"), "utf8"));
}

for (const args of [
  ["--help"],
  ["search", "--help"],
  ["quickstart", "--help"],
  ["bench", "--help"],
  ["verify", ticket],
  ["ticket", ticket],
  ["ticket", ticket, "--layers"],
  ["models"],
  ["models", "vgg-small", "--memory"],
  ["status"],
  ["status", "depth"],
  ["report", "slim-gain"],
  ["run", "--list"],
  ["run", "depth", "--list", "--no-estimate"],
  ["doctor"],
  ["evaluate", ticket, "--images", "20"],
]) {
  const shown = args.map(arg => (arg === ticket ? "TICKET" : arg)).join(" ");
  test(`multiprize ${shown} loads no TensorFlow.js`, () => {
    assert.equal(filesOfTensorflow(args), 0);
  });
}

test("multiprize evaluate on TensorFlow.js loads it: the test would see it", () => {
  const args = ["evaluate", ticket, "--engine", "tensorflow", "--backend", "cpu", "--images", "2"];
  assert.ok(filesOfTensorflow(args) > 0);
});
