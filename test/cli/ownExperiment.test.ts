import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";
import {chosenCells, chosenExperiments, placesFor} from "../../src/cli/experimentOptions";
import {ownExperiment} from "../../src/experiments/define/ownExperiment";
import {loadRecords} from "../../src/experiments/records/store";
import {searchSpec} from "../../src/search/defaults";

const root = join(__dirname, "..", "..");
const bin = join(root, "bin", "multiprize.js");
const folder = mkdtempSync(join(tmpdir(), "multiprize-own-"));
after(() => rmSync(folder, {recursive: true}));

/** The JSON that a page shows below a line that names it. */
function shownIn(page: string, name: string): string {
  const text = readFileSync(join(root, "docs", page), "utf8");
  const [, json] = new RegExp(`<!-- file: ${name} -->\\n\`\`\`json\\n([\\s\\S]*?)\\n\`\`\``).exec(text) ?? [];
  assert.ok(json, `docs/${page} shows no ${name}`);
  return json;
}

function multiprize(...args: string[]): {status: number | null; stdout: string; stderr: string} {
  return spawnSync(process.execPath, [bin, ...args], {cwd: folder, encoding: "utf8"});
}

test("the page's file is run in two goes, told of and drawn, with its records beside it and without touching the source", async () => {
  writeFileSync(join(folder, "width.json"), shownIn("experiments.md", "width.json"));
  const run = (...more: string[]): ReturnType<typeof multiprize> =>
    multiprize("run", "--spec", "width.json", "--no-estimate", ...more);
  const part = run("--shard", "1/2", "--json");
  assert.equal(part.status, 0, part.stderr);
  assert.match(
    run().stdout,
    /^8 cells, 4 of them recorded already; 4 to run\n[\s\S]*4 run now, 4 recorded before\n$/,
  );
  assert.equal(loadRecords(join(folder, "results")).records.length, 8);
  const states = JSON.parse(multiprize("status", "--spec", "width.json", "--json").stdout) as object[];
  assert.equal(states.filter(each => "state" in each && each.state === "recorded").length, 8);
  multiprize("report", "--spec", "width.json", "--format", "html", "--out", "width.html");
  const html = readFileSync(join(folder, "width.html"), "utf8");
  for (const part of [
    "<title>How wide must a network of digits be?</title>",
    "<h1>How wide must a network of digits be?</h1>",
    "<svg",
    "width 0.1, k 0.5",
  ])
    assert.ok(html.includes(part), part);
  assert.ok(!html.includes('<th style="text-align:right">published'), "beside nothing published");
});

test("the page's cell at a budget between the presets is that one search of CIFAR-10", () => {
  const {settings} = ownExperiment(
    JSON.parse(shownIn("experiments.md", "middle.json")),
    "middle.json",
    "middle",
  );
  assert.equal(settings.length, 1);
  const [{given, dataset}] = settings;
  const beside = {keepFraction: 0.2, epochs: 10, interimTestImages: 2000};
  assert.deepEqual([given, dataset], [searchSpec({arch: "conv2", ...beside}), "cifar10"]);
});

test("a file stands in place of names and presets, and its mistakes are told in its own words", () => {
  writeFileSync(join(folder, "bad.json"), '{"title": "T", "grid": {"arch": ["conv2"], "keepFraction": [7]}}');
  assert.equal(
    multiprize("run", "--spec", "bad.json").stderr,
    "multiprize: bad.json: keepFraction must be a share above 0 and at most 1, got 7\n",
  );
  const spec = join(folder, "width.json");
  assert.throws(() => chosenExperiments(["depth"], {spec}), /stands in place of names: leave depth out/);
  assert.throws(() => chosenExperiments([], {spec, preset: "smoke"}), /says its own size/);
  const [experiment] = chosenExperiments([], {spec});
  assert.throws(
    () => chosenCells([experiment], {spec, only: ["width 3"]}),
    /--only "width 3" fits no cell of width;/,
  );
  assert.deepEqual(placesFor({spec}), {results: join(folder, "results"), runs: join(folder, "runs")});
});
