// npm test: everything that must hold before a change is taken, in stages that each say what they are.
// `npm test -- types tests` runs only those stages (after the set-up).
import {spawnSync} from "node:child_process";
import {readdirSync} from "node:fs";
import {availableParallelism} from "node:os";
import {join, relative} from "node:path";
import {paths, root} from "./setup/facts.mjs";
import {bold, green, red} from "./setup/log.mjs";

const testFiles = () =>
  readdirSync(join(root, "test"), {recursive: true})
    .filter(name => /\.test\.(ts|mjs)$/.test(name))
    .sort()
    .map(name => join("test", name));

const typesInfo = relative(root, join(paths.dist, ".test.tsbuildinfo"));
const node = (...args) => [process.execPath, ...args];
const tool = (...path) => join("node_modules", ...path);

const stages = {
  "set-up": () => node("scripts/setup.mjs"),
  lint: () => node(tool("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings", "."),
  types: () =>
    node(
      tool("typescript", "bin", "tsc"),
      "-p",
      "test",
      "--noEmit",
      "--incremental",
      "--tsBuildInfoFile",
      typesInfo,
    ),
  // Node keeps a core free for itself, which on two cores is one file at a time; most of these files wait much.
  tests: () =>
    node(
      ...["--import", "tsx", "--test", "--test-reporter=spec"],
      `--test-concurrency=${Math.max(2, availableParallelism())}`,
      ...testFiles(),
    ),
  notebooks: () => node("scripts/notebooks.mjs"),
};

const asked = process.argv.slice(2);
const unknown = asked.find(name => !(name in stages));
if (unknown) {
  console.error(`no stage "${unknown}"; valid: ${Object.keys(stages).join(", ")}`);
  process.exit(2);
}

const results = [];
for (const [name, command] of Object.entries(stages)) {
  if (asked.length > 0 && name !== "set-up" && !asked.includes(name)) continue;
  console.log(bold(`\n== ${name} ==`));
  const started = performance.now();
  const [program, ...args] = command();
  const {status, signal, error} = spawnSync(program, args, {cwd: root, stdio: "inherit"});
  if (error) console.error(error.message);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  results.push({name, ok: status === 0, seconds});
  if (signal || (name === "set-up" && status !== 0)) break;
}

console.log(bold("\n== summary =="));
for (const {name, ok, seconds} of results)
  console.log(`${ok ? green("ok    ") : red("FAILED")} ${name} (${seconds} s)`);
const failed = results.filter(({ok}) => !ok).map(({name}) => name);
if (failed.length > 0) {
  console.error(red(`npm test failed: ${failed.join(", ")}`));
  process.exitCode = 1;
}
