import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {binaryEntropy} from "../../src/core/entropy";
import {revolvingDoor, swapBetween} from "../../src/plain/combinations";
import {choose, distinctFunctions, log2Choose} from "../../src/theory/counting";

fc.configureGlobal({seed: 1});

const pairs = fc.nat(60).chain(n => fc.tuple(fc.constant(n), fc.nat(n)));

test("choose follows Pascal's rule; log2Choose is its logarithm, within the entropy bounds", () => {
  fc.assert(
    fc.property(pairs, ([n, k]) => {
      assert.equal(choose(n + 1, k + 1), choose(n, k) + choose(n, k + 1));
      const bits = log2Choose(n, k);
      assert.ok(Math.abs(bits - Math.log2(Number(choose(n, k)))) < 1e-9);
      const most = n * binaryEntropy(n === 0 ? 0 : k / n);
      assert.ok(bits <= most + 1e-9 && bits >= most - Math.log2(n + 1) - 1e-9);
    }),
  );
  assert.equal(choose(8, 4), 70n);
  assert.equal(choose(3, 5), 0n);
});

test("the revolving door shows every mask once and moves one weight at a time", () => {
  for (let n = 0; n <= 9; n++) {
    for (let k = 0; k <= n; k++) {
      const masks = revolvingDoor(n, k);
      assert.equal(new Set(masks.map(String)).size, Number(choose(n, k)));
      masks.slice(1).forEach((mask, i) => {
        const swap = swapBetween(masks[i], mask);
        assert.deepEqual([swap.out.length, swap.in.length], [1, 1]);
      });
    }
  }
});

test("distinctFunctions equals the number of different functions over all 2^N choices", () => {
  const type = fc.constantFrom<[number, number]>([1, 1], [1, -1], [-1, 1], [-1, -1]);
  fc.assert(
    fc.property(fc.array(type, {maxLength: 9}), types => {
      const seen = new Set<string>();
      for (let word = 0; word < 2 ** types.length; word++) {
        const kept = types.filter((_, j) => (word >> j) & 1);
        const at = (x: number): number => kept.reduce((sum, [u, v]) => sum + v * Math.max(0, u * x), 0);
        seen.add(`${at(1)} ${at(-1)}`);
      }
      assert.equal(distinctFunctions(types), seen.size);
    }),
  );
});
