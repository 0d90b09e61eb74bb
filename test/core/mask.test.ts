import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {globalTopKMasks, keepCount, topKMask} from "../../src/core/mask";
import {Stream} from "../../src/core/random";
import {type Ranking, ranked, rankings} from "../../src/core/ranking";
import {smallestKept} from "../../src/core/select";

fc.configureGlobal({seed: 1});

/** Floats of all sizes, with the ties, zeros and infinities that break careless selections. */
const score = fc.oneof(
  fc.float({noNaN: true}),
  fc.constantFrom(0, -0, 1, -1, 0.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** -149),
);
const layer = fc.array(score, {minLength: 1, maxLength: 60}).map(values => Float32Array.from(values));
const keepFraction = fc.double({min: 0, max: 1, minExcluded: true, noNaN: true});

/** The definition: sort by falling magnitude (or score), then rising index; keep the first keepCount. */
function slowMask(scores: Float32Array, k: number, ranking: Ranking = "magnitude"): Uint8Array {
  const order = [...scores.keys()].sort((i, j) => {
    const [a, b] = [i, j].map(at => (ranking === "signed" ? scores[at] : Math.abs(scores[at])));
    return a === b ? i - j : b > a ? 1 : -1;
  });
  const mask = new Uint8Array(scores.length);
  for (const i of order.slice(0, keepCount(scores.length, k))) mask[i] = 1;
  return mask;
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap(part => [...part]));
}

test("keepCount rounds as the reference does: 2560 at 0.8 keeps 2049, 1728 at 0.2 keeps 346", () => {
  assert.equal(keepCount(2560, 0.8), 2049);
  assert.equal(keepCount(1728, 0.2), 346);
  assert.equal(keepCount(1728, 0.5), 864);
  assert.equal(keepCount(7, 1), 7);
  assert.equal(keepCount(1, 0.001), 1);
});

test("keepCount is n − trunc((1−k)·n): k·n rounded up, and one more where doubles round so", () => {
  fc.assert(
    fc.property(fc.integer({min: 1, max: 5_000_000}), fc.double({min: 1e-9, max: 1, noNaN: true}), (n, k) => {
      const kept = keepCount(n, k);
      assert.equal(kept, n - Math.trunc((1 - k) * n));
      assert.ok(kept >= 1 && kept <= n && kept >= k * n - 1e-6 && kept <= k * n + 1 + 1e-6);
    }),
  );
});

test("a keepFraction outside (0, 1] is refused", () => {
  for (const k of [0, -0.1, 1.5, Number.NaN]) {
    assert.throws(() => keepCount(10, k), {name: "RangeError", message: /keepFraction .* in \(0, 1\]/});
    assert.throws(() => topKMask(Float32Array.of(1), k), RangeError);
  }
});

test("topKMask equals the sorted definition, ties, zeros and infinities included", () => {
  fc.assert(
    fc.property(layer, keepFraction, fc.constantFrom(...rankings), (scores, k, ranking) => {
      assert.deepEqual(topKMask(scores, k, ranking), slowMask(scores, k, ranking));
    }),
    {numRuns: 500},
  );
});

/** So many that they are not sorted, as few are. */
const many = (scores: Float32Array, length = 5000): Float32Array =>
  Float32Array.from({length}, (_, i) => scores[i % scores.length]);

test("topKMask equals the sorted definition on such scores by the thousand", () => {
  fc.assert(
    fc.property(layer, keepFraction, fc.constantFrom(...rankings), (few, k, ranking) => {
      const scores = many(few);
      assert.deepEqual(topKMask(scores, k, ranking), slowMask(scores, k, ranking));
    }),
    {numRuns: 100},
  );
});

test("topKMask equals the sorted definition on both sides of 4096 scores", () => {
  const stream = new Stream(2, "edge");
  for (const length of [4095, 4096, 4097]) {
    const scores = Float32Array.from({length}, (_, i) => Math.round(1000 * (stream.uniform(i) - 0.5)));
    for (const ranking of rankings)
      for (const k of [0.1, 0.5, 1])
        assert.deepEqual(topKMask(scores, k, ranking), slowMask(scores, k, ranking));
  }
});

test("topKMask equals the sorted definition on a layer of 50,000 scores, also with many ties", () => {
  const stream = new Stream(1, "large");
  const fine = Float32Array.from({length: 50_000}, (_, i) => stream.uniform(i) - 0.5);
  const coarse = fine.map(s => Math.round(s * 50));
  for (const scores of [fine, coarse]) {
    for (const k of [0.05, 0.2, 0.5, 0.999]) {
      for (const ranking of rankings)
        assert.deepEqual(topKMask(scores, k, ranking), slowMask(scores, k, ranking));
    }
  }
});

test("of equal scores the lower indices are kept", () => {
  assert.deepEqual([...topKMask(Float32Array.of(2, -2, 2, 2), 0.5)], [1, 1, 0, 0]);
  assert.deepEqual([...topKMask(Float32Array.of(0, -0, 0, -0), 0.5)], [1, 1, 0, 0]);
  assert.deepEqual([...topKMask(Float32Array.of(-0, 1, 0), 0.5)], [1, 1, 0]);
  assert.deepEqual([...topKMask(Float32Array.of(-1, -0, 0, -1), 0.5, "signed")], [0, 1, 1, 0]);
});

test("by magnitude −3 is kept before 2, signed the other way", () => {
  const scores = Float32Array.of(-3, 2, 1);
  assert.deepEqual([...topKMask(scores, 0.3)], [1, 0, 0]);
  assert.deepEqual([...topKMask(scores, 0.3, "signed")], [0, 1, 0]);
});

test("a smaller keepFraction keeps a subset", () => {
  fc.assert(
    fc.property(layer, keepFraction, keepFraction, (scores, a, b) => {
      const [fewer, more] = [topKMask(scores, Math.min(a, b)), topKMask(scores, Math.max(a, b))];
      assert.ok(fewer.every((kept, i) => kept <= more[i]));
    }),
  );
});

test("a NaN among the scores is refused, whatever its bits", () => {
  const [quiet, signalling, negative] = [0x7fc00000, 0x7f800001, 0xffc00000];
  for (const bits of [quiet, signalling, negative]) {
    const scores = new Float32Array(Uint32Array.of(0x3f800000, bits, 0x40000000).buffer);
    for (const each of [scores, many(scores)])
      for (const ranking of rankings)
        assert.throws(() => topKMask(each, 0.5, ranking), {
          name: "RangeError",
          message: /scores contain NaN/,
        });
  }
});

test("globalTopKMasks is topKMask over the layers laid end to end", () => {
  fc.assert(
    fc.property(
      fc.array(layer, {minLength: 1, maxLength: 5}),
      keepFraction,
      fc.constantFrom(...rankings),
      (layers, k, ranking) => {
        const masks = globalTopKMasks(layers, k, ranking);
        assert.deepEqual(
          masks.map(mask => mask.length),
          layers.map(scores => scores.length),
        );
        assert.deepEqual(
          masks.flatMap(mask => [...mask]),
          [...slowMask(concatenate(layers), k, ranking)],
        );
      },
    ),
    {numRuns: 300},
  );
});

test("selection reads a view of a larger buffer, and leaves the scores as they are", () => {
  const whole = Float32Array.of(9, 9, 1, -3, 2, 9);
  assert.deepEqual([...topKMask(whole.subarray(2, 5), 0.6)], [0, 1, 1]);
  assert.deepEqual([...whole], [9, 9, 1, -3, 2, 9]);
});

test("smallestKept: as many scores exceed the boundary, plus its ties, as are kept", () => {
  const some = fc.array(layer, {minLength: 1, maxLength: 3});
  const several = fc.oneof(
    {weight: 9, arbitrary: some},
    some.map(layers => layers.map(each => many(each))),
  );
  fc.assert(
    fc.property(several, fc.nat(), fc.constantFrom(...rankings), (layers, any, ranking) => {
      const values = [...concatenate(layers)].map(s => ranked(s, ranking));
      const count = any % (values.length + 1);
      const {value, ties} = smallestKept(layers, count, ranking);
      const above = values.filter(s => s > value).length;
      assert.equal(above + ties, count);
      assert.ok(ties <= values.filter(s => s === value).length);
      if (count > 0) assert.ok(value === values.sort((a, b) => (a < b ? 1 : -1))[count - 1]);
    }),
  );
  assert.deepEqual(smallestKept([Float32Array.of(1)], 0), {value: Number.POSITIVE_INFINITY, ties: 0});
});

test("smallestKept refuses to keep more than there are, or fewer than none", () => {
  for (const count of [-1, 3, Number.NaN]) {
    assert.throws(() => smallestKept([Float32Array.of(1, 2)], count), {
      name: "RangeError",
      message: /cannot keep .* of 2 scores/,
    });
  }
});
