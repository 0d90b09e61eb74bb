import assert from "node:assert/strict";
import {before, test} from "node:test";
import fc from "fast-check";
import {keptInputs} from "../../../src/infer/keptInputs";
import {referenceLogits} from "../../../src/infer/reference";
import {Machine} from "../../../src/infer/wasm/kernels";
import {loadKernels} from "../../../src/infer/wasm/loadKernels";
import {thresholdOf} from "../../../src/infer/wasm/threshold";
import {maskedDot, popcount, xnorConv} from "../../../src/infer/wasm/xnor";
import {randomImages, randomNetwork} from "../randomNetwork";

let kernels: WebAssembly.Module;
before(async () => {
  kernels = await loadKernels();
});

test("keptInputs lists every kept input of every output once, by its sign, ascending", () => {
  const bit = fc.constantFrom(-1, 0, 1);
  fc.assert(
    fc.property(fc.array(fc.tuple(bit, bit, bit), {maxLength: 20}), rows => {
      const lists = keptInputs(Int8Array.from(rows.flat()), 3);
      lists.forEach(({plus, minus}, f) => {
        const having = (sign: number): number[] => rows.flatMap((row, i) => (row[f] === sign ? [i] : []));
        assert.deepEqual([...plus], having(1));
        assert.deepEqual([...minus], having(-1));
      });
    }),
  );
});

test("thresholdOf finds where a monotone predicate turns, rising, falling or constant", () => {
  fc.assert(
    fc.property(
      fc.integer({min: 0, max: 50}),
      fc.integer({min: -60, max: 60}),
      fc.boolean(),
      (n, turn, falling) => {
        const holds = (sum: number): boolean => sum >= turn !== falling;
        const {at, flipped} = thresholdOf(holds, n, falling);
        for (let sum = -n; sum <= n; sum++) assert.equal(sum >= at !== flipped, holds(sum));
      },
    ),
  );
});

test("popcount and maskedDot count bits as a loop does", () => {
  const word = fc.integer({min: 0, max: 2 ** 32 - 1});
  const ones = (x: number): number => [...(x >>> 0).toString(2)].filter(digit => digit === "1").length;
  fc.assert(fc.property(word, x => assert.equal(popcount(x), ones(x))));
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word, word), {maxLength: 5}), words => {
      const [x, w, mask] = [0, 1, 2].map(i => Uint32Array.from(words, triple => triple[i]));
      let sum = 0;
      words.forEach(([a, b, m]) => {
        for (let i = 0; i < 32; i++) if ((m >>> i) & 1) sum += (a >>> i) % 2 === (b >>> i) % 2 ? 1 : -1;
      });
      assert.equal(maskedDot(x, w, mask), sum);
    }),
  );
});

for (const channels of [1, 33, 64, 129]) {
  test(`XNOR and popcount give the reference's sums, ${channels} channels`, () => {
    for (const [kernel, stride] of [
      [3, 1],
      [3, 2],
      [1, 2],
    ]) {
      const pad = (kernel - 1) / 2;
      const image = [5, 6, channels] as const;
      const operations = [
        {op: "activation"},
        {op: "conv", name: "c", filters: 3, kernel, stride, pad},
      ] as const;
      const random = randomNetwork({operations, activation: "sign", image});
      const layer = {...random.layers.get("c")!, gain: 1};
      const x = randomImages(image, 1);
      const conv = xnorConv(new Machine(kernels), {h: 5, w: 6}, layer, {stride, pad});
      conv.load(x);
      conv.run();
      assert.deepEqual(
        [...conv.sums()],
        [...referenceLogits({...random, layers: new Map([["c", layer]])}, x)],
      );
    }
  });
}

test("the reference on numbers that can be followed by hand", () => {
  // One channel, one 3×3 filter keeping the centre (+) and its left neighbour (−), gain 2: y = 2·(x − left).
  const signs = Int8Array.from([0, 0, 0, -1, 1, 0, 0, 0, 0]);
  const operations = [{op: "conv", name: "c", filters: 1, kernel: 3, stride: 1, pad: 1}] as const;
  const layers = new Map([["c", {shape: [3, 3, 1, 1], signs, gain: 2}]]);
  const network = {operations, activation: "relu", image: [1, 3, 1], layers, norms: new Map()} as const;
  assert.deepEqual([...referenceLogits(network, Float32Array.from([1, 5, -2]))], [2, 8, -14]);
  const signed = {...network, activation: "sign", operations: [...operations, {op: "activation"}]} as const;
  assert.deepEqual([...referenceLogits(signed, Float32Array.from([1, 1, -2]))], [1, 1, -1]);
});
