import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {cpSync, mkdirSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {root} from "../../scripts/setup/facts.mjs";

// A clone before `npm ci`: what git holds and doctor needs, nothing else.
const bare = mkdtempSync(join(tmpdir(), "multiprize-doctor-test-"));
after(() => rmSync(bare, {recursive: true}));
for (const name of ["bin", "scripts", "package.json", "package-lock.json", "requirements.txt"])
  cpSync(join(root, name), join(bare, name), {recursive: true});
mkdirSync(join(bare, "src"));

const multiprize = (args, env = process.env) =>
  spawnSync(process.execPath, [join(bare, "bin", "multiprize.js"), ...args], {
    encoding: "utf8",
    cwd: bare,
    env,
  });

test("doctor before npm ci says that the packages are missing and what to do, and exits with 1", () => {
  const {status, stdout, stderr} = multiprize(["doctor"]);
  assert.equal(stderr, "");
  assert.equal(status, 1);
  assert.match(stdout, /missing\s+the npm packages are not installed/);
  assert.match(stdout, /Not ready. Next: npm ci && npm start/);
});

test("doctor without anything on PATH names Python and g++ as missing", () => {
  const {stdout} = multiprize(["doctor"], {PATH: "", HOME: bare});
  assert.match(stdout, /missing\s+Python is not installed/);
  assert.match(stdout, /missing\s+no C\+\+ compiler/);
  assert.match(stdout, /apt install g\+\+/);
});

test("doctor --json is one object that agrees with the exit status", () => {
  const {status, stdout} = multiprize(["doctor", "--json"]);
  const {ready, groups} = JSON.parse(stdout);
  assert.equal(ready, status === 0);
  const items = groups.flatMap(group => group.items);
  assert.ok(items.every(({id, state, text}) => id && ["ok", "missing", "note"].includes(state) && text));
  assert.equal(items.find(({id}) => id === "node").state, "ok");
});

test("doctor refuses a flag it does not know", () => {
  const {status, stderr} = multiprize(["doctor", "--verbose"]);
  assert.equal(status, 2);
  assert.match(stderr, /knows no "--verbose"; valid: --json/);
});

test("any other command before the set-up is one clear line and exit status 2", () => {
  const {status, stderr} = multiprize(["search"]);
  assert.equal(status, 2);
  assert.equal(stderr.trim().split("\n").length, 1);
  assert.match(stderr, /npm run setup/);
});
