import assert from "node:assert/strict";
import {describe, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {type GainName, gainRules} from "../../src/core/gain";
import {keepCount, topKMask} from "../../src/core/mask";
import {binarize, prune} from "../../src/core/quantize";
import {selectOperation} from "../../src/layers/selectOperation";
import {native, noMinus, normal, sizes} from "./operations";

const half = {keepFraction: 0.5, fanIn: 1, selection: "layerwise"} as const;

describe("MultiprizeSelect", () => {
  /** Compares with mask, gain and binarisation of src/core. */
  function check(
    scores: Float32Array,
    weights: Float32Array,
    keepFraction: number,
    what: string,
    w: tf.Tensor1D = tf.tensor1d(weights),
  ): void {
    const mask = topKMask(scores, keepFraction);
    const context = {keepFraction, fanIn: 9, selection: "layerwise"} as const;
    const boundary = {kept: keepCount(scores.length, keepFraction)};
    const s = tf.tensor1d(scores);
    for (const gain of Object.keys(gainRules) as GainName[]) {
      if (gain === "mean-kept" && Math.trunc(keepFraction * scores.length) === 0) continue;
      const expected = binarize(weights, mask, gainRules[gain](weights, mask, context));
      const found = selectOperation(s, w, () => weights, {method: "biprop", gain, context, boundary});
      assert.ok(found, "the operation is there");
      assert.deepEqual(found.dataSync().map(noMinus), expected.map(noMinus), `${what}, ${gain}`);
      found.dispose();
    }
    const settings = {method: "edge-popup", gain: "one", context, boundary} as const;
    const kept = selectOperation(s, w, () => weights, settings);
    assert.deepEqual(kept?.dataSync(), prune(weights, mask), `${what}, edge-popup`);
    tf.dispose([s, kept as tf.Tensor]);
  }

  test("keeps and scales exactly what mask, gain and binarize do, at every size and keep fraction", async () => {
    if (!(await native())) return;
    for (const n of sizes) {
      for (const keepFraction of [1e-5, 0.05, 0.2, 0.5, 0.99, 1]) {
        check(normal(n, "scores"), normal(n, "weights"), keepFraction, `n ${n}, k ${keepFraction}`);
      }
    }
  });

  test("gives ties to the lower index, as the plain selection does", async () => {
    if (!(await native())) return;
    for (const n of [64, 577, 300001]) {
      const coarse = normal(n, "scores").map(s => Math.round(2 * s) / 2);
      const equal = new Float32Array(n).fill(-0.25);
      for (const keepFraction of [0.1, 0.37, 0.9]) {
        check(coarse, normal(n, "weights"), keepFraction, `coarse scores, n ${n}`);
        check(equal, normal(n, "weights"), keepFraction, `equal scores, n ${n}`);
      }
    }
  });

  test("finds the boundary where a regular sample misleads: sorted, periodic and lumped scores", async () => {
    if (!(await native())) return;
    const n = 262144;
    const weights = normal(n, "weights");
    const lumped = normal(n, "scores").map((s, i) => (i % 8 === 0 ? s * 1e-20 : s));
    check(normal(n, "scores").sort(), weights, 0.2, "sorted");
    check(
      Float32Array.from({length: n}, (_, i) => Math.sin((2 * Math.PI * i) / 8) + 1e-6 * i),
      weights,
      0.3,
      "periodic",
    );
    check(lumped, weights, 0.8, "lumped");
    check(lumped, weights, 0.9, "lumped");
  });

  test("finds it as well where it has moved, little or far, since the weights were last selected", async () => {
    if (!(await native())) return;
    for (const n of [577, 300001]) {
      const weights = normal(n, "weights");
      const start = normal(n, "scores");
      const moves: [string, (score: number, i: number) => number][] = [
        ["first", s => s],
        ["a little", (s, i) => s + 1e-5 * start[n - 1 - i]],
        ["shrunk", s => s * 1e-20],
        ["grown", s => s * 1e10],
        ["all but one equal", (s, i) => (i === 0 ? s : 1)],
        ["zeros", () => 0],
        ["back", s => s],
        ...[1, 2, 3, 4, 9].map((step): [string, (score: number) => number] => [
          `on, step ${step}`,
          s => s * (1 + step / 50),
        ]),
        ["coarse", s => Math.round(4 * s) / 4],
      ];
      const w = tf.tensor1d(weights);
      for (const [what, move] of moves) check(start.map(move), weights, 0.2, `n ${n}, ${what}`, w);
      w.dispose();
    }
  });

  test("keeps a zero weight at zero, and takes infinite scores as the largest", async () => {
    if (!(await native())) return;
    const scores = Float32Array.of(3, Number.NEGATIVE_INFINITY, 1, 2);
    check(scores, Float32Array.of(0, -0, 5, -6), 0.5, "zero weights");
  });

  test("refuses scores that are not numbers", async () => {
    if (!(await native())) return;
    const [s, w] = [tf.tensor1d([1, Number.NaN, 3]), tf.ones([3])];
    const settings = {method: "biprop", gain: "one", context: half, boundary: {kept: 2}} as const;
    assert.throws(
      () => selectOperation(s, w, () => new Float32Array(3), settings),
      /diverged; use a smaller/,
    );
  });

  test("leaves a gain rule of the user's own to the plain path", async () => {
    if (!(await native())) return;
    const [s, w] = [tf.ones([3]), tf.ones([3])];
    const settings = {method: "biprop", gain: () => 2, context: half, boundary: {kept: 2}} as const;
    assert.equal(
      selectOperation(s, w, () => new Float32Array(3), settings),
      undefined,
    );
  });
});
