import assert from "node:assert/strict";
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import fc from "fast-check";
import {UserError} from "../../src/core/errors";
import {type Checkpoint, checkpointPath, readCheckpoint, writeCheckpoint} from "../../src/search/checkpoint";

const folder = mkdtempSync(join(tmpdir(), "multiprize-checkpoint-"));
after(() => rmSync(folder, {recursive: true}));

const example: Checkpoint = {
  header: {spec: {arch: "digits"}, note: "γ and β"},
  arrays: new Map([
    ["conv1/scores", Float32Array.of(1, -0, Number.MIN_VALUE, 3.5)],
    ["empty", new Float32Array()],
    ["fc1/scores", Float32Array.of(Math.PI)],
  ]),
};

test("readCheckpoint gives back what writeCheckpoint wrote, bit for bit", () => {
  const arrays = fc.dictionary(fc.string(), fc.float32Array({maxLength: 40}));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), arrays, (header, values) => {
      const written = {header: JSON.parse(JSON.stringify(header)), arrays: new Map(Object.entries(values))};
      writeCheckpoint(folder, written);
      const read = readCheckpoint(folder);
      assert.deepEqual(read?.header, written.header);
      assert.deepEqual([...(read?.arrays ?? [])], [...written.arrays]);
    }),
    {numRuns: 50},
  );
});

test("a folder without a checkpoint gives undefined", () => {
  assert.equal(readCheckpoint(join(folder, "nothing here")), undefined);
});

test("a checkpoint cut off at any byte is refused", () => {
  writeCheckpoint(folder, example);
  const whole = readFileSync(checkpointPath(folder));
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(checkpointPath(folder), whole.subarray(0, length));
    assert.throws(() => readCheckpoint(folder), damaged, `cut to ${length} bytes`);
  }
});

test("a checkpoint with any one byte changed is refused", () => {
  writeCheckpoint(folder, example);
  const whole = readFileSync(checkpointPath(folder));
  for (let i = 0; i < whole.length; i++) {
    const changed = Buffer.from(whole);
    changed[i] ^= 0x41;
    writeFileSync(checkpointPath(folder), changed);
    assert.throws(() => readCheckpoint(folder), damaged, `byte ${i}`);
  }
});

test("a checkpoint replaces the one before it and leaves nothing else in the folder", () => {
  const own = join(folder, "own");
  writeCheckpoint(own, {header: {n: 1}, arrays: new Map()});
  writeCheckpoint(own, {header: {n: 2}, arrays: new Map()});
  assert.deepEqual(readCheckpoint(own)?.header, {n: 2});
  assert.deepEqual(readdirSync(own), ["checkpoint.bin"]);
});

test("a checkpoint that cannot be written is refused in one line that names the file", () => {
  const file = join(folder, "a file");
  writeFileSync(file, "");
  assert.throws(
    () => writeCheckpoint(join(file, "below"), example),
    (error: unknown) =>
      error instanceof UserError && /^cannot write the checkpoint .*a file/.test(error.message),
  );
});

function damaged(error: unknown): boolean {
  return (
    error instanceof UserError &&
    /is damaged|has version/.test(error.message) &&
    !error.message.includes("\n")
  );
}
