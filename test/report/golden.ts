import assert from "node:assert/strict";
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";

const folder = join(__dirname, "..", "output");

/**
 * Fails unless `text` equals test/output/<name>. A missing file is written, except under CI, where it is a failure;
 * a different text is saved beside it as <name>-changed, for the eye.
 */
export function assertGolden(name: string, text: string): void {
  const path = join(folder, name);
  const changed = path.replace(/(\.\w+)$/, "-changed$1");
  if (!existsSync(path)) {
    assert.ok(!process.env.CI, `test/output/${name} is missing: run the tests once without CI and commit it`);
    mkdirSync(folder, {recursive: true});
    writeFileSync(path, text);
    return;
  }
  const same = readFileSync(path, "utf8") === text;
  if (same) rmSync(changed, {force: true});
  else writeFileSync(changed, text);
  assert.ok(same, `the output differs from test/output/${name}: look at the -changed file beside it`);
}
