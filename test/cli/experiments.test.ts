import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {test} from "node:test";

const bin = join(__dirname, "..", "..", "bin", "multiprize.js");

function multiprize(...args: string[]): {status: number | null; stdout: string; stderr: string} {
  return spawnSync(process.execPath, [bin, ...args], {encoding: "utf8"});
}

test("a wrong experiment, preset, shard or choice of cells gets one line that says what is valid", () => {
  const wrong: [string[], RegExp][] = [
    [["run", "deepness"], /unknown experiment "deepness"; choose overview, depth/],
    [["run"], /name an experiment; run --list shows them/],
    [["run", "depth", "--preset", "desktop"], /Allowed choices are smoke, laptop, night, paper/],
    [["run", "depth", "--shard", "3/2"], /such as 2\/3/],
    [["run", "depth", "--only", ""], /--only <words>.*It must be words of a label/],
    [["run", "depth", "--only", "conv3"], /fits no cell of depth; labels are like "Conv2 k 0\.2"/],
    [["status", "deepness"], /unknown experiment/],
    [
      ["report", "depth", "--out", "depth.pdf"],
      /^multiprize: depth\.pdf has an ending of no report: let it end in \.md, \.html, \.htm, \.csv or \.tex, or name a --format$/m,
    ],
    [["report", "--paper", "--out", "paper.docx"], /paper\.docx has an ending of no report/],
    [["report", "depth", "--format", "pdf"], /Allowed choices are markdown, html, csv/],
  ];
  for (const [args, message] of wrong) {
    const {status, stderr} = multiprize(...args);
    assert.equal(status, 2, args.join(" "));
    assert.match(stderr, message, args.join(" "));
    assert.equal(stderr.trim().split("\n").length, 1, stderr);
  }
});

test("status and report are documents for scripts too", () => {
  const rows = JSON.parse(multiprize("status", "stability", "--json").stdout) as {
    id: string;
    state: string;
  }[];
  assert.ok(rows.length > 5 && rows.every(row => /^[0-9a-f]{12}$/.test(row.id)));
  const [head, ...lines] = multiprize("report", "stability", "--format", "csv").stdout.trim().split("\n");
  assert.match(head, /^experiment,label,curve,x,/);
  assert.equal(lines.length, 10);
});

test("report --paper has the paper's items and below them its claims, in Markdown and as a page", () => {
  const markdown = multiprize("report", "--paper").stdout;
  const page = multiprize("report", "--paper", "--format", "html").stdout;
  for (const [text, item, claim] of [
    [markdown, /^\| learned batch norm \(\+BN\) \|/m, /^\| MPT-1\/32 on CIFAR-10: 94\.8.* \|/m],
    [page, /<td[^>]*>learned batch norm \(\+BN\)<\/td>/, /<td[^>]*>MPT-1\/32 on CIFAR-10: 94\.8/],
  ] as const) {
    const [at, known, below] = [
      text.search(item),
      text.search(/Known: seen is what .*; second hand/),
      text.search(claim),
    ];
    assert.ok(at >= 0 && known > at && below > known, text.slice(0, 300));
  }
});

test("report tells of a record that was cut off, and replaces its file as a whole", () => {
  const place = mkdtempSync(join(tmpdir(), "multiprize-torn-"));
  writeFileSync(join(place, "some.jsonl"), '{"format":1,"specId":"0123');
  const out = join(place, "report.md");
  writeFileSync(out, "the one before");
  const before = statSync(out).ino;
  const {status, stderr} = multiprize("report", "stability", "--results", place, "--out", out);
  assert.equal(status, 0);
  assert.match(stderr, /^Note: .*some.jsonl line 1 was cut off while it was written/);
  assert.match(readFileSync(out, "utf8"), /^## /);
  assert.notEqual(statSync(out).ino, before, "a new file in the old one's place");
  rmSync(place, {recursive: true});
});

test("the ending of a report's file says its format, unless --format does", () => {
  const place = mkdtempSync(join(tmpdir(), "multiprize-endings-"));
  const begin = (name: string, ...more: string[]): string => {
    const out = join(place, name);
    const {status, stdout} = multiprize("report", "stability", "--results", place, "--out", out, ...more);
    assert.equal(status, 0);
    const text = readFileSync(out, "utf8");
    const bytes = statSync(out).size.toLocaleString("en");
    assert.match(stdout, new RegExp(`^${out}: (a page|LaTeX|CSV|Markdown), ${bytes} bytes\n$`));
    return text;
  };
  assert.match(begin("a.html"), /^<!doctype html>/i);
  assert.match(begin("a.TEX"), /\\begin\{(table|longtable)\}/);
  assert.match(begin("a.csv"), /^[\w"]+,/);
  assert.match(begin("a"), /^## /);
  assert.match(begin("b.html", "--format", "markdown"), /^## /);
  rmSync(place, {recursive: true});
});

test("a data set that is not there is said before anything is timed, and is not missed where every cell is recorded", () => {
  const place = mkdtempSync(join(tmpdir(), "multiprize-no-data-"));
  const recorded = multiprize("run", "depth", "--only", "conv2 0.2", "--data-dir", place);
  assert.equal(recorded.status, 0, recorded.stderr);
  assert.match(recorded.stdout, /1 of them recorded already; 0 to run/);
  const spec = join(place, "own.json");
  writeFileSync(spec, '{"title": "own", "specs": [{"arch": "conv2", "dataset": "cifar10"}]}');
  const {status, stdout, stderr} = multiprize("run", "--spec", spec, "--data-dir", place);
  assert.equal(status, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /^multiprize: CIFAR-10 not found: .*download cifar10/m);
  assert.doesNotMatch(stderr, /timing|a step of/i);
  rmSync(place, {recursive: true});
});
