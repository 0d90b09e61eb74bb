import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {dirname, join, normalize} from "node:path";
import {test} from "node:test";
import ts from "typescript";

const root = join(__dirname, "..");

/** Rooms that work without TensorFlow.js: in a page, in a package that reads tickets, in a command that only prints. */
const withoutTensorflow =
  "core plain network data ticket infer theory torch export report explorables drawings playground explorer system slurm widgets".split(
    " ",
  );

interface Import {
  /** A file of src, or a package's name. */
  readonly from: string;
  /** Gone once compiled. */
  readonly typesOnly: boolean;
}

const files = readdirSync(join(root, "src"), {recursive: true, encoding: "utf8"})
  .filter(name => name.endsWith(".ts"))
  .map(name => join("src", name));
const imports = new Map(files.map(file => [file, importsOf(file)]));

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest);
  return source.statements.flatMap(statement => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const named = statement.moduleSpecifier;
    if (named === undefined || !ts.isStringLiteral(named)) return [];
    const from = named.text.startsWith(".")
      ? `${normalize(join(dirname(file), named.text))}.ts`
      : named.text.replace(/^(@[^/]+\/[^/]+|[^/]+).*$/, "$1");
    return [{from, typesOnly: isTypesOnly(statement)}];
  });
}

function isTypesOnly(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) {
    const {isTypeOnly, exportClause} = statement;
    if (isTypeOnly || exportClause === undefined || !ts.isNamedExports(exportClause)) return isTypeOnly;
    return exportClause.elements.every(element => element.isTypeOnly);
  }
  const clause = statement.importClause;
  if (clause === undefined || clause.isTypeOnly) return clause !== undefined;
  const bindings = clause.namedBindings;
  if (clause.name !== undefined || bindings === undefined || !ts.isNamedImports(bindings)) return false;
  return bindings.elements.every(element => element.isTypeOnly);
}

function room(file: string): string {
  return file.split("/").length > 2 ? file.split("/")[1] : file;
}

/** The way from a file to TensorFlow.js along what is loaded when it runs, or undefined. */
function wayToTensorflow(start: string): string[] | undefined {
  const seen = new Set([start]);
  const ways = [[start]];
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const {from, typesOnly} of imports.get(way.at(-1)!) ?? []) {
      if (typesOnly || seen.has(from)) continue;
      if (from.startsWith("@tensorflow")) return [...way, from];
      seen.add(from);
      ways.push([...way, from]);
    }
  }
  return undefined;
}

test("every relative import leads to a file of src", () => {
  for (const [file, list] of imports)
    for (const {from} of list)
      assert.ok(!from.startsWith("src") || imports.has(from), `${file} imports ${from}, which is not there`);
});

for (const name of withoutTensorflow) {
  test(`src/${name} reaches no TensorFlow.js, directly or not`, () => {
    const own = files.filter(file => room(file) === name);
    assert.ok(own.length > 0, `no file in src/${name}`);
    assert.deepEqual(
      own.flatMap(file => wayToTensorflow(file)?.join(" → ") ?? []),
      [],
    );
  });
}

/** The package's doors that a reader of tickets, a page and a teacher take. */
for (const name of ["infer", "theory", "plain", "export"]) {
  test(`multiprize/${name} reaches no TensorFlow.js, directly or not`, () => {
    assert.equal(wayToTensorflow(join("src", "entries", `${name}.ts`))?.join(" → "), undefined);
  });
}

test("the command line describes every command without TensorFlow.js", () => {
  assert.equal(wayToTensorflow(join("src", "cli.ts"))?.join(" → "), undefined);
});

test("nothing outside src/entries imports an entry point", () => {
  const wrong = files
    .filter(file => room(file) !== "entries")
    .flatMap(file => (imports.get(file) ?? []).map(({from}) => [file, from]))
    .filter(([, from]) => room(from) === "entries" || from === "multiprize")
    .map(([file, from]) => `${file} imports ${from}`);
  assert.deepEqual(wrong, []);
});

test("commands speak through the one door that makes text printable", () => {
  const passing = files
    .filter(file => room(file) === "cli" || file === join("src", "cli.ts"))
    .filter(file => /process\.std(out|err)\.write|console\./.test(readFileSync(join(root, file), "utf8")));
  assert.deepEqual(passing, [join("src", "cli", "print.ts")]);
});

/** Their files are the package's own, or the kernel's. */
const ownFilesOnly = [
  ...["backend/native", "backend/nativeOperations", "backend/webgpu/packages", "infer/wasm/loadKernels"],
  ...["cli/missingPackage", "data/mnist", "experiments/records/provenance", "bench/memory"],
  ...["report/browser", "report/html", "explorables/frame/output", "panels/moduleText"],
].map(name => join("src", `${name}.ts`));

test("files that people name are read through the gate of src/system, which lets regular ones alone pass", () => {
  const reading = files
    .filter(file => room(file) !== "system" && !ownFilesOnly.includes(file))
    .filter(file => /\b(readFile(Sync)?|createReadStream)\b/.test(readFileSync(join(root, file), "utf8")));
  assert.deepEqual(reading, []);
});

test("no file of src has more than 250 lines", () => {
  const long = files
    .map(file => ({file, lines: readFileSync(join(root, file), "utf8").split("\n").length - 1}))
    .filter(({lines}) => lines > 250)
    .map(({file, lines}) => `${file}: ${lines}`);
  assert.deepEqual(long, []);
});

test("folders form no circle, not even of types", () => {
  const uses = new Map<string, Set<string>>();
  for (const [file, list] of imports) {
    const to = list.map(({from}) => room(from)).filter(other => other !== room(file));
    for (const other of to)
      if (imports.has(other) || files.some(each => room(each) === other)) {
        if (!uses.has(room(file))) uses.set(room(file), new Set());
        uses.get(room(file))!.add(other);
      }
  }
  const settled = new Set<string>();
  const visit = (at: string, way: readonly string[]): void => {
    assert.ok(!way.includes(at), `a circle of folders: ${[...way.slice(way.indexOf(at)), at].join(" → ")}`);
    if (settled.has(at)) return;
    for (const next of uses.get(at) ?? []) visit(next, [...way, at]);
    settled.add(at);
  };
  for (const start of uses.keys()) visit(start, []);
});
