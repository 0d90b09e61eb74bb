import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {counts, heatmapFigure, histogramFigure} from "../../src/report/distributions";
import {barFigure, figureHash, lineFigure} from "../../src/report/figure";
import {learningCurveFigure} from "../../src/report/searchCurves";

const axes = {x: {title: "epoch"}, y: {title: "accuracy (%)"}};

test("a line figure is plain JSON with one trace a series, titled axes and typed arrays made plain", () => {
  const figure = lineFigure({
    title: "Lines",
    ...axes,
    series: [
      {name: "a", x: [1, 2], y: Float32Array.of(3, 4), error: [0.5, 0.25]},
      {name: "b", x: [1, 2], y: [5, 6], marker: "none", dash: "dot"},
    ],
  });
  assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure);
  const [a, b] = figure.data as {[key: string]: unknown; error_y: {array: number[]}; line: {dash: string}}[];
  assert.deepEqual([a?.name, a?.x, a?.y, a?.mode], ["a", [1, 2], [3, 4], "lines+markers"]);
  assert.deepEqual(a?.error_y.array, [0.5, 0.25]);
  assert.deepEqual([b?.mode, b?.line.dash], ["lines", "dot"]);
  const layout = figure.layout as {xaxis: {title: object}; yaxis: {title: object}; legend: {x: number}};
  assert.deepEqual([layout.xaxis.title, layout.yaxis.title], [{text: "epoch"}, {text: "accuracy (%)"}]);
  assert.ok(layout.legend.x > 1, "the legend stands right of the data");
});

test("ticks stand where they are asked for", () => {
  const {layout} = lineFigure({
    title: "T",
    x: {title: "N", scale: "log", ticks: [16, 64]},
    y: {title: "y"},
    series: [],
  });
  const {xaxis, yaxis} = layout as {xaxis: {tickvals: number[]}; yaxis: {tickvals?: number[]}};
  assert.deepEqual([xaxis.tickvals, yaxis.tickvals], [[16, 64], undefined]);
});

test("two series never share colour, marker and dash", () => {
  const series = Array.from({length: 21}, (_, i) => ({name: `${i}`, x: [0], y: [0]}));
  const {data} = lineFigure({title: "Many", ...axes, series});
  const looks = data.map(trace => {
    const {line, marker} = trace as {line: {color: string; dash: string}; marker: {symbol: string}};
    return `${line.color} ${line.dash} ${marker.symbol}`;
  });
  assert.equal(new Set(looks).size, 21);
});

test("arrays of different lengths are refused with both lengths", () => {
  const spec = {title: "Bad", ...axes, series: [{name: "a", x: [1, 2], y: [1]}]};
  assert.throws(() => lineFigure(spec), /series "a": x, y have lengths 2, 1; they must be equal/);
  assert.throws(() => barFigure(spec), RangeError);
  assert.throws(
    () => heatmapFigure({title: "Bad", ...axes, value: "w", rows: [[1, 2], [3]]}),
    /rows\[1\] has 1 values, rows\[0\] has 2/,
  );
});

test("a diverging heatmap has equal colour depth on both sides of zero", () => {
  const {data} = heatmapFigure({title: "H", ...axes, value: "w", rows: [[-3, 1]], colours: "diverging"});
  const {zmin, zmax} = data[0] as {zmin: number; zmax: number};
  assert.deepEqual([zmin, zmax], [-3, 3]);
});

test("a histogram counts every finite value once, whatever the bins", () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({noNaN: true, noDefaultInfinity: true}), {minLength: 1}),
      fc.integer({min: 1, max: 50}),
      (values, bins) => {
        const {data} = histogramFigure({title: "H", x: {title: "w"}, series: [{name: "w", values}], bins});
        const {y} = data[0] as {y: number[]};
        assert.equal(y.length, bins);
        assert.equal(
          y.reduce((a, b) => a + b, 0),
          values.length,
        );
      },
    ),
  );
});

test("a bin holds its lower edge, the last bin its upper edge too, and what lies outside is not counted", () => {
  assert.deepEqual(counts([0, 0.5, 1, 1.5, 2, -1, 3, Number.NaN], {low: 0, high: 2, bins: 2}), [2, 3]);
});

test("a learning curve draws test, train and loss of each curve in the curve's colour", () => {
  const epochs = [{epoch: 1, loss: 2, trainAccuracy: 30, testAccuracy: 25}];
  const {data} = learningCurveFigure([
    {name: "ticket", epochs},
    {name: "dense", epochs},
  ]);
  const traces = data as {name: string; line: {color: string}; y: number[]; showlegend: boolean}[];
  assert.deepEqual(
    traces.slice(0, 3).map(trace => [trace.name, trace.y[0], trace.showlegend]),
    [
      ["ticket, test", 25, true],
      ["ticket, train", 30, true],
      ["ticket, loss", 2, false],
    ],
  );
  assert.equal(new Set(traces.slice(0, 3).map(trace => trace.line.color)).size, 1);
  assert.notEqual(traces[0]?.line.color, traces[3]?.line.color);
});

test("equal figures have equal hashes, different figures different ones", () => {
  const make = (title: string) => lineFigure({title, ...axes, series: []});
  assert.equal(figureHash(make("a")), figureHash(make("a")));
  assert.notEqual(figureHash(make("a")), figureHash(make("b")));
});
