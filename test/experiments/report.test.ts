import assert from "node:assert/strict";
import {test} from "node:test";
import {cellsOf} from "../../src/experiments/define/experiment";
import {experimentNamed} from "../../src/experiments/define/experiments";
import {publishedRow} from "../../src/experiments/records/published";
import {aboutRows, seedsText} from "../../src/experiments/show/about";
import {accuracyFigure} from "../../src/experiments/show/accuracyFigure";
import {comparedRows} from "../../src/experiments/show/compared";
import {stepFigure} from "../../src/experiments/show/moveFigure";
import {reportCsv, reportHtml, reportLatex, reportMarkdown} from "../../src/experiments/show/report";
import {sizeFigure} from "../../src/experiments/show/sizeFigure";
import {figureTitle} from "../../src/report/html";
import {experiment, found} from "./madeUp";
import {someRecord} from "./someRecord";

test("where nothing is recorded, figure and report say so and name the command", async () => {
  const nothing = found.map(({cell}) => ({cell}));
  const command = /Nothing recorded yet: `npx multiprize run made-up`/;
  for (const draw of [accuracyFigure, sizeFigure, stepFigure]) {
    const figure = draw(experiment, nothing);
    assert.deepEqual(figure.data, []);
    assert.match(figureTitle(figure), command);
  }
  assert.match(reportMarkdown(experiment, nothing), command);
  const html = await reportHtml(experiment, nothing);
  assert.match(html, /<p>Made up\. Nothing recorded yet: <code>npx multiprize run made-up<\/code><\/p>/);
  assert.ok(!html.includes("data:image/svg+xml"));
  const paper = cellsOf(experiment, "paper").map(cell => ({cell}));
  assert.match(figureTitle(accuracyFigure(experiment, paper)), /run made-up --preset paper`/);
  assert.doesNotMatch(reportMarkdown(experiment, found), /Nothing recorded/);
});

test("a table has what was not run, ours beside the published with its source, in the order of curve and x", () => {
  const rows = comparedRows(found);
  assert.deepEqual(
    rows.map(row => [row.what, row.ours]),
    [
      ["Conv2, 0.1", "10.5 ± 0.7 (at chance)"],
      ["Conv2, 0.5", "41.0 ± 1.4"],
      ["Conv2 dense, 1", "60.0 ± 0.0"],
      ["Conv4, 0.5", "not run"],
    ],
  );
  assert.equal(rows[0].published, "70");
  assert.match(
    rows[0].source,
    /^MPT-1\/32 \(Diff.*, CIFAR-10, length not said, a whole number, .*: quoted by Signing the Supermask/,
  );
  assert.equal(rows[3].kept, 1_212_512);
});

test("a diverged run is told as such, and not drawn", () => {
  const [{cell}] = found;
  const {outcome: _, ...rest} = someRecord(cell.spec);
  const record = {...rest, outcome: "diverged", reason: "the loss became NaN"} as never;
  assert.equal(comparedRows([{cell, record}])[0].ours, "diverged");
  const figure = accuracyFigure(experiment, [{cell, record}]);
  assert.deepEqual(figure.data, []);
  assert.match(figureTitle(figure), /Every run so far has diverged/);
});

test("every published id of every experiment exists; the reference README's misprints are told", () => {
  const {settings} = experimentNamed("cifar10");
  for (const {published} of settings) [published ?? []].flat().forEach(publishedRow);
  const markdown = reportMarkdown(
    experimentNamed("cifar10"),
    cellsOf(experimentNamed("cifar10"), "laptop").map(cell => ({cell})),
  );
  assert.match(markdown, /prints 2\.6M kept weights; this network at 80 % pruned keeps 2,232,880/);
  assert.match(markdown, /\| VGG-Small MPT-1\/32 \| 95 \| 232,828 \| not run \|/);
});

test("where one cell has been published twice, each report has both numbers and says whose each is", () => {
  for (const name of ["depth", "depth-brisk"]) {
    const experiment = experimentNamed(name);
    const cells = cellsOf(experiment, "night").map(cell => ({cell}));
    const row = comparedRows(cells).find(({what}) => /^Conv2( brisk)? k 0\.1$/.test(what))!;
    assert.equal(row.published, "70; 70.1");
    assert.deepEqual(
      row.cited.map(({citation}) => citation.split(": ")[0]),
      [
        "MPT-1/32 (Diffenderfer & Kailkhura 2021), CIFAR-10, length not said, a whole number, probably read off a figure",
        "MPT-1/32 (biprop), run of Gorbett & Whitley, CIFAR-10, 250 epochs",
      ],
    );
    const [one, other] = [row.cited[0].citation, row.cited[1].citation];
    const markdown = reportMarkdown(experiment, cells);
    const [, first, second] = /\| 70 ([⁰-⁹¹²³]); 70\.1 ([⁰-⁹¹²³]) \|/.exec(markdown)!;
    for (const [mark, citation] of [
      [first, one],
      [second, other],
    ])
      assert.ok(markdown.includes(`\n${"⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(mark)}. ${citation}`), citation);
  }
});

test("a caption says of ours alone on what and how long it was measured, and the notes say it of the published", () => {
  const latex = reportLatex(experiment, found);
  assert.match(
    latex,
    /Ours: cifar10, 3 epochs, mean of 2 seeds; \$\\pm\$ is the standard deviation over seeds \(n \$-\$ 1\)\. Published: on what data and how long, the notes say\./,
  );
  assert.match(latex, /\n\\par.*\^\{1\}\$ MPT-1\/32 \(Diff.*, CIFAR-10, length not said/);
  assert.match(
    reportLatex({...experiment, title: "Which?"}, found),
    /caption\{Which\? Does it add up\? Pruned/,
  );
  const one = reportLatex(experiment, found.slice(0, 1));
  assert.match(one, /Ours: cifar10, 3 epochs, one seed, so no spread is known\.\}/);
});

test("no published number, mark or table stands beside digits, be they a preset's or a record's", async () => {
  const depth = experimentNamed("depth");
  const cifar = cellsOf(depth, "laptop").map(cell => ({cell, record: someRecord(cell.spec)}));
  const smoke = cellsOf(depth, "smoke").map(cell => ({cell, record: someRecord(cell.spec)}));
  const [digits, ofSmoke] = [cifar, smoke].map(some =>
    some.map(({cell, record}) => ({cell, record: {...record, data: {...record.data, name: "mnist"}}})),
  );
  for (const some of [digits, ofSmoke, smoke.map(({cell}) => ({cell}))]) {
    assert.ok(comparedRows(some).every(({published, source}) => published === "" && source === ""));
    assert.doesNotMatch(JSON.stringify(accuracyFigure(depth, some)), /Gorbett/);
    for (const text of [reportMarkdown(depth, some), reportLatex(depth, some), await reportHtml(depth, some)])
      assert.doesNotMatch(text, /published|CIFAR-10/i);
    const [keys, ...lines] = reportCsv(depth, some).split("\n");
    assert.match(keys, /,published,publishedMethod,publishedDataset,publishedEpochs,publishedSource$/);
    assert.ok(lines.every(line => line.endsWith(",,,,")));
  }
  assert.match(reportMarkdown(depth, cifar), /published \(%\)/);
  const tables = experimentNamed("cifar10");
  const small = cellsOf(tables, "smoke").map(cell => ({cell}));
  assert.doesNotMatch(reportMarkdown(tables, small), /Others, as published/);
});

test("a report says what its numbers are: networks, images, seeds and ±, what is varied and fixed, when and by what", () => {
  const about = new Map(aboutRows(found).map(({what, is}) => [what, is]));
  assert.equal(about.get("networks"), "Conv2, Conv4");
  assert.equal(about.get("seeds"), "1, 2: mean of 2 seeds; ± is the standard deviation over seeds (n − 1)");
  assert.match(about.get("varied")!, /^network conv2, conv4; method biprop, dense; k 0\.1, 0\.5, 1;/);
  assert.match(about.get("kept fixed")!, /gain mean-kept;.*batch size 128/);
  assert.doesNotMatch(about.get("kept fixed")!, /method/);
  assert.match(about.get("measured")!, /^6 runs, \d{4}-\d\d-\d\d$/);
  for (const what of ["images", "epochs", "commit", "machine"]) assert.ok(about.get(what), what);
  assert.equal(
    seedsText([3, 2, 0]),
    "mean over seeds, 2 to 3 of them; ± is the standard deviation over seeds (n − 1)",
  );
});

test("a CSV has a line a cell and quotes what needs it; a page holds figure and table", async () => {
  const lines = reportCsv(experiment, found).split("\n");
  assert.equal(lines.length, 1 + found.length);
  const [keys, first] = lines;
  assert.ok(first.startsWith('made-up,"Conv2, 0.5, seed 1",Conv2,0.5,'));
  assert.equal(keys.split(",").length, first.replace(/"[^"]*"/g, "").split(",").length);
  const html = await reportHtml(experiment, found);
  assert.ok(html.includes("<svg") || html.includes("data:image/svg+xml"));
  assert.ok(html.includes("10.5 ± 0.7 (at chance)"));
});
