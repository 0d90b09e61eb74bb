import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import {hostname, tmpdir} from "node:os";
import {dirname, join, resolve} from "node:path";
import {after, test} from "node:test";
import {bindingKey, bindingWhole, elfWhole} from "../../scripts/setup/binding.mjs";
import {orphans, sourceStamp} from "../../scripts/setup/build.mjs";
import {cacheRoot} from "../../scripts/setup/facts.mjs";
import {link} from "../../scripts/setup/links.mjs";
import {locked} from "../../scripts/setup/lock.mjs";
import {begin, finish, isStale, removeMine, removeStale} from "../../scripts/setup/partial.mjs";
import {tensorflowWhole} from "../../scripts/setup/tensorflow.mjs";
import {venvStamp} from "../../scripts/setup/venv.mjs";

const scratch = mkdtempSync(join(tmpdir(), "multiprize-cache-test-"));
after(() => rmSync(scratch, {recursive: true}));
const fresh = name => {
  const path = join(scratch, name);
  mkdirSync(path);
  return path;
};

test("the cache is MULTIPRIZE_CACHE, else below an absolute XDG_CACHE_HOME, else below the home folder", () => {
  assert.equal(cacheRoot({MULTIPRIZE_CACHE: "a", XDG_CACHE_HOME: "/x"}, "/h"), resolve("a"));
  assert.equal(cacheRoot({XDG_CACHE_HOME: "/x"}, "/h"), join("/x", "multiprize"));
  assert.equal(cacheRoot({XDG_CACHE_HOME: "x"}, "/h"), join("/h", ".cache", "multiprize"));
  assert.equal(cacheRoot({}, "/h"), join("/h", ".cache", "multiprize"));
});

test("the binding's key depends on every input and on nothing else", () => {
  const inputs = {"a.cc": "int a;", tensorflow: "2.21.0", compiler: "g++ 12"};
  const key = bindingKey(inputs);
  assert.match(key, /^[0-9a-f]{16}$/);
  assert.equal(bindingKey({compiler: "g++ 12", tensorflow: "2.21.0", "a.cc": "int a;"}), key);
  for (const name of Object.keys(inputs)) assert.notEqual(bindingKey({...inputs, [name]: "other"}), key);
  assert.notEqual(bindingKey({a: "bc"}), bindingKey({ab: "c"}));
});

test("a leftover is stale when its process is dead, or when it is a day old", () => {
  const mine = ".partial-host-42-tensorflow";
  const minute = 60_000;
  const dead = () => false;
  const alive = () => true;
  assert.equal(isStale(mine, minute, "host", dead), true);
  assert.equal(isStale(mine, minute, "host", alive), false);
  assert.equal(isStale(mine, minute, "other", dead), false);
  assert.equal(isStale(mine, 25 * 60 * minute, "other", alive), true);
  assert.equal(isStale("tensorflow-cpu-2.21.0", 1e12, "host", dead), false);
});

test("removeStale takes dead leftovers only", () => {
  const folder = fresh("stale");
  const host = hostname().replace(/[^\w-]/g, "_");
  const dead = 2 ** 22 + 1;
  for (const name of [`.partial-${host}-${dead}-a`, `.partial-${host}-${process.pid}-a`, "wheels-1"])
    mkdirSync(join(folder, name));
  removeStale(folder);
  assert.deepEqual(readdirSync(folder).sort(), [`.partial-${host}-${process.pid}-a`, "wheels-1"].sort());
});

test("a partial folder takes its name when whole; a whole one that came first stays, a broken one goes", () => {
  const cache = fresh("partial");
  const target = join(cache, "thing");
  const isWhole = path => existsSync(join(path, "whole"));
  const make = text => {
    const partial = begin(cache, "thing");
    writeFileSync(join(partial, "whole"), "");
    writeFileSync(join(partial, text), "");
    return partial;
  };
  mkdirSync(target);
  finish(make("first"), target, isWhole);
  assert.deepEqual(readdirSync(target).sort(), ["first", "whole"]);
  finish(make("second"), target, isWhole);
  assert.deepEqual(readdirSync(target).sort(), ["first", "whole"]);
  make("third");
  removeMine();
  assert.deepEqual(readdirSync(cache), ["thing"]);
});

test("a library is whole when every listed file has its size", () => {
  const folder = fresh("library");
  assert.equal(tensorflowWhole(folder), false);
  writeFileSync(join(folder, "lib.so"), "1234");
  const header = "include/tsl/platform/platform.h";
  mkdirSync(join(folder, dirname(header)), {recursive: true});
  writeFileSync(join(folder, header), "");
  const list = contents => writeFileSync(join(folder, "contents.json"), JSON.stringify(contents));
  list({"lib.so": 4, [header]: 0});
  assert.equal(tensorflowWhole(folder), true);
  writeFileSync(join(folder, "lib.so"), "123");
  assert.equal(tensorflowWhole(folder), false);
  list({"lib.so": 3});
  assert.equal(tensorflowWhole(folder), false, "unpacked before the kernels' headers were");
});

test("link makes, keeps and replaces a link, also one that leads nowhere", () => {
  const path = join(fresh("links"), "deep", "link");
  for (const target of ["/nowhere", "/nowhere", "/elsewhere"]) {
    link(target, path);
    assert.equal(readlinkSync(path), target);
  }
});

test("the environment's stamp changes with requirements and folder", () => {
  assert.equal(venvStamp("a==1", "/x"), venvStamp("a==1", "/x"));
  assert.notEqual(venvStamp("a==2", "/x"), venvStamp("a==1", "/x"));
  assert.notEqual(venvStamp("a==1", "/y"), venvStamp("a==1", "/x"));
});

test("the sources' stamp ignores their order and notices time, size and compiler", () => {
  const stat = mtimeMs => () => ({mtimeMs, size: 1});
  const stamp = sourceStamp(["b", "a"], "5.9.3", stat(1));
  assert.equal(sourceStamp(["a", "b"], "5.9.3", stat(1)), stamp);
  assert.notEqual(sourceStamp(["a", "b"], "5.9.3", stat(2)), stamp);
  assert.notEqual(sourceStamp(["a"], "5.9.3", stat(1)), stamp);
  assert.notEqual(sourceStamp(["a", "b"], "6.0.0", stat(1)), stamp);
});

test("outputs without a source are orphans; Plotly and foreign files are not", () => {
  const outputs = ["a.js", "a.d.ts", "a.js.map", "gone.js", "gone.d.ts", "plotly.min.js", ".stamp"];
  assert.deepEqual(orphans(outputs, ["a.ts"]), ["gone.js", "gone.d.ts"]);
});

test("two holders of one lock never overlap", async () => {
  let inside = 0;
  const work = async () => {
    inside++;
    assert.equal(inside, process.platform === "linux" ? 1 : inside);
    await new Promise(resolve => setTimeout(resolve, 20));
    inside--;
  };
  const name = `test ${process.pid}`;
  await Promise.all([1, 2].map(() => locked(name, () => {}, work)));
});

test("a binding whose library was emptied, cut short, changed or taken away is not whole", {
  skip: process.platform !== "linux",
}, () => {
  const names = ["tfjs_binding.node", "kernels.node", "mute.node"];
  const make = (name, withDigests) => {
    const folder = fresh(name);
    for (const each of names) copyFileSync(process.execPath, join(folder, each));
    const digest = createHash("sha256").update(readFileSync(process.execPath)).digest("hex");
    const digests = Object.fromEntries(names.map(each => [each, digest]));
    writeFileSync(join(folder, "native.json"), JSON.stringify(withDigests ? {digests} : {}));
    return folder;
  };
  const whole = readFileSync(process.execPath);
  assert.ok(elfWhole(whole));
  for (const withDigests of [true, false]) {
    const folder = make(`binding-${withDigests}`, withDigests);
    assert.ok(bindingWhole(folder));
    for (const bytes of [Buffer.alloc(0), whole.subarray(0, whole.length >> 1), Buffer.alloc(whole.length)]) {
      writeFileSync(join(folder, "kernels.node"), bytes);
      assert.ok(!bindingWhole(folder), `${bytes.length} bytes`);
    }
    rmSync(join(folder, "kernels.node"));
    assert.ok(!bindingWhole(folder));
  }
});
