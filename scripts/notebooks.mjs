// npm run notebooks: execute notebooks/*.ipynb through the kernel and judge what comes out.
import {existsSync, readdirSync, readFileSync, renameSync, writeFileSync} from "node:fs";
import {availableParallelism} from "node:os";
import {basename, join, resolve} from "node:path";
import {Command} from "commander";
import {completeFolder, exportNotebook} from "./notebooks/export.mjs";
import {openJupyter} from "./notebooks/jupyter.mjs";
import {normalise, serialise} from "./notebooks/normalise.mjs";
import {committedProblems, outputProblems} from "./notebooks/problems.mjs";
import {solutionProblems, withoutSolutions, withSolutions} from "./notebooks/solutions.mjs";
import {command} from "./setup/command.mjs";
import {root} from "./setup/facts.mjs";
import {Failure} from "./setup/log.mjs";
import {venvReady} from "./setup/venv.mjs";

const program = new Command("npm run notebooks --")
  .description(
    "Execute notebooks with small settings and judge what comes out, solutions of exercises too, files untouched; or do one of the options below.",
  )
  .argument("[names...]", "notebooks, by name or number [all]")
  .option("--write", "execute them with their own settings and store the outputs")
  .option("--tidy", "store them in their one spelling, without executing")
  .option(
    "--html <dir>",
    "render the stored outputs as offline pages that lie beside each other, with an index and the documents",
  )
  .addHelpText(
    "after",
    `
Examples:
  npm run notebooks -- --write 16 17
  npm run notebooks -- --html pages 20-turn-a-knob`,
  )
  .exitOverride(({exitCode}) => process.exit(exitCode === 0 ? 0 : 2))
  .parse();
const values = program.opts();
const names = program.args;
const folder = join(root, "notebooks");

function chosen() {
  const all = readdirSync(folder)
    .filter(name => name.endsWith(".ipynb"))
    .sort();
  const stems = all.map(name => basename(name, ".ipynb"));
  const isCalled = (stem, name) => stem === name || stem.startsWith(`${name}-`);
  const unknown = names.find(name => !stems.some(stem => isCalled(stem, name)));
  if (unknown) throw new Failure(`no notebook "${unknown}"; there are ${stems.join(", ")}`);
  return all
    .filter((_, n) => names.length === 0 || names.some(name => isCalled(stems[n], name)))
    .map(name => join(folder, name));
}

const stemsOf = files => files.map(file => basename(file, ".ipynb"));
const read = file => JSON.parse(readFileSync(file, "utf8"));

function store(file, notebook) {
  writeFileSync(`${file}.new`, serialise(normalise(notebook)));
  renameSync(`${file}.new`, file);
}

/** What the chosen option does with one notebook; returns its problems. */
async function handle(file, jupyter) {
  const stored = read(file);
  if (values.tidy) {
    store(file, stored);
    return [];
  }
  if (values.html) {
    await exportNotebook(jupyter, file, resolve(values.html), stemsOf(chosen()));
    return [];
  }
  if (values.write) {
    const executed = await jupyter.execute(file);
    store(file, executed);
    return outputProblems(executed);
  }
  const solved = await jupyter.execute(file, withSolutions(stored));
  const executed = withoutSolutions(solved);
  return [
    ...outputProblems(executed),
    ...solutionProblems(solved),
    ...outputProblems(stored),
    ...committedProblems(stored, executed),
  ];
}

async function main() {
  if (!values.tidy && !venvReady()) {
    const hint = "notebooks: skipped, there is no .venv (the set-up says why)";
    if (process.env.CI) throw new Failure(hint);
    console.log(hint);
    return;
  }
  const files = existsSync(folder) ? chosen() : [];
  let failed = 0;
  // What is stored may show times, so those notebooks have the machine to themselves.
  const together = values.write ? 1 : Math.min(availableParallelism(), 4);
  const env = values.write || values.html ? {} : {MULTIPRIZE_PRESET: "smoke"};
  const work = Array.from({length: Math.min(together, files.length)}, async () => {
    const jupyter = values.tidy ? undefined : openJupyter(env);
    for (let file = files.shift(); file; file = files.shift()) {
      const started = performance.now();
      const problems = await handle(file, jupyter).catch(error => [error.message]);
      const seconds = Math.round((performance.now() - started) / 1000);
      const verdict = problems.length === 0 ? "ok" : "FAILED";
      console.log([`${basename(file, ".ipynb")}: ${verdict} (${seconds} s)`, ...problems].join("\n  "));
      failed += problems.length > 0 ? 1 : 0;
    }
    jupyter?.close();
  });
  await Promise.all(work);
  if (values.html) {
    completeFolder(resolve(values.html), stemsOf(chosen()));
    console.log(`open ${join(resolve(values.html), "index.html")}`);
  }
  if (failed > 0) process.exitCode = 1;
}

await command(main);
