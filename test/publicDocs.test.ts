import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {readdirSync} from "node:fs";
import {join, relative} from "node:path";
import {test} from "node:test";
import ts from "typescript";

const root = join(__dirname, "..");
const entries = readdirSync(join(root, "src", "entries"))
  .filter(name => name.endsWith(".ts"))
  .map(name => join(root, "src", "entries", name));
const program = ts.createProgram(entries, {module: ts.ModuleKind.CommonJS, skipLibCheck: true});
const checker = program.getTypeChecker();

interface PublicFunction {
  readonly name: string;
  readonly summary: string;
  readonly declaration: ts.FunctionDeclaration;
}

const functions = [...new Set(entries.flatMap(exportsOf))].flatMap((symbol): PublicFunction[] =>
  (symbol.declarations ?? []).filter(ts.isFunctionDeclaration).map(declaration => ({
    name: `${relative(root, declaration.getSourceFile().fileName)}: ${symbol.name}`,
    summary: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    declaration,
  })),
);

function exportsOf(entry: string): ts.Symbol[] {
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry)!)!;
  return checker
    .getExportsOfModule(module)
    .map(symbol => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol));
}

/** Names of the errors that a function's own body throws. */
function thrown({declaration}: PublicFunction): string[] {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isThrowStatement(node) && ts.isNewExpression(node.expression))
      names.add(node.expression.expression.getText());
    ts.forEachChild(node, visit);
  };
  if (declaration.body) visit(declaration.body);
  return [...names];
}

test("every public function says in a line what it does", () => {
  assert.ok(functions.length > 200, `${functions.length} functions`);
  assert.deepEqual(
    functions.filter(({summary}) => summary === "").map(({name}) => name),
    [],
  );
});

test("a public function that throws names the error, or says what it refuses", () => {
  const throwing = functions.filter(each => thrown(each).length > 0);
  assert.ok(throwing.length > 30, `${throwing.length} functions that throw`);
  assert.deepEqual(
    throwing.flatMap(each => {
      const missing = thrown(each).filter(error => !each.summary.includes(error));
      return missing.length === 0 || /refus|throws/i.test(each.summary)
        ? []
        : `${each.name}: ${missing.join(", ")}`;
    }),
    [],
  );
});

test("the API reference is written without a warning: whatever it names is in it", () => {
  const typedoc = join(root, "node_modules", "typedoc", "bin", "typedoc");
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    [typedoc, "--emit", "none", "--skipErrorChecking", "--logLevel", "Warn"],
    {cwd: root, encoding: "utf8"},
  );
  assert.equal(status, 0, stdout + stderr);
});
