import assert from "node:assert/strict";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {cpus, tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {lastTable, StepTable, stepFlops, yardstick} from "../../src/experiments/run/stepTable";
import {searchSpec} from "../../src/search/defaults";

const folder = mkdtempSync(join(tmpdir(), "multiprize-steps-"));
after(() => rmSync(folder, {recursive: true}));
const native = {backend: "tensorflow", version: "2.21.0", threads: 2, kernels: "k", device: "cpu"};
const wasm = {...native, backend: "wasm", version: "4.22.0", threads: 1};
const conv6 = searchSpec({arch: "conv6", keepFraction: 0.2});
const image = [32, 32, 3] as const;

test("a step is known once it is kept, for other readers of the file too, and only on its backend", () => {
  const path = join(folder, "kept.json");
  new StepTable(path, native).keep(conv6, image, 120);
  new StepTable(path, wasm).keep(conv6, image, 900);
  assert.equal(new StepTable(path, native).known(conv6, image), 120);
  assert.equal(new StepTable(path, wasm).known(conv6, image), 900);
  assert.equal(new StepTable(path, {...native, threads: 8}).known(conv6, image), undefined);
  assert.equal(new StepTable(path, native).known({...conv6, activation: "sign"}, image), undefined);
});

test("an unknown step is a step of Conv4 by floating-point operations, and unknown where none was timed", () => {
  const table = new StepTable(join(folder, "near.json"), native);
  assert.equal(table.estimated(conv6, image), undefined);
  const near = yardstick(conv6);
  table.keep(near.spec, near.image, 50);
  const expected = (50 * stepFlops(conv6, image)) / stepFlops(near.spec, near.image);
  assert.equal(table.estimated(conv6, image), expected);
  table.keep(conv6, image, 77);
  assert.equal(table.estimated(conv6, image), 77);
});

test("the last table of this processor is found without knowing the backend, TensorFlow's before others", () => {
  const path = join(folder, "last.json");
  assert.equal(lastTable(path), undefined);
  writeFileSync(path, JSON.stringify({"Another, processor, 64 threads, tensorflow, 2, k, cpu": {}}));
  assert.equal(lastTable(path), undefined);
  new StepTable(path, wasm).keep(conv6, image, 900);
  assert.equal(lastTable(path)?.known(conv6, image), 900);
  new StepTable(path, native).keep(conv6, image, 120);
  assert.equal(lastTable(path)?.known(conv6, image), 120);
  assert.ok(lastTable(path)?.machine.startsWith(cpus()[0].model.trim()));
  writeFileSync(path, "torn {");
  assert.equal(lastTable(path), undefined);
  assert.equal(readFileSync(path, "utf8"), "torn {");
});

test("a table that cannot be written down keeps its steps for this process, and says why", () => {
  const file = join(folder, "a file");
  writeFileSync(file, "");
  const table = new StepTable(join(file, "steps.json"), native);
  assert.equal(table.unkept, undefined);
  table.keep(conv6, image, 120);
  assert.equal(table.known(conv6, image), 120);
  assert.match(table.unkept ?? "", /^step times are not kept for the next time: (ENOTDIR|EEXIST)/);
});
