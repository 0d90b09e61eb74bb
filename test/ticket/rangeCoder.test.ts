import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {Estimate} from "../../src/ticket/estimate";
import {RangeDecoder, RangeEncoder} from "../../src/ticket/rangeCoder";

const bit = fc.record({bit: fc.integer({min: 0, max: 1}), one: fc.integer({min: 1, max: 65535})});

test("the decoder gives back any bits of any probabilities, and then stands at the end", () => {
  fc.assert(
    fc.property(fc.array(bit, {maxLength: 400}), bits => {
      const encoder = new RangeEncoder();
      for (const {bit, one} of bits) encoder.encode(bit, one);
      const decoder = new RangeDecoder(encoder.finish());
      for (const {bit, one} of bits) assert.equal(decoder.decode(one), bit);
      assert.ok(decoder.atEnd());
    }),
    {numRuns: 300, seed: 1},
  );
});

test("a run of bits is what they are one by one, whatever the bytes, with one context or one a bit", () => {
  fc.assert(
    fc.property(fc.uint8Array({maxLength: 80}), fc.nat({max: 40}), fc.boolean(), (bytes, length, moves) => {
      const [one, run] = [new RangeDecoder(bytes), new RangeDecoder(bytes)];
      const [slow, fast] = [new Estimate(length + 1), new Estimate(length + 1)];
      for (let row = 0; row < 12; row++) {
        const bits = Array.from({length}, (_, i) => {
          const context = moves ? i : 0;
          const bit = one.decode(slow.one(context));
          slow.count(context, bit);
          return bit;
        });
        const decoded = new Int8Array(length + 2).fill(7);
        run.decodeRun(decoded, 1, length + 1, fast, 0, moves ? 1 : 0);
        assert.deepEqual([...decoded], [7, ...bits, 7]);
        assert.deepEqual(fast, slow);
        assert.deepEqual([run.atEnd(), run.overran()], [one.atEnd(), one.overran()]);
      }
      assert.equal(run.decode(300), one.decode(300));
    }),
    {numRuns: 300, seed: 1},
  );
});

test("a carry runs through any number of bytes 255", () => {
  for (let zeros = 0; zeros < 40; zeros++) {
    const encoder = new RangeEncoder();
    const bits = [...Array(zeros).fill(0), 1, 0];
    for (const bit of bits) encoder.encode(bit, 1);
    encoder.encode(0, 65535);
    const decoder = new RangeDecoder(encoder.finish());
    assert.deepEqual(
      bits.map(() => decoder.decode(1)),
      bits,
    );
  }
});

test("bits cost what they say, −log₂ p, within 0.1 % and two bytes", () => {
  for (const one of [1, 300, 3277, 13107, 32768, 65000]) {
    const encoder = new RangeEncoder();
    let cost = 0;
    for (let i = 0; i < 40_000; i++) {
      const bit = (i * 40503) % 65536 < one ? 1 : 0;
      encoder.encode(bit, one);
      cost -= Math.log2((bit === 1 ? one : 65536 - one) / 65536);
    }
    assert.ok(encoder.finish().length <= (1.001 * cost) / 8 + 2, `p = ${one}/65536`);
  }
});
