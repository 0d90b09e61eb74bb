import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {UserError} from "../../src/core/errors";
import type {DoneRecord} from "../../src/experiments/records/record";
import {appendRecord, loadRecords, readRecords} from "../../src/experiments/records/store";
import {recordOfCell} from "../../src/experiments/run/state";
import {someRecord} from "./someRecord";

const folder = mkdtempSync(join(tmpdir(), "multiprize-store-"));
after(() => rmSync(folder, {recursive: true}));

async function written(name: string, ...records: DoneRecord[]): Promise<string> {
  const path = join(folder, name, "some.jsonl");
  for (const each of records) await appendRecord(path, each);
  return path;
}

const record = (seed: number, dataName = "cifar10"): DoneRecord =>
  someRecord({arch: "conv2", keepFraction: 0.2, seed}, {}, dataName);

function saying(pattern: RegExp): (error: unknown) => boolean {
  return error => error instanceof UserError && !error.message.includes("\n") && pattern.test(error.message);
}

test("records read back as they were written, in the order of files and lines", async () => {
  await written("round", record(1), record(2));
  await appendRecord(join(folder, "round", "another.jsonl"), record(3));
  const {records, torn} = loadRecords(join(folder, "round"));
  assert.deepEqual(records, JSON.parse(JSON.stringify([record(3), record(1), record(2)])));
  assert.deepEqual(torn, []);
  assert.deepEqual(loadRecords(join(folder, "nowhere")), {records: [], torn: []});
});

test("a record that lacks any of its fields, or has a strange one, is refused with its place and the field", async () => {
  const path = await written("missing", record(1));
  for (const key of Object.keys(record(1))) {
    const {[key as "format"]: _, ...rest} = record(2);
    writeFileSync(path, `${JSON.stringify(record(1))}\n${JSON.stringify(rest)}\n`);
    assert.throws(() => readRecords(path), saying(/some\.jsonl line 2: /), key);
    assert.throws(() => readRecords(path), saying(new RegExp(`${key} (is missing|must)`)), key);
  }
  writeFileSync(path, `${JSON.stringify({...record(1), colour: "red"})}\n`);
  assert.throws(() => readRecords(path), saying(/line 1: colour is not known/));
  const [layer] = record(1).layers;
  writeFileSync(path, `${JSON.stringify({...record(1), layers: [{...layer, gain: "big"}]})}\n`);
  assert.throws(() => readRecords(path), saying(/line 1: layers\.0\.gain must be number/));
});

test("a record whose spec is not the one it is named by is refused", async () => {
  const path = await written("unknown", record(1));
  const other = {...record(1), spec: {...record(1).spec, colour: "red"}};
  writeFileSync(path, `${JSON.stringify(other)}\n`);
  assert.throws(() => readRecords(path), saying(/line 1: its spec is unknown/));
});

test("a file cut off at any byte loses no whole line, says so, and takes new records after it", async () => {
  const path = await written("torn", record(1), record(2));
  const whole = readFileSync(path);
  const first = whole.indexOf("\n") + 1;
  for (let length = first; length < whole.length; length += 7) {
    writeFileSync(path, whole.subarray(0, length));
    const {records, torn} = readRecords(path);
    const lacksOnlyItsEnd = length === whole.length - 1;
    assert.equal(records.length, lacksOnlyItsEnd ? 2 : 1, `cut to ${length} bytes`);
    assert.equal(torn.length, length === first || lacksOnlyItsEnd ? 0 : 1);
    if (torn.length > 0) assert.match(torn[0], /line 2 was cut off/);
  }
  writeFileSync(path, whole.subarray(0, whole.length - 20));
  await appendRecord(path, record(3));
  const mended = readRecords(path);
  assert.deepEqual(
    mended.records.map(each => each.spec.seed),
    [1, 3],
  );
  assert.equal(mended.torn.length, 1);
});

test("a line that never was a record is refused", async () => {
  const path = await written("conflict", record(1));
  appendFileSync(path, "<<<<<<< HEAD\n");
  assert.throws(() => readRecords(path), saying(/line 2 is no record: it is not JSON/));
});

test("a record that would not load again is not written", async () => {
  const path = join(folder, "refused", "some.jsonl");
  await assert.rejects(
    appendRecord(path, {...record(1), seconds: Number.NaN}),
    saying(/seconds must be number/),
  );
});

test("writers of several processes lose no record", async () => {
  const path = join(folder, "together", "some.jsonl");
  const store = JSON.stringify(join(__dirname, "../../src/experiments/records/store.ts"));
  const ids = [0, 1, 2].map(writer => {
    const records = Array.from({length: 10}, (_, i) => record(10 * writer + i));
    const program = `require("tsx/cjs"); (async () => { for (const each of ${JSON.stringify(records)}) await require(${store}).appendRecord(${JSON.stringify(path)}, each); })();`;
    const child = spawn(process.execPath, ["-e", program], {stdio: "inherit"});
    return new Promise(resolve => child.once("exit", resolve));
  });
  assert.deepEqual(await Promise.all(ids), [0, 0, 0]);
  const {records, torn} = readRecords(path);
  assert.deepEqual(torn, []);
  const seeds = records.map(each => each.spec.seed).sort((a, b) => a - b);
  assert.deepEqual(
    seeds,
    Array.from({length: 30}, (_, i) => i),
  );
});

test("of a cell's records the last on the best data counts", () => {
  const {specId: id} = record(1);
  const jpeg = record(1, "cifar10-jpeg");
  const later = {...jpeg, seconds: 9};
  assert.equal(recordOfCell([jpeg, later], {id}), later);
  assert.equal(recordOfCell([record(1), later], {id})?.data.name, "cifar10");
  assert.equal(recordOfCell([record(1), later], {id}, "cifar10-jpeg"), later);
  assert.equal(recordOfCell([record(2)], {id}), undefined);
});

test("a cell's own record goes before the same search's in float32, which serves where there is none", () => {
  const [own, exact] = [record(1), record(2)];
  const cell = {id: own.specId, float32Id: exact.specId};
  assert.equal(recordOfCell([exact], cell), exact);
  assert.equal(recordOfCell([own, exact], cell), own);
  assert.equal(recordOfCell([exact], {id: own.specId}), undefined);
  assert.equal(recordOfCell([exact], cell, "cifar10-jpeg"), undefined);
});

test("a record whose values contradict each other is refused with both, though each is plausible alone", async () => {
  const record = someRecord({arch: "conv2", keepFraction: 0.5, epochs: 2});
  const [first, last] = record.epochs;
  const [layer] = record.layers;
  const wrong: [Partial<DoneRecord>, RegExp][] = [
    [{testAccuracy: 99}, /testAccuracy is 99, its last epoch's 11/],
    [{bestTestAccuracy: 12}, /bestTestAccuracy is 12, the best of its epochs 11/],
    [{epochs: [first]}, /1 epochs, where its spec asks for 2/],
    [{epochs: [last, first]}, /not numbered from 1/],
    [{epochs: [first, {...last, testImages: 2000}]}, /saw 2000 of 10000/],
    [{epochs: [{...first, testAccuracy: 10.123456}, last]}, /is no number of 10000 test images/],
    [{epochs: [{...first, trainAccuracy: 10.00001}, last]}, /is no number of 50000 training images/],
    [{weights: 11}, /weights are 11, its layers have 10/],
    [{kept: 3}, /kept are 3, its layers keep 2/],
    [{layers: [{...layer, kept: 12}]}, /keeps 12 of 10/],
    [{maskEntropyBytes: 1}, /maskEntropyBytes is 1/],
  ];
  for (const [change, message] of wrong) {
    const directory = mkdtempSync(join(tmpdir(), "multiprize-edited-"));
    writeFileSync(join(directory, "edited.jsonl"), `${JSON.stringify({...record, ...change})}\n`);
    assert.throws(
      () => loadRecords(directory),
      error =>
        error instanceof UserError && /contradicts itself/.test(error.message) && message.test(error.message),
      JSON.stringify(change),
    );
    rmSync(directory, {recursive: true});
  }
});
