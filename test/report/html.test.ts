import assert from "node:assert/strict";
import {test} from "node:test";
import {JSDOM} from "jsdom";
import {type Figure, lineFigure} from "../../src/report/figure";
import {escapeHtml, figureHtml} from "../../src/report/html";

const hostile: Figure = lineFigure({
  title: '</script><!-- "a" & b',
  x: {title: "x"},
  y: {title: "y"},
  series: [{name: "<script>", x: [1], y: [2]}],
});
const still = '<svg xmlns="http://www.w3.org/2000/svg"><text>"50 %" &amp; #1</text></svg>';

/** The page of one figure after its scripts ran; `plotly` stands for the bundle, `others` for what jsdom lacks. */
function open(html: string, plotly?: object, others: object = {}): JSDOM {
  return new JSDOM(`<!doctype html><body>${html}</body>`, {
    runScripts: "dangerously",
    beforeParse: window => {
      Object.assign(window, others, plotly === undefined ? {} : {Plotly: plotly});
    },
  });
}

test("text in a figure can't end its script or its attributes", () => {
  const html = figureHtml(hostile, "f", still);
  assert.equal(html.match(/<\/?script/gi)?.length, 2);
  const {window} = open(html);
  assert.equal(window.document.body.children.length, 2);
  assert.equal(window.document.querySelector("img")?.alt, '</script><!-- "a" & b');
  window.close();
});

test("where the page has Plotly, it is given the figure as it was built, once", () => {
  const calls: unknown[][] = [];
  const plotly = {
    react: (...args: unknown[]) => {
      calls.push(args);
      return Promise.resolve();
    },
  };
  const {document} = open(figureHtml(hostile, "f", still) + figureHtml(hostile, "f", still), plotly).window;
  assert.equal(calls.length, 2);
  assert.deepEqual(
    calls.map(call => call[0]),
    [...document.querySelectorAll("div")],
  );
  const [data, layout] = JSON.parse(JSON.stringify(calls[0]?.slice(1, 3)));
  assert.deepEqual(data, hostile.data);
  assert.equal(layout.title.text, '</script><!-- "a" & b');
  assert.equal(layout.paper_bgcolor, "rgba(0,0,0,0)");
  assert.equal(document.querySelector("img"), null);
});

test("a figure is drawn as wide as its place, its legend below, and anew when that changes", () => {
  const widths: number[] = [];
  const layouts: {legend: {yref?: string}; height: number}[] = [];
  const plotly = {
    react: (_box: unknown, _data: unknown, layout: {width: number; legend: object; height: number}) => {
      widths.push(layout.width);
      layouts.push(layout);
      return Promise.resolve();
    },
  };
  const two = lineFigure({
    title: "a title of more words than a telephone has room for in one line",
    x: {title: "x"},
    y: {title: "y"},
    series: ["a", "b"].map(name => ({name, x: [1], y: [2]})),
  });
  let resized = (): void => assert.fail("nothing is watched");
  class ResizeObserver {
    constructor(told: () => void) {
      resized = told;
    }
    observe(): void {}
  }
  const {window} = open(`<main>${figureHtml(two, "f", still)}</main>`, plotly, {ResizeObserver});
  const box = window.document.getElementById("f")!;
  const become = (width: number): void => {
    Object.defineProperty(box, "clientWidth", {value: width, configurable: true});
    resized();
  };
  for (const width of [360, 360, 2000, 0]) become(width);
  assert.deepEqual(widths, [720, 360, 720], "once each, and not where it is hidden");
  assert.deepEqual(
    layouts.slice(-2).map(({legend}) => legend.yref),
    ["container", undefined],
  );
  assert.ok(layouts.at(-2)!.height > layouts.at(-1)!.height, "the legend takes no room from the data");
  window.close();
});

test("a figure of the user's own is drawn as wide as its place too, and a picture of cells keeps its shape", () => {
  interface Layout {
    width: number;
    height: number;
    title: {text: string};
    margin: {l: number; r: number; t: number; b: number};
  }
  const seen: Layout[] = [];
  const plotly = {
    react: (_box: unknown, _data: unknown, layout: Layout) => {
      seen.push(layout);
      return Promise.resolve();
    },
  };
  const width = {get: () => 400};
  const narrow = (figure: Figure): Layout => {
    const dom = open("", plotly);
    Object.defineProperty(dom.window.HTMLElement.prototype, "clientWidth", width);
    const {document} = dom.window;
    document.body.innerHTML = figureHtml(figure, "f");
    dom.window.eval(document.querySelector("script")!.textContent!);
    dom.window.close();
    return seen.at(-1)!;
  };
  const plain = narrow({data: [{x: [1], y: [2]}], layout: {title: "mine"}});
  assert.deepEqual([plain.width, plain.height, plain.title.text], [400, 450, "mine"]);
  const cells = narrow({data: [{type: "heatmap", z: [[1]]}], layout: {width: 800, height: 500}});
  const {l, r, t, b} = cells.margin;
  assert.equal(cells.width, 400);
  assert.ok(Math.abs((cells.height - t - b) / (400 - l - r) - 500 / 800) < 0.01);
});

test("where the page has no Plotly, the still picture is what stays", () => {
  const dom = open(figureHtml(hostile, undefined, still));
  const source = dom.window.document.querySelector("img")?.src ?? "";
  assert.equal(decodeURIComponent(source.replace(/^data:image\/svg\+xml,/, "")), still);
  dom.window.close();
});

test("a figure without data is its title alone, with what stands in backticks as code", () => {
  const empty = {data: [], layout: {title: {text: "Nothing <yet>: `npx multiprize run width`"}}};
  assert.equal(figureHtml(empty), "<p>Nothing &#60;yet&#62;: <code>npx multiprize run width</code></p>");
});

test("a figure without an id is named by its content, the same each time", () => {
  assert.equal(figureHtml(hostile), figureHtml(hostile));
  assert.match(figureHtml(hostile), /^<div id="figure-[0-9a-f]{10}"/);
});

test("a figure's page asks no other machine for anything", () => {
  const html = figureHtml(hostile, "f", still).replaceAll("http://www.w3.org/", "");
  assert.doesNotMatch(decodeURIComponent(html.replace(/%(?![0-9A-F]{2})/g, "")), /https?:|\/\/[a-z]/i);
});

test("escaped HTML reads back as the text it was", () => {
  const text = `a < b && c > "d" 'e'`;
  assert.equal(new JSDOM(escapeHtml(text)).window.document.body.textContent, text);
});
