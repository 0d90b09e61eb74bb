import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {join} from "node:path";
import {test} from "node:test";
import ts from "typescript";

const root = join(__dirname, "..");
const entries = [
  "multiprize",
  "multiprize/infer",
  "multiprize/theory",
  "multiprize/experiments",
  "multiprize/plain",
  "multiprize/export",
];
const light = ["multiprize/infer", "multiprize/theory", "multiprize/plain", "multiprize/export"];
/** Any file below the package finds it by its name. */
const reader = join(root, "notebooks", "reader.ts");

function run(...args: string[]): string {
  const {status, stdout, stderr} = spawnSync(process.execPath, args, {cwd: root, encoding: "utf8"});
  assert.equal(status, 0, stderr);
  return stdout;
}

/** What all compilers share of `resolveModuleName`; the notebooks' kernel brings an older one. */
type Compiler = Pick<typeof ts, "resolveModuleName" | "sys" | "version">;
const compilers: [string, Compiler, ts.CompilerOptions][] = [
  ["the notebooks' compiler", require("@tslab/typescript-for-tslab"), {moduleResolution: 2}],
  ["Node10", ts, {moduleResolution: ts.ModuleResolutionKind.Node10}],
  ["Node16", ts, {module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16}],
  ["a bundler", ts, {moduleResolution: ts.ModuleResolutionKind.Bundler}],
];

for (const [name, compiler, options] of compilers) {
  test(`${name} finds the types of every entry`, () => {
    for (const entry of entries) {
      const {resolvedModule} = compiler.resolveModuleName(entry, reader, options, compiler.sys);
      const file = entry.split("/")[1] ?? "index";
      assert.equal(resolvedModule?.resolvedFileName, join(root, "dist", "entries", `${file}.d.ts`), entry);
    }
  });
}

test("the entries without TensorFlow.js pass the compiler's check of all types they name", () => {
  const text = light.map((entry, i) => `import * as e${i} from "${entry}"; console.log(e${i});`).join("\n");
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
    types: [],
    strict: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (file, ...rest) =>
    file === reader ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2022) : read(file, ...rest);
  host.fileExists = file => file === reader || ts.sys.fileExists(file);
  const problems = ts.getPreEmitDiagnostics(ts.createProgram([reader], options, host));
  assert.deepEqual(
    problems.map(
      ({messageText, file}) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    ),
    [],
  );
});

test("required and imported, an entry gives the same names; three of them load no TensorFlow.js", () => {
  for (const entry of entries) {
    const required = `console.log(JSON.stringify([Object.keys(require("${entry}")).sort(),
      Object.keys(require.cache).filter(file => file.includes("@tensorflow")).length]))`;
    const imported = `import * as e from "${entry}"; const skip = ["default", "module.exports", "__esModule"];
      console.log(JSON.stringify(Object.keys(e).filter(name => !skip.includes(name)).sort()))`;
    const [names, loaded] = JSON.parse(run("-e", required)) as [string[], number];
    assert.ok(names.length > (entry.endsWith("/export") ? 3 : 10), entry);
    assert.deepEqual(JSON.parse(run("--input-type=module", "-e", imported)), names);
    assert.equal(loaded > 0, !light.includes(entry), `${entry}: ${loaded} files of TensorFlow.js`);
  }
});

test("a name has one door, but for what reads tickets and predicts", () => {
  const list = `console.log(JSON.stringify(${JSON.stringify(entries)}.map(entry => Object.keys(require(entry)))))`;
  const [everyday, infer, ...others] = JSON.parse(run("-e", list)) as string[][];
  assert.ok(infer.every(name => everyday.includes(name)));
  const all = [...everyday, ...others.flat()];
  assert.deepEqual(
    all.filter((name, i) => all.indexOf(name) !== i && !infer.includes(name)),
    [],
  );
  const general = "activations argmax choose colour entropy margins prune replay subset tiles".split(" ");
  assert.deepEqual(
    general.filter(name => everyday.includes(name)),
    [],
  );
});
