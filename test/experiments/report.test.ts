import assert from "node:assert/strict";
import {test} from "node:test";
import {cellsOf, type Experiment} from "../../src/experiments/define/experiment";
import {experimentNamed, experiments} from "../../src/experiments/define/experiments";
import {publishedRow, publishedRows, publishedText} from "../../src/experiments/records/published";
import {aboutRows, seedsText} from "../../src/experiments/show/about";
import {accuracyFigure} from "../../src/experiments/show/accuracyFigure";
import {comparedRows, otherRows} from "../../src/experiments/show/compared";
import {firstMove, stepFigure} from "../../src/experiments/show/moveFigure";
import {reportCsv, reportHtml, reportLatex, reportMarkdown} from "../../src/experiments/show/report";
import {type Found, meansOverSeeds, resultRow, sizeBytes} from "../../src/experiments/show/rows";
import {sizeFigure} from "../../src/experiments/show/sizeFigure";
import {verdictOf} from "../../src/experiments/show/verdict";
import type {Figure} from "../../src/report/figure";
import {figureTitle} from "../../src/report/html";
import {someRecord} from "./someRecord";

/** Two points of a curve, one of them at chance, and a level: two seeds of each but the last, which was not run. */
const experiment: Experiment = {
  name: "made-up",
  title: "Made up",
  question: "Does it add up?",
  x: "share kept",
  settings: [
    {curve: "Conv2", x: 0.5, given: {arch: "conv2", keepFraction: 0.5}, seeds: [1, 2]},
    {
      curve: "Conv2",
      x: 0.1,
      given: {arch: "conv2", keepFraction: 0.1},
      seeds: [1, 2],
      published: "mpt-c10-conv2-10pct",
    },
    {curve: "Conv2 dense", x: 1, given: {arch: "conv2", method: "dense"}, seeds: [1, 2]},
    {curve: "Conv4", x: 0.5, given: {arch: "conv4", keepFraction: 0.5}, seeds: [1]},
  ],
};
const accuracies = [40, 42, 10, 11, 60, 60];
const found: Found[] = cellsOf(experiment, "laptop").map((cell, i) =>
  i < accuracies.length ? {cell, record: someRecord(cell.spec, {testAccuracy: accuracies[i]})} : {cell},
);

interface Drawn {
  data: {name: string; x: unknown[]}[];
  layout: {xaxis: {range: [number, number]; categoryarray: string[]; ticktext: string[]}};
}
const named = ({data}: Drawn): string[] => data.map(({name}) => name);

test("meansOverSeeds gives mean and standard deviation (n − 1) by curve and x", () => {
  const [half, tenth, dense, missing] = meansOverSeeds(found.map(resultRow));
  assert.deepEqual([half.mean, half.sd, half.runs, half.leftChance], [41, Math.SQRT2, 2, true]);
  assert.deepEqual([tenth.mean, tenth.leftChance], [10.5, false]);
  assert.equal(dense.sd, 0);
  assert.deepEqual([missing.mean, missing.runs, missing.asked], [null, 0, 1]);
});

test("a figure draws a cell at chance hollow, the seeds' spread as error bars, a single place as a level line", () => {
  const drawn = accuracyFigure(experiment, found) as {data: Record<string, unknown>[]};
  const [legend, ...data] = drawn.data;
  assert.equal((legend.marker as {symbol: string}).symbol, "circle", "the legend is not hollow");
  assert.deepEqual(
    data.map(line => line.name),
    ["Conv2", "Conv2 dense ± 0.0"],
  );
  const [curve, level] = data;
  assert.deepEqual(
    [curve.x, curve.y],
    [
      [0.1, 0.5],
      [10.5, 41],
    ],
  );
  assert.deepEqual((curve.marker as {symbol: string[]}).symbol, ["circle-open", "circle"]);
  assert.match((curve.text as string[])[0], /has not left chance at this budget/);
  assert.deepEqual([level.x, level.y, level.mode], [[0.1, 0.5], [60, 60], "lines"]);
  assert.deepEqual((level.line as {color: string}).color, (curve.line as {color: string}).color);
});

test("a figure's title counts one epoch as one", () => {
  const one = found.slice(0, 2).map(({cell, record}) => ({
    cell: {...cell, spec: {...cell.spec, epochs: 1}},
    record,
  }));
  assert.match(figureTitle(accuracyFigure(experiment, one)), /, 1 epoch$/);
});

test("a figure's axis is the whole experiment's, and only what was run has an entry in the legend", () => {
  const one = found.slice(0, 1);
  const lines = accuracyFigure(experiment, one) as Drawn;
  assert.deepEqual(named(lines), ["Conv2"]);
  assert.deepEqual(lines.data[0].x, [0.5], "a point, not a level line: the curve has another place");
  const [left, right] = lines.layout.xaxis.range;
  assert.ok(left > 0.08 && left < 0.1 && right > 0.5 && right < 0.52, `${left} … ${right}`);
  const settings = experiment.settings.map(setting => ({...setting, x: `k ${setting.x}`}));
  const bars = accuracyFigure({...experiment, settings}, [
    {...one[0], cell: {...one[0].cell, x: "k 0.5"}},
  ]) as Drawn;
  assert.deepEqual(named(bars), ["Conv2"]);
  assert.deepEqual(bars.layout.xaxis.categoryarray.length, bars.layout.xaxis.ticktext.length);
  assert.deepEqual(
    bars.layout.xaxis.ticktext.filter(text => !text.endsWith(" (not run)")),
    ["Conv2: k 0.5"],
  );
});

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

test("a ticket costs its masks' entropy and a gain a layer, a dense network four bytes a weight", () => {
  const ticket = someRecord({arch: "conv2", keepFraction: 0.5}, {maskEntropyBytes: 1000});
  assert.equal(sizeBytes(ticket), 1004);
  assert.equal(sizeBytes(someRecord({arch: "conv2", method: "dense"}, {weights: 10})), 40);
});

test("firstMove is the learning rate times the geometric mean of the layers' r, or a relative rate itself", () => {
  const [layer] = someRecord({arch: "conv2"}).layers;
  const layers = [0.01, 0.0001].map(scoreStep => ({...layer, scoreStep}));
  const move = (given: object): number | undefined => {
    const record = someRecord({arch: "conv2", learningRate: 0.5, ...given}, {layers});
    return firstMove({cell: {...found[0].cell, spec: record.spec}, record});
  };
  assert.ok(Math.abs(move({})! - 0.0005) < 1e-12);
  assert.equal(move({scoreRate: "relative"}), 0.5);
});

test("published numbers: recalled ones are left out unless asked for and marked, derived ones named", () => {
  assert.ok(publishedRows().every(row => row.confidence !== "recalled"));
  const recalled = publishedRows(row => row.confidence === "recalled", {recalled: true});
  assert.ok(recalled.length > 20 && recalled.every(row => publishedText(row).endsWith(" †")));
  assert.equal(publishedText(publishedRow("fp-abs-c10")), "93.02 ‡");
  const ids = publishedRows(() => true, {recalled: true}).map(row => row.id);
  assert.equal(new Set(ids).size, ids.length);
  const others = otherRows(row => row.dataset === "ImageNet");
  assert.ok(others.every(row => row.accuracy.includes("†") === row.source.includes("recalled")));
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

test("sizes are drawn for what was run alone", () => {
  const {data} = sizeFigure(experiment, found) as {data: {name: string; x: (number | null)[]}[]};
  assert.deepEqual(
    data.filter(({x}) => x[0] !== null).map(({name, x}) => [name, x.length]),
    [
      ["Conv2 1/32", 4],
      ["Conv2 dense", 2],
    ],
  );
});

test("a verdict compares what was run and has left chance, and tells nothing from the rest", () => {
  const rows = found.map(resultRow);
  const means = meansOverSeeds(rows.map(row => ({...row, epochs: 100})));
  const half = ["Conv2", 0.5] as const;
  const dense = ["Conv2 dense", 1] as const;
  const pairs = {holds: [dense, half], "does not hold": [half, dense]} as const;
  for (const [verdict, pair] of Object.entries(pairs))
    assert.equal(verdictOf("a claim", means, [pair]).verdict, verdict);
  assert.equal(verdictOf("a claim", means, Object.values(pairs)).verdict, "mixed");
  const untold = [
    [half, ["Conv2", 0.1]],
    [half, ["Conv4", 0.5]],
  ] as const;
  assert.equal(verdictOf("a claim", means, untold).verdict, "cannot be told");
  assert.equal(
    verdictOf("a claim", means, [pairs.holds, ...untold]).evidence,
    "1 of 1 pairs; 2 cannot be compared",
  );
  for (const epochs of [3, 99]) {
    const short = meansOverSeeds(
      rows.map(row => (row.method === "dense" && epochs === 99 ? {...row, epochs: 250} : {...row, epochs})),
    );
    const {verdict, evidence} = verdictOf("a claim", short, [pairs["does not hold"], ...untold]);
    assert.equal(verdict, "cannot be told");
    assert.equal(
      evidence,
      "0 of 1 pair, which decides nothing: a dense network's rate is made for 100 epochs",
    );
  }
});

test("published curves stand beside ours as marks of their own, with source and epochs; beside nothing there are none", () => {
  const depth = experimentNamed("depth");
  const of = (words: RegExp): Found[] =>
    cellsOf(depth, "laptop")
      .filter(({label}) => words.test(label))
      .map(cell => ({cell, record: someRecord(cell.spec, {testAccuracy: 50})}));
  type Line = {name: string; mode: string; x: number[]; y: number[]; text: string[]};
  const lines = (figure: Figure): Line[] =>
    (figure.data as Line[]).filter(({name}) => name.includes("Gorbett"));
  const [line, ...more] = lines(accuracyFigure(depth, of(/^Conv4 k 0.5$/)));
  assert.deepEqual([more.length, line.name], [0, "Conv4, Gorbett & Whitley, 250 epochs"]);
  assert.equal(line.mode, "markers");
  assert.equal(line.y[line.x.indexOf(0.5)], 87.42);
  assert.match(line.text[0], /published.*quoted by Plot scripts/s);
  assert.deepEqual(lines(accuracyFigure(depth, [])), []);
  for (const {publishedCurves = []} of experiments)
    for (const {places} of publishedCurves)
      for (const {published, x} of places) {
        const {prunedPercent, widthFactor, top1} = publishedRow(published);
        assert.ok(top1 > 10 && (prunedPercent === Math.round(100 * (1 - x)) || (widthFactor ?? 1) === x));
      }
});
