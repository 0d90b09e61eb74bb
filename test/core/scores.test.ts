import assert from "node:assert/strict";
import {test} from "node:test";
import {type ScoreName, type ScoreRule, scoreRules, startScores} from "../../src/core/scores";
import {randomWeights} from "../../src/core/weights";
import {assertClose, mean} from "./close";

const FAN = 100;
const shape = [FAN, 1000];
const N = FAN * 1000;
const weights = randomWeights(shape, {keepFraction: 0.5, seed: 1, name: "layer"});
const start = (rule?: ScoreRule, name = "layer", seed = 1): Float32Array =>
  startScores(weights, shape, {rule, seed, name});

test("scores start uniform on ±1/√fan, as the reference's, unless another rule is named", () => {
  const scores = start();
  const bound = 1 / Math.sqrt(FAN);
  assert.deepEqual(scores, start("uniform"));
  assert.ok(scores.every(s => Math.abs(s) <= Math.fround(bound)));
  assert.ok(Math.abs(mean(scores)) < (4 * bound) / Math.sqrt(3 * N));
  assert.ok(Math.abs(mean(scores, s => s * s) / (bound ** 2 / 3) - 1) < 4 * Math.sqrt(4 / 5 / N));
});

test("normal scores have the same variance 1/(3·fan), and a normal's fourth moment", () => {
  const scores = start("normal");
  const sd = 1 / Math.sqrt(3 * FAN);
  assert.ok(Math.abs(mean(scores)) < (4 * sd) / Math.sqrt(N));
  assert.ok(Math.abs(mean(scores, s => s * s) / sd ** 2 - 1) < 4 * Math.sqrt(2 / N));
  assert.ok(Math.abs(mean(scores, s => (s / sd) ** 4) - 3) < 4 * Math.sqrt(96 / N));
});

test("constant scores are 1/√fan, magnitude scores are |W|", () => {
  assert.deepEqual(start("constant"), new Float32Array(N).fill(1 / Math.sqrt(FAN)));
  assert.deepEqual(start("magnitude"), weights.map(Math.abs));
});

test("uniform scores do not depend on the weights, nor correlate with them", () => {
  assert.deepEqual(startScores(new Float32Array(N), shape, {seed: 1, name: "layer"}), start());
  const product = mean(
    start().map((s, i) => Math.abs(s) * Math.abs(weights[i])),
    v => v,
  );
  const separate = mean(start(), Math.abs) * mean(weights, Math.abs);
  assert.ok(Math.abs(product / separate - 1) < 0.02);
});

test("layers and seeds have scores of their own", () => {
  assert.notDeepEqual(start("uniform", "other"), start());
  assert.notDeepEqual(start("uniform", "layer", 2), start());
});

test("an unknown score initialisation is refused with the list; a function of the user's own is taken", () => {
  assert.throws(() => start("xavier" as ScoreName), {
    name: "RangeError",
    message: new RegExp(
      `unknown score initialisation "xavier"; choose ${Object.keys(scoreRules).join(", ")}`,
    ),
  });
  const own = startScores(Float32Array.of(5, -6, 7, 8), [4, 1], {
    rule: (i, c) => i * c.bound + c.weights[i],
    seed: 0,
    name: "own",
  });
  assertClose(own, [5, -5.5, 8, 9.5], 1e-7);
});
