import assert from "node:assert/strict";
import {test} from "node:test";
import {heatmapFigure} from "../../src/report/distributions";
import {imageTiles} from "../../src/report/tiles";

const gap = Number.NaN;

test("imageTiles sets pictures in rows with one empty line between", () => {
  const pictures = [
    [1, 2, 3, 4],
    [5, 6, 7, 8],
    [9, 10, 11, 12],
  ];
  assert.deepEqual(imageTiles(pictures, {width: 2, columns: 2}), [
    [1, 2, gap, 5, 6],
    [3, 4, gap, 7, 8],
    [gap, gap, gap, gap, gap],
    [9, 10, gap, gap, gap],
    [11, 12, gap, gap, gap],
  ]);
});

test("imageTiles of one picture are its lines", () => {
  assert.deepEqual(imageTiles([[1, 2, 3, 4, 5, 6]], {width: 3, columns: 8}), [
    [1, 2, 3],
    [4, 5, 6],
  ]);
});

test("imageTiles refuses pictures of two sizes, and sizes that are not whole lines", () => {
  assert.throws(() => imageTiles([[1, 2], [1]], {width: 1, columns: 2}), /pictures\[1\] has 1 values/);
  assert.throws(() => imageTiles([[1, 2, 3]], {width: 2, columns: 1}), /3 values are not whole lines of 2/);
});

test("a heatmap of a picture has square cells", () => {
  const rows = imageTiles([new Float32Array(6), new Float32Array(6)], {width: 3, columns: 2});
  const axis = {title: "pixels"};
  const {layout} = heatmapFigure({title: "", x: axis, y: axis, value: "", rows, picture: true});
  const {width, height, margin} = layout as {width: number; height: number; margin: Record<string, number>};
  const across = (width - margin.l! - margin.r!) / rows[0]!.length;
  const down = (height - margin.t! - margin.b!) / rows.length;
  assert.ok(Math.abs(across - down) < 1, `${across} by ${down}`);
});
