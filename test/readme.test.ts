import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {after, test} from "node:test";
import {cellsOf, distinct} from "../src/experiments/define/experiment";
import {experimentNamed} from "../src/experiments/define/experiments";
import {placesOf} from "../src/experiments/records/places";
import {findRecords} from "../src/experiments/run/findRecords";

const root = join(__dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
/** Below the project, so that the package is found by its name. */
const folder = mkdtempSync(join(root, "dist", "readme-"));
after(() => rmSync(folder, {recursive: true}));

/** Runs the example of that name as a program of its own and gives what it printed. */
function run(name: string, text = readme): string {
  const code = new RegExp(`<!-- example: ${name} -->\\n\`\`\`ts\\n([^]*?)\`\`\``).exec(text)?.[1];
  assert.ok(code, `there is no example "${name}"`);
  const path = join(folder, `${name}.mts`);
  writeFileSync(path, code);
  const {status, stdout, stderr} = spawnSync(process.execPath, ["--import", "tsx", path], {
    cwd: root,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

test("the README's search finds a ticket and prints its layers", () => {
  const [accuracy, ...layers] = run("search").split("\n");
  assert.ok(Number(accuracy) > 80, accuracy);
  assert.ok(["conv1", "conv2", "fc1", "fc2"].every(name => layers.some(line => line.startsWith(`${name} `))));
});

test("the README's masked layers train in a sequential model of the user's own", () => {
  const [, loss, accuracy] = /\[([^\]]*)\] \[([^\]]*)\]/.exec(run("layers")) ?? [];
  const losses = loss.split(",").map(Number);
  assert.ok(losses[2] < 0.7 * losses[0], loss);
  assert.ok(Number(accuracy.split(",")[2]) > 0.7, accuracy);
});

test("the README's neuron is found within its bound", () => {
  const [sizes, values, chance] = run("theory")
    .split("\n")
    .map(line => line.split(" ").map(Number));
  assert.deepEqual(sizes.slice(0, 2), [30, 301]);
  assert.ok(Math.abs(values[0] - values[1]) <= sizes[2]);
  assert.equal(chance[0], 301);
  assert.ok(chance[1] > 0.96 && chance[1] < 0.97);
});

test("the README's ticket goes through a file, and predicts without TensorFlow", () => {
  const [bytes, ...printed] = run("ticket").split("\n");
  assert.ok(Number(bytes) > 70_000 && Number(bytes) < 80_000, bytes);
  assert.match(printed.join(" "), /conv1 0\.\d+ (-?[01],){8}-?[01].*\[ null, 10 \]/);
  assert.match(run("inference"), /^\d \d 0\.\d+\n$|^\d \d 1\n$/);
});

test("the docs' picture is classified, by name and with a probability", () => {
  const docs = readFileSync(join(root, "docs", "predictions.md"), "utf8");
  assert.match(
    run("classify", docs),
    /^(\d) [\d.]+ \[[\s\S]*name: '\1', label: \1, [\s\S]*\] written: \1\n$/,
  );
});

test("the README's index of experiments says of each how much is recorded", () => {
  const rows = [...readme.matchAll(/^\|.*\| `\d\d-[^`]*` \| `run ([^`]*)` \|.*\| ([^|]*) \|$/gm)];
  assert.ok(rows.length > 8, `${rows.length} rows`);
  const states = rows.map(([, command, state]) => `${command}: ${state.split(";")[0]}`);
  const expected = rows.map(([, command]) => {
    const [names, preset = "laptop"] = command.split(" --preset ") as [string, "paper"?];
    const cells = distinct(names.split(" ").flatMap(name => cellsOf(experimentNamed(name), preset)));
    const recorded = findRecords(cells, placesOf(preset)).filter(({record}) => record).length;
    return `${command}: ${recorded === 0 ? "not run" : `${preset}: ${recorded} of ${cells.length} cells`}`;
  });
  assert.deepEqual(states, expected);
});
