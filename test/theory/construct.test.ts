import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {Stream} from "../../src/core/random";
import {applyLayer, keptMask, relu, runPruned} from "../../src/plain/prunedLayer";
import {
  type Construction,
  pruneToBias,
  pruneToLayer,
  pruneToNeuron,
  pruneToWeight,
} from "../../src/theory/construct";
import {SignMatrix} from "../../src/theory/signMatrix";
import {assertClose} from "../core/close";

fc.configureGlobal({seed: 1});

const THOUSAND = {numRuns: 1000};
const unit = fc.double({min: -1, max: 1, noNaN: true});
const epsilons = fc.double({min: 0.02, max: 1, noNaN: true});
const seeds = fc.nat(1e6);
const delta = 1e-6;
const tiny = 1e-12;

const dot = (w: ArrayLike<number>, x: number[]): number => x.reduce((sum, value, i) => sum + w[i] * value, 0);
const norm1 = (x: number[]): number => x.reduce((sum, value) => sum + Math.abs(value), 0);

test("1,000 random weights: the mask's weight is within |x|/(2n) ≤ ε for every x in [−1, 1]", () => {
  fc.assert(
    fc.property(
      unit,
      epsilons,
      fc.array(unit, {minLength: 3, maxLength: 3}),
      seeds,
      (w, epsilon, xs, seed) => {
        const found = pruneToWeight(w, {epsilon, seed, delta});
        for (const x of [-1, 0, 1, ...xs]) {
          const error = Math.abs(runPruned(found.layers, [x])[0] - w * x);
          assert.ok(error <= found.bound(Math.abs(x)) + tiny && error <= epsilon + tiny);
        }
      },
    ),
    THOUSAND,
  );
});

test("1,000 random neurons: within ‖x‖₁/(2n) ≤ ε on the whole box", () => {
  const neurons = fc.array(fc.tuple(unit, unit), {minLength: 1, maxLength: 6});
  fc.assert(
    fc.property(neurons, fc.double({min: 0.1, max: 1, noNaN: true}), seeds, (pairs, epsilon, seed) => {
      const [w, x] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
      const found = pruneToNeuron(w, {epsilon, seed, delta});
      const error = Math.abs(runPruned(found.layers, x)[0] - dot(w, x));
      assert.ok(error <= found.bound(norm1(x)) + tiny && error <= epsilon + tiny);
    }),
    THOUSAND,
  );
});

test("1,000 random neurons with their input given: ⌈‖x‖₁/(2ε)⌉ parts are enough", () => {
  const neurons = fc.array(fc.tuple(unit, fc.double({min: -0.2, max: 0.2, noNaN: true})), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(neurons, fc.double({min: 0.05, max: 1, noNaN: true}), seeds, (pairs, epsilon, seed) => {
      const [w, x] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
      const found = pruneToNeuron(w, {epsilon, seed, delta, l1: norm1(x) || 1});
      assert.ok(Math.abs(runPruned(found.layers, x)[0] - dot(w, x)) <= epsilon + tiny);
      assert.equal(found.parts, Math.max(1, Math.ceil((norm1(x) || 1) / (2 * epsilon))));
    }),
    THOUSAND,
  );
});

test("1,000 random biases: within 1/(2n) ≤ ε, on no input at all", () => {
  fc.assert(
    fc.property(unit, epsilons, seeds, (b, epsilon, seed) => {
      const {layers} = pruneToBias(b, {epsilon, seed, delta});
      assert.ok(Math.abs(runPruned(layers, [])[0] - b) <= epsilon + tiny);
    }),
    THOUSAND,
  );
});

/** A random target d → m with weights up to `scale`, and an input of any size. */
const layers = fc.record({
  inputs: fc.integer({min: 1, max: 3}),
  outputs: fc.integer({min: 1, max: 4}),
  parts: fc.integer({min: 1, max: 12}),
  scale: fc.double({min: 0.1, max: 10, noNaN: true}),
  seed: seeds,
});

function randomTarget({
  inputs,
  outputs,
  scale,
  seed,
}: {
  inputs: number;
  outputs: number;
  scale: number;
  seed: number;
}) {
  const random = new Stream(seed, "target");
  const uniform = (i: number): number => 2 * random.uniform(i) - 1;
  const weights = Float64Array.from({length: inputs * outputs}, (_, i) => scale * uniform(i));
  const x = Array.from({length: inputs}, (_, i) => 3 * uniform(inputs * outputs + i));
  return {target: {inputs, outputs, weights}, x};
}

test("1,000 random layers: every output within scale·‖x‖₁/(2n), and the achieved weights are what is computed", () => {
  fc.assert(
    fc.property(layers, sizes => {
      const {target, x} = randomTarget(sizes);
      const found = pruneToLayer(target, {...sizes, units: 8 * sizes.parts + 300});
      const y = runPruned(found.layers, x);
      const {above, below} = found.achieved;
      assert.deepEqual(above, below);
      y.forEach((value, k) => {
        const column = (w: Float64Array): number[] => x.map((_, i) => w[i * target.outputs + k]);
        assert.ok(Math.abs(value - dot(column(target.weights), x)) <= found.bound(norm1(x)) + 1e-9);
        assert.ok(Math.abs(value - dot(column(above), x)) <= 1e-9);
      });
    }),
    THOUSAND,
  );
});

/** The two masked dense layers written out, with every sign of the random network. */
function denseTwin(found: Construction, seed: number, x: number[]): number[] {
  const [first, second] = found.layers;
  const apply = (
    {inputs, outputs, gain}: typeof first,
    mask: Uint8Array,
    name: string,
    v: number[],
  ): number[] => {
    const signs = new SignMatrix(inputs, outputs, new Stream(seed, name));
    return Array.from(
      {length: outputs},
      (_, k) => gain * v.reduce((sum, value, i) => sum + mask[i * outputs + k] * signs.sign(i, k) * value, 0),
    );
  };
  const hidden = apply(first, keptMask(first), "theory/first", x).map(relu);
  return apply(second, keptMask(second), "theory/second", hidden);
}

test("what is stored is a mask on the random network: masking all of its weights gives the same output", () => {
  fc.assert(
    fc.property(layers, sizes => {
      const {target, x} = randomTarget(sizes);
      const found = pruneToLayer(target, {...sizes, units: 8 * sizes.parts + 100, shortage: "fewer"});
      const twin = denseTwin(found, sizes.seed, x);
      assertClose(runPruned(found.layers, x), twin, 1e-9, "outputs", 1);
    }),
    {numRuns: 40},
  );
});

test("each hidden unit keeps at most one input edge, and its own input's", () => {
  const {target} = randomTarget({inputs: 3, outputs: 2, scale: 1, seed: 7});
  const {layers, units} = pruneToLayer(target, {parts: 5, units: 100, seed: 7});
  const [first] = layers;
  for (let u = 0; u < first.outputs; u++) {
    const edges = first.from.subarray(first.start[u], first.start[u + 1]);
    assert.ok(edges.length === 0 || (edges.length === 1 && edges[0] === Math.floor(u / units)));
  }
});

test("edge cases: ε = 1 takes one part; w = 0 keeps nothing; w = ±1 is exact; n = 1 rounds to −1, 0 or 1", () => {
  const seed = 3;
  assert.equal(pruneToWeight(0.4, {epsilon: 1, seed}).parts, 1);
  const zero = pruneToWeight(0, {epsilon: 0.1, seed});
  assert.deepEqual([zero.layers[1].from.length, runPruned(zero.layers, [0.7])[0]], [0, 0]);
  for (const w of [-1, 1]) {
    for (const x of [-1, -0.5, 0, 0.5, 1]) {
      const error = Math.abs(runPruned(pruneToWeight(w, {epsilon: 0.1, seed}).layers, [x])[0] - w * x);
      assert.ok(error < tiny, `${w} · ${x}: off by ${error}`);
    }
  }
  const coarse = (w: number): number =>
    runPruned(
      pruneToLayer(
        {inputs: 1, outputs: 1, weights: Float64Array.of(w)},
        {parts: 1, units: 60, seed, scale: 1},
      ).layers,
      [1],
    )[0];
  assert.deepEqual([-0.8, -0.3, 0.3, 0.8].map(coarse), [-1, 0, 0, 1]);
  assert.equal(
    pruneToLayer({inputs: 1, outputs: 1, weights: Float64Array.of(0)}, {parts: 2, units: 9, seed}).scale,
    1,
  );
});

test("biprop's own gain does it: with |W| = 1/n in the second layer the mean of the kept |W| is the gain", () => {
  const {layers, parts} = pruneToWeight(0.6, {epsilon: 0.05, seed: 2});
  const magnitudes = new Float64Array(layers[1].from.length).fill(1 / parts);
  const mean = magnitudes.reduce((a, b) => a + b, 0) / magnitudes.length;
  assert.ok(Math.abs(mean - layers[1].gain) < tiny);
});

test("units with a negative input edge are not kept for inputs that never are", () => {
  const target = {inputs: 1, outputs: 1, weights: Float64Array.of(0.5)};
  const {layers, achieved} = pruneToLayer(target, {
    parts: 4,
    units: 40,
    seed: 1,
    scale: 1,
    domain: "nonnegative",
  });
  assert.equal(layers[1].from.length, 2);
  assert.deepEqual([applyLayer(layers[1], new Float64Array(40).fill(1))[0], achieved.above[0]], [0.5, 0.5]);
});

test("too few units, too large weights and sizes that are none are refused in one line", () => {
  const one = {inputs: 1, outputs: 1, weights: Float64Array.of(0.9)};
  assert.throws(
    () => pruneToLayer(one, {parts: 9, units: 10, seed: 1}),
    /wants 9 units .* finds \d of one: give each/,
  );
  const fewer = pruneToLayer(one, {parts: 9, units: 10, seed: 1, shortage: "fewer"});
  assert.ok(fewer.missing > 0 && fewer.achieved.above[0] < 0.9);
  assert.throws(() => pruneToWeight(1.5, {epsilon: 0.1, seed: 1}), /a weight of 1.5 exceeds the scale 1/);
  assert.throws(() => pruneToLayer(one, {parts: 0, units: 10, seed: 1}), /parts must be positive/);
  assert.throws(
    () => runPruned(pruneToWeight(1, {epsilon: 1, seed: 1}).layers, [1, 2]),
    /1 inputs cannot take 2/,
  );
});
