import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {after, test} from "node:test";
import {loadDataset} from "../src/data/load";
import {type Cell, cellsOf, distinct} from "../src/experiments/define/experiment";
import {experimentNamed} from "../src/experiments/define/experiments";
import type {PresetName} from "../src/experiments/define/preset";
import {placesOf} from "../src/experiments/records/places";
import {findRecords} from "../src/experiments/run/findRecords";
import {inferenceOf} from "../src/infer/inferenceOf";
import {inputOf} from "../src/infer/pictures/inputOf";
import {biprop} from "../src/plain/biprop";
import {wedgeToy} from "../src/plain/maskWalk";
import {readTicket} from "../src/ticket/file";

const root = join(__dirname, "..");
const pages = new Map(
  [
    "README.md",
    "data/tickets/README.md",
    ...readdirSync(join(root, "docs"))
      .filter(name => name.endsWith(".md"))
      .map(name => join("docs", name)),
  ].map(page => [page, readFileSync(join(root, page), "utf8")]),
);
/** The code of each example, by name. */
const examples = new Map(
  [...pages].flatMap(([page, text]) =>
    [...text.matchAll(/^```ts$/gm)].map(({index}): [string, string] => {
      const name = /<!-- example: (\w+) -->\n$/.exec(text.slice(0, index))?.[1];
      assert.ok(name, `${page} has an example without a name: ${text.slice(index, index + 80)}`);
      return [name, text.slice(index + "```ts\n".length, text.indexOf("\n```", index))];
    }),
  ),
);
const ran = new Set<string>();
/** Below the project, so that the package is found by its name. */
const folder = mkdtempSync(join(root, "dist", "readme-"));
after(() => rmSync(folder, {recursive: true}));

/** Runs the example of that name as a program of its own and gives what it printed. */
function run(name: string, changed: (code: string) => string = code => code): string {
  const shown = examples.get(name);
  assert.ok(shown, `no page has an example "${name}"`);
  ran.add(name);
  const code = changed(shown);
  const path = join(folder, `${name}.mts`);
  writeFileSync(path, code);
  const {status, stdout, stderr} = spawnSync(process.execPath, ["--import", "tsx", path], {
    cwd: root,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

test("the README's twenty lines are biprop: the losses of the plain algorithm", () => {
  const printed = run("biprop")
    .trim()
    .split("\n")
    .map(line => line.split(" ").map(Number));
  const options = {widths: [2, 32, 2], keepFraction: 0.5, seed: 1, steps: 100, learningRate: 0.1};
  const {losses} = biprop(wedgeToy({seed: 1}).data, options);
  assert.deepEqual(
    printed,
    [0, 50, 100].map(step => [step, losses[step]]),
  );
  assert.ok(losses[100] < losses[0]);
});

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

test("a picture is classified, by name and with a probability", () => {
  assert.match(run("classify"), /^(\d) [\d.]+ \[[\s\S]*name: '\1', label: \1, [\s\S]*\] written: \1\n$/);
});

test("an export is run by ONNX Runtime as shown, and gives the ticket's class, or its logits where there are colours", async () => {
  const [exported, own] = run("onnx").trim().split("\n");
  assert.match(own, /^\d$/);
  assert.equal(exported, own);
  const name = "conv4-relu-k0.2.mpt";
  const printed = run("onnx", code => {
    const other = code.replace("digits-sign-k0.2.mpt", name);
    assert.notEqual(other, code);
    return `${other}\nconsole.log(JSON.stringify([...values]));\n`;
  });
  const ticket = readTicket(join(root, "data", "tickets", name));
  const {test: pictures} = await loadDataset("mnist");
  const seen = await inputOf(ticket, pictures.images.slice(0, 32 * 32 * 3));
  const expected = (await inferenceOf(ticket)).logits(seen, 1);
  const logits = JSON.parse(printed.trim().split("\n")[2]) as number[];
  const largest = Math.max(...expected.map(Math.abs));
  assert.equal(logits.length, 10);
  for (const [i, value] of logits.entries()) assert.ok(Math.abs(value - expected[i]) < 1e-5 * largest);
});

test("a rule of the user's own is searched with", () => {
  assert.ok(Number(run("rule")) > 50);
});

test("the registry's page predicts from the package's own ticket, and searches at three shares kept", () => {
  assert.match(run("registryPredict"), /^\d [\d.]+\n$/);
  const rows = run("registryExperiment")
    .trim()
    .split("\n")
    .map(line => line.split(" ").map(Number));
  assert.deepEqual(
    rows.map(([share]) => share),
    [0.1, 0.2, 0.5],
  );
  assert.ok(
    rows.every(([, accuracy]) => accuracy > 20),
    String(rows),
  );
});

test("no page installs the package from a registry as long as it is private", () => {
  const {private: unpublished} = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    private?: boolean;
  };
  const named = [...pages].filter(([, text]) => /npm install[^\n]* multiprize\b/.test(text));
  assert.deepEqual(unpublished ? named.map(([page]) => page) : [], []);
});

test("every example of every page has run here", () => {
  assert.deepEqual([...ran].sort(), [...examples.keys()].sort());
});

test("every file that a page names is there, and every page is named in the README", () => {
  const named = (page: string, text: string): string[] => [
    ...[...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map(([, to]) => join(dirname(page), to)),
    ...[...text.matchAll(/`((?:src|test|kernels|docs|scripts|bin)\/[\w./-]+)`/g)].map(([, to]) => to),
  ];
  for (const [page, text] of pages)
    for (const file of named(page, text)) assert.ok(existsSync(join(root, file)), `${page} names ${file}`);
  const linked = new Set(named("README.md", pages.get("README.md")!));
  for (const page of pages.keys())
    assert.ok(
      page === "README.md" || !page.startsWith("docs") || linked.has(page),
      `the README has no ${page}`,
    );
});

test("the README is read in one sitting: at most 12 kB", () => {
  assert.ok(Buffer.byteLength(pages.get("README.md")!) <= 12_000);
});

test("the index of experiments says of each how much is recorded", () => {
  const rows = [
    ...pages
      .get("docs/experiments.md")!
      .matchAll(/^\|.*\| `\d\d-[^`]*` \| `run ([^`]*)` \|.*\| ([^|]*) \|$/gm),
  ];
  assert.ok(rows.length > 8, `${rows.length} rows`);
  const states = rows.map(([, command, state]) => {
    const counts = state.split("; ").filter(part => /^\w+: \d|^not run/.test(part));
    return `${command}: ${counts.join("; ")}`;
  });
  const expected = rows.map(([, command]) => {
    const [names, asked = "laptop"] = command.split(" --preset ") as [string, "paper"?];
    const cellsAt = (preset: PresetName): Cell[] =>
      distinct(names.split(" ").flatMap(name => cellsOf(experimentNamed(name), preset)));
    // Slim networks are the same at every preset, and count once.
    const own = new Set(cellsAt(asked).map(({id}) => id));
    const counts = ([asked, "night"] as const).flatMap(preset => {
      const cells = cellsAt(preset).filter(({id}) => preset === asked || !own.has(id));
      const recorded = findRecords(cells, placesOf(preset)).filter(({record}) => record).length;
      return recorded === 0 ? [] : [`${preset}: ${recorded} of ${cells.length} cells`];
    });
    return `${command}: ${counts.length === 0 ? "not run" : counts.join("; ")}`;
  });
  assert.deepEqual(states, expected);
});
