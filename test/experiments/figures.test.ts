import assert from "node:assert/strict";
import {test} from "node:test";
import {cellsOf} from "../../src/experiments/define/experiment";
import {experimentNamed, experiments} from "../../src/experiments/define/experiments";
import {publishedRow} from "../../src/experiments/records/published";
import {accuracyFigure} from "../../src/experiments/show/accuracyFigure";
import type {Found} from "../../src/experiments/show/rows";
import {sizeFigure} from "../../src/experiments/show/sizeFigure";
import type {Figure} from "../../src/report/figure";
import {figureTitle} from "../../src/report/html";
import {experiment, found} from "./madeUp";
import {someRecord} from "./someRecord";

interface Drawn {
  data: {name: string; x: unknown[]}[];
  layout: {xaxis: {range: [number, number]; categoryarray: string[]; ticktext: string[]}};
}
const named = ({data}: Drawn): string[] => data.map(({name}) => name);

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
