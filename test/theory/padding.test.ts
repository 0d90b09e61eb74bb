import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {gainRules} from "../../src/core/gain";
import {keepCount} from "../../src/core/mask";
import {Stream} from "../../src/core/random";
import {keptMask, runPruned} from "../../src/plain/prunedLayer";
import {type Construction, pruneToLayer} from "../../src/theory/construct";
import {pruneToNetwork} from "../../src/theory/constructNetwork";
import {keepFractionsOf, padToKeepFraction} from "../../src/theory/padding";
import {randomPair} from "../../src/theory/signMatrix";

fc.configureGlobal({seed: 1});

const numbers = (n: number, seed: number, name: string): Float64Array => {
  const random = new Stream(seed, name);
  return Float64Array.from({length: n}, (_, i) => 2 * random.uniform(i) - 1);
};

const cases = fc.record({
  inputs: fc.integer({min: 1, max: 4}),
  outputs: fc.integer({min: 1, max: 4}),
  parts: fc.integer({min: 1, max: 8}),
  seed: fc.nat(1e6),
  share: fc.double({min: 0, max: 1, noNaN: true}),
});

const layerOf = (inputs: number, outputs: number, parts: number, seed: number): Construction =>
  pruneToLayer(
    {inputs, outputs, weights: numbers(inputs * outputs, seed, "w")},
    {parts, units: 12 * parts + 100, seed},
  );

test("300 random layers: at every common keep fraction of the interval the outputs are the same to the bit", () => {
  fc.assert(
    fc.property(cases, ({inputs, outputs, parts, seed, share}) => {
      const found = layerOf(inputs, outputs, parts, seed);
      const {least, most} = keepFractionsOf(found);
      const keepFraction = least + share * (most - least);
      const padded = padToKeepFraction(found, keepFraction);
      const x = numbers(inputs, seed, "x");
      assert.deepEqual(runPruned(padded, x), runPruned(found.layers, x));
      const {first, second} = randomPair(found.drawn);
      padded.forEach((layer, l) => {
        const mask = keptMask(layer);
        const kept = mask.reduce((sum, bit) => sum + bit, 0);
        assert.equal(kept, layer.from.length, "no edge twice");
        assert.equal(kept, keepCount(mask.length, keepFraction), "as many as biprop keeps");
        const signs = l === 0 ? first : second;
        for (let k = 0; k < layer.outputs; k++) {
          for (let e = layer.start[k]; e < layer.start[k + 1]; e++)
            assert.equal(layer.signs[e], signs.sign(layer.from[e], k), "the random network's own sign");
        }
      });
    }),
    {numRuns: 300},
  );
});

test("α stays: with equal sizes |W| the gain of biprop is that size at every k for which k·n is whole", () => {
  const found = layerOf(3, 2, 5, 1);
  for (const keepFraction of [0.125, 0.25, 0.375]) {
    for (const layer of padToKeepFraction(found, keepFraction)) {
      const mask = keptMask(layer);
      const weights = new Float32Array(mask.length).fill(0.5);
      assert.equal(mask.length % 8, 0);
      assert.equal(
        gainRules["mean-kept"](weights, mask, {keepFraction, fanIn: layer.inputs, selection: "layerwise"}),
        0.5,
      );
    }
  }
});

test("a network keeps its outputs when all its pairs of layers are padded to one keep fraction", () => {
  const target = [0, 1].map(l => ({
    inputs: 3,
    outputs: 3,
    weights: numbers(9, l, "w"),
    bias: numbers(3, l, "b"),
  }));
  const found = pruneToNetwork(target, {parts: 10, units: 240, seed: 3});
  for (const keepFraction of [0.1, 0.3, 0.45]) {
    const layers = found.parts.flatMap(part => padToKeepFraction(part, keepFraction));
    for (let i = 0; i < 20; i++) {
      const x = numbers(3, i, "x");
      assert.deepEqual(runPruned(layers, x), found.run(x));
    }
  }
});

test("outside the interval a keep fraction is refused, with the interval", () => {
  const found = layerOf(2, 2, 4, 5);
  const {least, most} = keepFractionsOf(found);
  assert.ok(least < 0.2 && most > 0.45 && most < 0.6, `${least} to ${most}`);
  padToKeepFraction(found, most);
  for (const keepFraction of [least / 2, most + 0.01, 1])
    assert.throws(() => padToKeepFraction(found, keepFraction), /can be padded to between 0\.\d+ and 0\.\d+/);
  assert.throws(() => padToKeepFraction(found, 0), /share of weights kept/);
});
