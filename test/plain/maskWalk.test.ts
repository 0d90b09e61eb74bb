import assert from "node:assert/strict";
import {test} from "node:test";
import {topKMask} from "../../src/core/mask";
import {scoreGradient} from "../../src/core/straightThrough";
import {binarized} from "../../src/plain/biprop";
import {firstOrderChange, revolvingDoor} from "../../src/plain/combinations";
import {bestSwap, entryEffects, lossLandscape, maskLoss, walkMasks, wedgeToy} from "../../src/plain/maskWalk";
import {lossOf} from "../../src/plain/trainRelu";

const plain = {learningRate: 0.05, steps: 80};
const seeds = Array.from({length: 15}, (_, seed) => seed);

test("equal |W|, plain gradient descent, no score across zero: no swap is promised to raise the loss", () => {
  let swaps = 0;
  for (const seed of seeds) {
    for (const step of walkMasks(wedgeToy({seed, points: 32}), {...plain, seed})) {
      if (step.swaps === 0 || step.crossed) continue;
      swaps++;
      assert.ok(step.promised <= 1e-6, `seed ${seed}: promised ${step.promised}`);
    }
  }
  assert.ok(swaps > 30, `${swaps} swaps seen`);
});

test("with unequal |W| some swaps are promised to raise the loss", () => {
  const bad = seeds.flatMap(seed =>
    walkMasks(wedgeToy({seed, points: 32, sizes: "normal"}), {...plain, seed}).filter(
      step => step.promised > 1e-3,
    ),
  );
  assert.ok(bad.length > 0);
});

test("with momentum a swap may be promised to raise the loss, though all sizes are equal and no score crosses zero", () => {
  const steps = walkMasks(wedgeToy({seed: 0, points: 32}), {
    learningRate: 0.05,
    steps: 12,
    seed: 0,
    momentum: 0.9,
  });
  assert.ok(steps.some(step => step.swaps > 0 && step.promised > 0.1 && !step.crossed));
});

/** One weight swapped by one plain step, by hand: kept weight 0, pruned weight 1, k = ½. */
function swapByHand(
  w: number[],
  dBinary: number[],
  scores: number[],
  rate: number,
): {before: string; after: string} {
  const dScores = scoreGradient(Float32Array.from(dBinary), Float32Array.from(w), Float32Array.from(scores));
  const next = Float32Array.from(scores, (s, i) => s - rate * dScores[i]);
  return {before: `${topKMask(Float32Array.from(scores), 0.5)}`, after: `${topKMask(next, 0.5)}`};
}

test("counterexample: a small good weight gives way to a large worse one, and the loss must rise", () => {
  const [w, dBinary] = [
    [0.1, 1],
    [-1, -0.5],
  ];
  assert.deepEqual(swapByHand(w, dBinary, [0.5, 0.4], 1), {before: "1,0", after: "0,1"});
  assert.ok(firstOrderChange(dBinary, [1, 0], [0, 1]) > 0, "with gain 1");
  assert.equal(swapByHand([1, 1], dBinary, [0.5, 0.4], 1).after, "1,0", "equal sizes: no swap");
});

test("counterexample: a harmful weight overshoots zero and comes in, though all sizes are equal", () => {
  const [w, dBinary] = [
    [1, 1],
    [0, 1],
  ];
  assert.deepEqual(swapByHand(w, dBinary, [0.5, 0.4], 1), {before: "1,0", after: "0,1"});
  assert.ok(firstOrderChange(dBinary, [1, 0], [0, 1]) > 0);
});

test("the landscape holds the loss of every pair of masks, and the walk stays on it", () => {
  const toy = wedgeToy({seed: 2});
  const masks = revolvingDoor(8, 4);
  const rows = lossLandscape(toy, masks, masks);
  assert.deepEqual([rows.length, rows[0].length], [70, 70]);
  const place = (mask: Uint8Array): number => masks.findIndex(other => `${other}` === `${mask}`);
  for (const {masks: pair, loss} of walkMasks(toy, {...plain, seed: 2})) {
    assert.equal(rows[place(pair[0])][place(pair[1])], loss);
  }
  assert.equal(maskLoss(toy, [masks[3], masks[5]]), rows[3][5]);
  assert.ok(binarized(toy, [masks[0], masks[0]])[0].every(w => w === 0 || Math.abs(w) === 1));
});

test("entryEffects are the slope of the loss along each weight's entry, by differences of small gains", () => {
  const toy = wedgeToy({seed: 4, points: 32, hidden: 3});
  const masks = [
    topKMask(Float32Array.of(6, 5, 4, 3, 2, 1), 0.5),
    topKMask(Float32Array.of(1, 2, 3, 4, 5, 6), 0.5),
  ];
  const effects = entryEffects(toy, masks);
  const layers = (l: number, i: number, by: number): Float32Array[] =>
    binarized(toy, masks).map((w, at) => (at === l ? w.map((v, j) => (j === i ? v + by : v)) : w));
  const loss = (weights: Float32Array[]): number =>
    lossOf(
      weights.map((w, l) => ({
        inputs: toy.widths[l],
        outputs: toy.widths[l + 1],
        weights: Float64Array.from(w),
        bias: new Float64Array(toy.widths[l + 1]),
      })),
      toy.data,
    );
  const h = 2 ** -10;
  for (const [l, i] of [
    [0, 0],
    [0, 2],
    [1, 3],
    [1, 5],
  ]) {
    const slope = (loss(layers(l, i, h)) - loss(layers(l, i, -h))) / (2 * h);
    assert.ok(
      Math.abs(effects[l][i] - slope * Math.sign(toy.weights[l][i])) < 1e-3,
      `layer ${l}, weight ${i}`,
    );
  }
});

test("bestSwap is the best of the neighbours in the landscape", () => {
  const toy = wedgeToy({seed: 2, points: 16, hidden: 2});
  const masks = revolvingDoor(4, 2);
  const rows = lossLandscape(toy, masks, masks);
  const differ = (a: Uint8Array, b: Uint8Array): number => a.filter((m, i) => m !== b[i]).length;
  const neighbours = masks.flatMap((mask, i) =>
    differ(mask, masks[0]) === 2
      ? [rows[i][1] - rows[0][1]]
      : differ(mask, masks[1]) === 2
        ? [rows[0][i] - rows[0][1]]
        : [],
  );
  const sideways = masks.map((mask, i) => (differ(mask, masks[1]) === 2 ? rows[0][i] - rows[0][1] : 0));
  assert.ok(
    Math.abs((bestSwap(toy, [masks[0], masks[1]])?.change ?? 0) - Math.min(0, ...neighbours, ...sideways)) <
      1e-12,
  );
});
