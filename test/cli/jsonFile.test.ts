import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {readJsonFile} from "../../src/cli/jsonFile";

const folder = mkdtempSync(join(tmpdir(), "multiprize-json-"));
after(() => rmSync(folder, {recursive: true}));

test("a key that a file says twice is refused: one of the two would be lost", () => {
  const file = join(folder, "twice.json");
  for (const [text, key] of [
    ['{"title": "T", "grid": {"seed": [0], "seed": [1]}}', "seed"],
    ['{"a": [{"b": "}{\\",\\""}, {"b": 1, "\\u0062": 2}]}', "b"],
    ['{"": 1, "": 2}', ""],
  ]) {
    writeFileSync(file, text);
    assert.throws(() => readJsonFile(file), {
      name: "UserError",
      message: `${file} says "${key}" twice in one object: leave one of them out`,
    });
  }
  const once = {a: {a: [{a: 1}, {a: 2}, "a", "a"]}, b: 'a":', c: "a"};
  writeFileSync(file, JSON.stringify(once));
  assert.deepEqual(readJsonFile(file), once);
});
