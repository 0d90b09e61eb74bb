import assert from "node:assert/strict";
import {existsSync, mkdtempSync, rmSync, statSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {makeFolder} from "../../src/system/folder";

const folder = mkdtempSync(join(tmpdir(), "multiprize-folder-"));
after(() => rmSync(folder, {recursive: true}));

test("a folder is made with those above it, and may be there already", () => {
  const path = join(folder, "a", "b", "c");
  makeFolder(path);
  makeFolder(path);
  assert.ok(statSync(path).isDirectory());
});

test("a file in the way is refused", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  assert.throws(() => makeFolder(file), {code: "EEXIST"});
  assert.throws(() => makeFolder(join(file, "below")), {code: "ENOTDIR"});
});

test("a folder that nothing can be made in is refused at once", {skip: !existsSync("/proc/self")}, () => {
  assert.throws(() => makeFolder("/proc/nothing/here"), {code: "ENOENT"});
});
