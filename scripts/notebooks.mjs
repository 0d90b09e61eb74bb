// npm run notebooks: execute notebooks/*.ipynb through the kernel and judge what comes out.
//   (nothing)    with small settings, files untouched: the test
//   --write      with their own settings, storing outputs
//   --tidy       store them in their one spelling, without executing
//   --html DIR   render the stored outputs as offline pages
// Names after that choose notebooks: `npm run notebooks -- --write 00-quickstart`.
import {existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {basename, join, resolve} from "node:path";
import {parseArgs} from "node:util";
import {execute, render} from "./notebooks/jupyter.mjs";
import {normalise, serialise} from "./notebooks/normalise.mjs";
import {committedProblems, outputProblems} from "./notebooks/problems.mjs";
import {root} from "./setup/facts.mjs";
import {Failure} from "./setup/log.mjs";
import {endChildren} from "./setup/run.mjs";
import {venvReady} from "./setup/venv.mjs";

const options = {write: {type: "boolean"}, tidy: {type: "boolean"}, html: {type: "string"}};
const {values, positionals} = parseArgs({options, allowPositionals: true});
const folder = join(root, "notebooks");

function chosen() {
  const all = readdirSync(folder)
    .filter(name => name.endsWith(".ipynb"))
    .sort();
  const stems = all.map(name => basename(name, ".ipynb"));
  const unknown = positionals.find(name => !stems.includes(name));
  if (unknown) throw new Failure(`no notebook "${unknown}"; there are ${stems.join(", ")}`);
  return all
    .filter((_, n) => positionals.length === 0 || positionals.includes(stems[n]))
    .map(name => join(folder, name));
}

const read = file => JSON.parse(readFileSync(file, "utf8"));

function store(file, notebook) {
  writeFileSync(`${file}.new`, serialise(normalise(notebook)));
  renameSync(`${file}.new`, file);
}

/** What the chosen option does with one notebook; returns its problems. */
async function handle(file, temporary) {
  const stored = read(file);
  if (values.tidy) {
    store(file, stored);
    return [];
  }
  if (values.html) {
    await render(file, resolve(values.html));
    return [];
  }
  if (values.write) {
    const executed = await execute(file, temporary);
    store(file, executed);
    return outputProblems(executed);
  }
  const executed = await execute(file, temporary, {MULTIPRIZE_PRESET: "smoke"});
  return [...outputProblems(executed), ...outputProblems(stored), ...committedProblems(stored, executed)];
}

async function main() {
  if (!values.tidy && !venvReady()) {
    const hint = "notebooks: skipped, there is no .venv (the set-up says why)";
    if (process.env.CI) throw new Failure(hint);
    console.log(hint);
    return;
  }
  const temporary = mkdtempSync(join(tmpdir(), "multiprize-notebooks-"));
  process.on("exit", () => rmSync(temporary, {recursive: true, force: true}));
  let failed = 0;
  for (const file of existsSync(folder) ? chosen() : []) {
    const started = performance.now();
    const problems = await handle(file, temporary).catch(error => [error.message]);
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`${basename(file, ".ipynb")}: ${problems.length === 0 ? "ok" : "FAILED"} (${seconds} s)`);
    for (const problem of problems) console.log(`  ${problem}`);
    failed += problems.length > 0 ? 1 : 0;
  }
  if (failed > 0) process.exitCode = 1;
}

for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    endChildren();
    process.exit(130);
  });

try {
  await main();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
