import assert from "node:assert/strict";
import {test} from "node:test";
import {JSDOM} from "jsdom";
import type {Drawing} from "../../src/drawings/drawing";
import {halvings, halvingsDrawing} from "../../src/drawings/halvings";
import {networkDrawing, prunedLayerDrawing} from "../../src/drawings/network";
import {staircaseDrawing} from "../../src/drawings/staircase";
import {swapDrawing} from "../../src/drawings/swap";
import {fourTypesDrawing, twoRelusDrawing} from "../../src/drawings/types";
import {besideEachOther} from "../../src/explorables/frame/still";
import {MINUS, PLUS} from "../../src/explorables/frame/svg";
import {runPruned} from "../../src/plain/prunedLayer";
import {pruneToLayer} from "../../src/theory/construct";
import {pruneToDeepWeight} from "../../src/theory/doubling";

const layer = pruneToLayer(
  {inputs: 2, outputs: 1, weights: Float64Array.of(0.5, -1)},
  {parts: 2, units: 10, seed: 5, scale: 1},
);
const drawings: Readonly<Record<string, Drawing>> = {
  types: fourTypesDrawing(),
  relus: twoRelusDrawing(),
  layer: prunedLayerDrawing(layer),
  halvings: halvingsDrawing(0.3, 4),
  staircase: staircaseDrawing(),
  swap: swapDrawing(),
};

test("every drawing is well-formed, says what it shows, and draws no letter outside its panel", () => {
  const {window} = new JSDOM();
  for (const [name, drawing] of Object.entries(drawings)) {
    const svg = besideEachOther(drawing);
    const page = new window.DOMParser().parseFromString(svg, "image/svg+xml");
    assert.equal(page.querySelector("parsererror"), null, name);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
    for (const {label, width, height, content} of drawing) {
      assert.ok(label.length > 10);
      for (const [, x, y] of content.matchAll(/<text x="([-\d.]+)" y="([-\d.]+)"/g))
        assert.ok(
          Number(x) >= 0 && Number(x) <= width && Number(y) >= 0 && Number(y) <= height,
          `${name}: ${x}, ${y}`,
        );
    }
  }
});

test("a network's masked drawing has an edge for every weight kept, in the colour of its sign", () => {
  const [, kept] = networkDrawing({
    widths: [2, 2, 1],
    weights: [Float32Array.of(1, -2, 3, -4), Float32Array.of(-5, 6)],
    masks: [Uint8Array.of(1, 1, 0, 0), Uint8Array.of(1, 0)],
  });
  const colours = [...kept.content.matchAll(/<path [^>]*stroke="([^"]*)"/g)].map(([, colour]) => colour);
  assert.deepEqual(colours, [PLUS, MINUS, MINUS]);
  const edges = layer.layers.reduce((sum, {from}) => sum + from.length, 0);
  assert.equal([...drawings.layer[1].content.matchAll(/<path /g)].length, edges);
});

test("the halvings drawn end where the pruned deep network does", () => {
  for (const w of [0.3, 0.71, 0.05]) {
    const deep = pruneToDeepWeight(w, {epsilon: 1 / 32, seed: 1});
    assert.equal(deep.levels, 4);
    assert.equal(halvings(w, 4).at(-1)!.sum, runPruned(deep.layers, [1])[0]);
  }
  assert.deepEqual(
    halvings(0.3, 4).map(({sum}) => sum),
    [1 / 2, 1 / 4, 5 / 8, 5 / 16],
  );
  assert.throws(() => halvings(1, 4), /w must round to below 1/);
});
