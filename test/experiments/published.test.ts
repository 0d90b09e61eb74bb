import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {UserError} from "../../src/core/errors";
import {publishedRow, publishedRows, publishedText} from "../../src/experiments/records/published";
import {otherRows} from "../../src/experiments/show/compared";

const folder = mkdtempSync(join(tmpdir(), "multiprize-published-"));
after(() => rmSync(folder, {recursive: true}));

let written = 0;
function rowsIn(value: unknown): unknown {
  const path = join(folder, `${written++}.json`);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return publishedRows(() => true, {recalled: true, path});
}

const [row] = publishedRows();

test("the committed numbers are whole, and a sound row reads back as it is", () => {
  assert.ok(publishedRows(() => true, {recalled: true}).length > 300);
  assert.deepEqual(rowsIn([row]), [row]);
});

test("numbers that were edited into nonsense are refused with their row and field, in one line", () => {
  const {top1: _, ...lacking} = row;
  for (const [value, message] of [
    ["[1", /^cannot read the published numbers, .*JSON/],
    [{}, /it must be a list of rows$/],
    [[null], /row 1: it must be object$/],
    [[row, lacking], new RegExp(`row 2 \\("${row.id}"\\): it must have required property 'top1'$`)],
    [[{...row, top1: "94.8"}], /top1 must be number$/],
    [[{...row, top1: 948}], /top1 must be <= 100$/],
    [[{...row, confidence: "sure"}], /confidence must be equal to one of the allowed values$/],
    [[{...row, epoch: 3}], /it must NOT have additional properties: "epoch"$/],
    [[{...row, source: {...row.source, title: null}}], /source\.title must be string$/],
    [[row, row], /row 2 .*: another row has this id$/],
  ] as const)
    assert.throws(
      () => rowsIn(value),
      (error: Error) =>
        error instanceof UserError && message.test(error.message) && !error.message.includes("\n"),
      String(message),
    );
});

test("published numbers: recalled ones are left out unless asked for and marked, derived ones named", () => {
  assert.ok(publishedRows().every(row => row.confidence !== "recalled"));
  const recalled = publishedRows(row => row.confidence === "recalled", {recalled: true});
  assert.ok(recalled.length > 20 && recalled.every(row => publishedText(row).endsWith(" †")));
  assert.equal(publishedText(publishedRow("fp-abs-c10")), "93.02 ‡");
  const ids = publishedRows(() => true, {recalled: true}).map(row => row.id);
  assert.equal(new Set(ids).size, ids.length);
  const others = otherRows(row => row.dataset === "ImageNet");
  assert.ok(others.every(row => row.accuracy.includes("†") === row.source.includes("recalled")));
});
