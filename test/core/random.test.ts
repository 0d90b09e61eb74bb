import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {fnv1a, Stream} from "../../src/core/random";
import {threefry2x32} from "../../src/core/threefry";
import {mean} from "./close";

fc.configureGlobal({seed: 1});

const N = 100_000;
const seeds = fc.integer({min: 0, max: 0xffffffff});
const list = (n: number, of: (i: number) => number): number[] => Array.from({length: n}, (_, i) => of(i));

function block(key: [number, number], counter: [number, number]): number[] {
  const out = new Uint32Array(2);
  threefry2x32(...key, ...counter, out);
  return [...out];
}

/** Neighbouring words as one 52-bit number: two streams that run in parallel, shifted or not, have many in common. */
function runs(stream: Stream): Set<number> {
  const words = list(N, i => stream.word(i));
  return new Set(list(N - 1, i => words[i] * 2 ** 20 + (words[i + 1] >>> 12)));
}

test("threefry2x32 gives the known answers of Random123 for 20 rounds", () => {
  const ones: [number, number] = [0xffffffff, 0xffffffff];
  assert.deepEqual(block([0, 0], [0, 0]), [0x6b200159, 0x99ba4efe]);
  assert.deepEqual(block(ones, ones), [0x1cb996fc, 0xbb002be7]);
  assert.deepEqual(
    block([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3]),
    [0xc4923a9c, 0x483df7a0],
    "digits of pi",
  );
});

test("fnv1a gives the published hashes", () => {
  assert.equal(fnv1a("") >>> 0, 0x811c9dc5);
  assert.equal(fnv1a("a") >>> 0, 0xe40c292c);
  assert.equal(fnv1a("foobar") >>> 0, 0xbf9cf968);
});

test("words 2i and 2i + 1 are Threefry's block i under the key (seed, hash of the name)", () => {
  fc.assert(
    fc.property(seeds, fc.string(), fc.nat(2 ** 30), (seed, name, i) => {
      const stream = new Stream(seed, name);
      assert.deepEqual([stream.word(2 * i), stream.word(2 * i + 1)], block([seed, fnv1a(name)], [i, 0]));
    }),
  );
  assert.equal(new Stream(5, "far").word(2 ** 33), block([5, fnv1a("far")], [0, 1])[0], "64-bit counter");
});

test("a value does not depend on which others were asked for, nor in which order", () => {
  fc.assert(
    fc.property(seeds, fc.array(fc.nat(5000), {minLength: 1}), (seed, indices) => {
      const used = new Stream(seed, "order");
      const asked = indices.map(i => [used.word(i), used.bit(i), used.uniform(i), used.normalMagnitude(i)]);
      const fresh = indices.map(i => {
        const one = (): Stream => new Stream(seed, "order");
        return [one().word(i), one().bit(i), one().uniform(i), one().normalMagnitude(i)];
      });
      assert.deepEqual(asked, fresh);
    }),
  );
});

test("streams of adjacent seeds and of other names share no run of words, at any shift", () => {
  const first = runs(new Stream(1, "conv1/signs"));
  assert.equal(first.size, N - 1, "a stream does not repeat itself");
  const others: [number, string][] = [
    [0, "conv1/signs"],
    [2, "conv1/signs"],
    [1, "conv2/signs"],
    [1, "conv1/magnitudes"],
    [1, "conv1/scores"],
  ];
  for (const [seed, name] of others) {
    const shared = [...runs(new Stream(seed, name))].filter(run => first.has(run));
    assert.equal(shared.length, 0, `seed ${seed}, ${name}`);
  }
});

test("uniform has the mean and variance of the uniform distribution, within four standard errors", () => {
  const stream = new Stream(3, "uniform");
  const values = list(N, i => stream.uniform(i));
  assert.ok(Math.abs(mean(values) - 1 / 2) < 4 * Math.sqrt(1 / 12 / N));
  assert.ok(Math.abs(mean(values, u => (u - 0.5) ** 2) - 1 / 12) < 4 * Math.sqrt(1 / 180 / N));
});

test("uniform never gives 0 or 1, not even for the extreme words", () => {
  class Constant extends Stream {
    constructor(readonly value: number) {
      super(0, "constant");
    }
    override word(): number {
      return this.value;
    }
  }
  assert.equal(new Constant(0).uniform(0), 2 ** -33);
  assert.equal(new Constant(0xffffffff).uniform(0), 1 - 2 ** -33);
  assert.equal(new Constant(0).integer(0, 7), 0);
  assert.equal(new Constant(0xffffffff).integer(0, 7), 6);
});

test("bit i is bit i mod 32 of word i div 32, and half of the bits are set", () => {
  const stream = new Stream(4, "bits");
  const bits = list(N, i => stream.bit(i));
  assert.deepEqual(
    bits,
    list(N, i => (stream.word(Math.floor(i / 32)) >>> (i % 32)) & 1),
  );
  assert.ok(Math.abs(mean(bits) - 0.5) < 4 * Math.sqrt(0.25 / N));
  const changes = list(N - 1, i => bits[i] ^ bits[i + 1]);
  assert.ok(Math.abs(mean(changes) - 0.5) < 4 * Math.sqrt(0.25 / N), "neighbours are independent");
});

test("normalMagnitude is positive with the moments of |N(0, 1)|, within four standard errors", () => {
  const stream = new Stream(5, "normal");
  const values = list(N, i => stream.normalMagnitude(i));
  assert.ok(values.every(v => v > 0 && Number.isFinite(v)));
  const moments: [number, number, number][] = [
    [1, Math.sqrt(2 / Math.PI), 1 - 2 / Math.PI],
    [2, 1, 2],
    [4, 3, 96],
  ];
  for (const [power, expected, variance] of moments) {
    const measured = mean(values, v => v ** power);
    assert.ok(Math.abs(measured - expected) < 4 * Math.sqrt(variance / N), `moment ${power}: ${measured}`);
  }
});

test("integer fills 0 … below − 1 evenly", () => {
  const stream = new Stream(6, "integers");
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < N; i++) counts[stream.integer(i, 10)]++;
  for (const count of counts) assert.ok(Math.abs(count - N / 10) < 4 * Math.sqrt(N * 0.1 * 0.9), `${count}`);
});

test("permutation(n) holds each of 0 … n − 1 once", () => {
  fc.assert(
    fc.property(seeds, fc.nat(300), (seed, n) => {
      const sorted = new Stream(seed, "permutation").permutation(n).sort();
      assert.deepEqual(
        [...sorted],
        list(n, i => i),
      );
    }),
  );
});

test("each of the six permutations of three comes equally often", () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 6000; seed++) {
    const order = new Stream(seed, "six").permutation(3).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  for (const count of counts.values()) assert.ok(Math.abs(count - 1000) < 4 * Math.sqrt(6000 * (5 / 36)));
});

test("a seed that is not an integer from 0 to 2³² − 1 is refused", () => {
  for (const seed of [-1, 2 ** 32, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => new Stream(seed, "x"), {
      name: "RangeError",
      message: /seed must be an integer from 0 to 4294967295/,
    });
  }
  assert.equal(typeof new Stream(0xffffffff, "x").word(0), "number");
});
