import assert from "node:assert/strict";
import {test} from "node:test";
import {heatmapFigure} from "../../src/report/distributions";
import {lineFigure} from "../../src/report/figure";
import {learningCurveFigure} from "../../src/report/searchCurves";
import {figureSvg, svgToPng} from "../../src/report/static";
import {textBox} from "../../src/report/svgBox";
import {textWidth} from "../../src/report/textSize";
import {assertGolden} from "./golden";

const kept = [10, 20, 40, 60, 80];
const lines = lineFigure({
  title: "Accuracy <and> what is kept",
  x: {title: "weights kept (%)"},
  y: {title: "test accuracy (%)"},
  series: [
    {name: "conv2", x: kept, y: [60, 66, 69, 70, 68], error: [1, 1, 0.5, 0.5, 1]},
    {name: "conv4", x: kept, y: [70, 75, 78, 79, 77]},
  ],
});
const cells = heatmapFigure({
  title: "One kernel",
  x: {title: "column"},
  y: {title: "row"},
  value: "binary weight",
  rows: [
    [-0.1, 0.1],
    [0, 0.1],
  ],
  colours: "diverging",
  labels: ".1f",
});
const curves = learningCurveFigure([
  {
    name: "ticket",
    epochs: [1, 2, 3].map(epoch => ({epoch, loss: 2 / epoch, trainAccuracy: 90, testAccuracy: 88})),
  },
]);

test("figures equal their committed pictures, byte for byte", async () => {
  assertGolden("lines.svg", await figureSvg(lines));
  assertGolden("heatmap.svg", await figureSvg(cells));
  assertGolden("learning-curve.svg", await figureSvg(curves));
});

test("a figure's picture doesn't depend on what was drawn before it", async () => {
  const [first, , again] = await Promise.all([figureSvg(lines), figureSvg(cells), figureSvg(lines)]);
  assert.equal(first, again);
});

test("drawing leaves the figure as it was", async () => {
  const before = JSON.stringify(lines);
  await figureSvg(lines, {width: 500});
  assert.equal(JSON.stringify(lines), before);
});

test("two figures on one page share no clip path", async () => {
  const ids = (svg: string) => [...svg.matchAll(/ id="([^"]+)"/g)].map(match => match[1]);
  const [a, b] = await Promise.all([figureSvg(lines), figureSvg(cells)]);
  const shared = ids(a).filter(id => ids(b).includes(id));
  assert.deepEqual(shared, []);
});

test("a picture has the size asked for, every tick label, and no address but XML namespaces", async () => {
  const svg = await figureSvg(lines, {width: 500, height: 300});
  assert.match(svg, /^<svg [^>]*width="500" height="300"/);
  for (const label of ["20", "40", "60", "80", "conv2", "weights kept (%)"]) {
    assert.ok(svg.includes(`>${label}<`), `no text "${label}"`);
  }
  assert.doesNotMatch(svg.replace(/ xmlns(:\w+)?="[^"]*"/g, ""), /https?:/);
});

test("numbers on an axis are written out; on a log axis they are few, and between powers of ten whole values too", async () => {
  const series = [{name: "a", x: [0, 1], y: [60, 12000]}];
  const y = {title: "size (kB)", scale: "log"} as const;
  const svg = await figureSvg(lineFigure({title: "Sizes", x: {title: "form"}, y, series}));
  assert.ok(svg.includes(">10,000<") && !svg.includes(">10k<"));
  assert.ok(!/>9</.test(svg) && !svg.includes(">9,000<"), "no number at every step of a decade");
  for (const label of ["100", "200", "500", "1,000", "2,000", "5,000"])
    assert.ok(svg.includes(`>${label}<`), label);
  assert.ok(!/>[25]</.test(svg), "no digit that means another value in each decade");
});

test("a PNG has `scale` pixels a CSS pixel", async () => {
  const square =
    '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="9" height="9"/></svg>';
  const png = Buffer.from(await svgToPng(square, {scale: 3}));
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [90, 60]);
});

test("text widths add up, and grow with the font", () => {
  assert.equal(textWidth("ab", 10), textWidth("a", 10) + textWidth("b", 10));
  assert.equal(textWidth("ab", 20), 2 * textWidth("ab", 10));
});

test("the box of turned text stands upright around its anchor", async () => {
  const {JSDOM} = await import("jsdom");
  const {document} = new JSDOM(
    '<svg><g transform="translate(100,50)"><text style="font-size:10px" text-anchor="middle" transform="rotate(-90)">MMMM</text></g></svg>',
  ).window;
  const box = textBox(document.querySelector("text")!, document.body)!;
  const width = textWidth("MMMM", 10);
  assert.ok(Math.abs(box.bottom - box.top - width) < 1e-9, "its height is the text's width");
  assert.ok(Math.abs((box.bottom + box.top) / 2 - 50) < 1e-9, "centred at the anchor");
  assert.ok(box.left < 100 && box.right > 100);
});
