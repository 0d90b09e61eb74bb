import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {Stream} from "../../src/core/random";
import {lipschitz, polygonNetwork, type ReluNetwork, runRelu} from "../../src/plain/reluNetwork";
import {
  achievedNetwork,
  activationNorms,
  certify,
  certifyFound,
  pruneToNetwork,
  sizesForError,
} from "../../src/theory/constructNetwork";
import {assertClose} from "../core/close";

fc.configureGlobal({seed: 1});

const sizes = fc.record({
  widths: fc.array(fc.integer({min: 1, max: 3}), {minLength: 2, maxLength: 4}),
  parts: fc.integer({min: 1, max: 10}),
  seed: fc.nat(1e6),
});

/** A network with weights and biases in (−2, 2), and an input in (−1, 1). */
function randomNetwork(widths: number[], seed: number): {target: ReluNetwork; x: Float64Array} {
  const values = (n: number, name: string, size: number): Float64Array => {
    const random = new Stream(seed, name);
    return Float64Array.from({length: n}, (_, i) => size * (2 * random.uniform(i) - 1));
  };
  const target = widths.slice(1).map((outputs, l) => ({
    inputs: widths[l],
    outputs,
    weights: values(widths[l] * outputs, `w${l}`, 2),
    bias: values(outputs, `b${l}`, 2),
  }));
  return {target, x: values(widths[0], "x", 1)};
}

test("1,000 random networks of depth l inside depth 2l: every output within its certificate", () => {
  fc.assert(
    fc.property(sizes, ({widths, parts, seed}) => {
      const {target, x} = randomNetwork(widths, seed);
      const found = pruneToNetwork(target, {parts, units: 8 * parts + 200, seed});
      assert.equal(found.layers.length, 2 * target.length);
      const promised = certify(target, parts, x);
      const known = certifyFound(target, found)(x);
      const exact = runRelu(target, x);
      found.run(x).forEach((y, k) => {
        assert.ok(Math.abs(y - exact[k]) <= known[k] + 1e-9, "the found network's own certificate");
        assert.ok(known[k] <= promised[k] + 1e-9, "no worse than promised");
      });
    }),
    {numRuns: 1000},
  );
});

test("with units missing the found network's own certificate still holds", () => {
  fc.assert(
    fc.property(sizes, ({widths, parts, seed}) => {
      const {target, x} = randomNetwork(widths, seed);
      const found = pruneToNetwork(target, {parts, units: 3 * parts, seed, shortage: "fewer"});
      const certificate = certifyFound(target, found)(x);
      const exact = runRelu(target, x);
      found.run(x).forEach((y, k) => {
        assert.ok(Math.abs(y - exact[k]) <= certificate[k] + 1e-9);
      });
    }),
    {numRuns: 300},
  );
});

test("achievedNetwork computes what the signs compute, on inputs that are not negative", () => {
  fc.assert(
    fc.property(sizes, ({widths, parts, seed}) => {
      const {target, x} = randomNetwork(widths, seed);
      const found = pruneToNetwork(target, {parts, units: 4 * parts, seed, shortage: "fewer"});
      const size = x.map(Math.abs);
      assertClose(runRelu(achievedNetwork(found), size), found.run(size), 1e-9, "outputs", 1);
    }),
    {numRuns: 100},
  );
});

test("a certificate by hand: two layers of one weight each", () => {
  const target = [
    {inputs: 1, outputs: 1, weights: Float64Array.of(1), bias: Float64Array.of(0)},
    {inputs: 1, outputs: 1, weights: Float64Array.of(-2), bias: Float64Array.of(0)},
  ];
  // e₁ = 1·(3 + 1)/(2·10) = 0.2; e₂ = 2·(3 + 0.2 + 1)/(2·10) + 2·0.2 = 0.82
  assert.ok(Math.abs(certify(target, 10, [3])[0] - 0.82) < 1e-12);
});

test("sizesForError keeps its word: the certificate and the error stay below ε on inputs within the norms", () => {
  fc.assert(
    fc.property(sizes, fc.double({min: 0.3, max: 3, noNaN: true}), ({widths, seed}, epsilon) => {
      const {target, x} = randomNetwork(widths, seed);
      const l1 = activationNorms(target, [x]);
      const {parts, units} = sizesForError(target, {epsilon, l1, delta: 1e-4});
      assert.ok(Math.max(...certify(target, parts, x)) <= epsilon + 1e-9);
      if (Math.max(...units) > 3000) return;
      const {run} = pruneToNetwork(target, {parts, units, seed});
      const exact = runRelu(target, x);
      run(x).forEach((y, k) => {
        assert.ok(Math.abs(y - exact[k]) <= epsilon);
      });
    }),
    {numRuns: 40},
  );
  const {target} = randomNetwork([1, 1], 1);
  assert.throws(() => sizesForError(target, {epsilon: 1, l1: [1, 1]}), /one bound a layer: 1, got 2/);
});

test("lipschitz is the largest column sum, and no pair of inputs moves the outputs by more", () => {
  const weights = Float64Array.of(1, -2, 3, 0.5);
  assert.equal(lipschitz({inputs: 2, outputs: 2, weights}), 4);
});

test("polygonNetwork goes through its knots and is straight between", () => {
  const f = (x: number): number => Math.sin(3 * x);
  const network = polygonNetwork(f, 8);
  for (let j = 0; j <= 8; j++) {
    const knot = -1 + j / 4;
    assert.ok(Math.abs(runRelu(network, [knot])[0] - f(knot)) < 1e-12);
    if (j < 8) {
      const middle = (f(knot) + f(knot + 0.25)) / 2;
      assert.ok(Math.abs(runRelu(network, [knot + 0.125])[0] - middle) < 1e-12);
    }
  }
  assert.throws(() => polygonNetwork(f, 0), /pieces must be a whole number, got 0/);
});
