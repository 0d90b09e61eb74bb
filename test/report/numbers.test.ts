import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {counted, percent} from "../../src/report/numbers";

test("a share in per cent is the share to six digits, however small: no share but 0 reads as 0 %", () => {
  for (const [share, text] of [
    [1e-9, "1e-7 %"],
    [0.0004, "0.04 %"],
    [0.2, "20 %"],
    [0.07, "7 %"],
    [1 / 3, "33.3333 %"],
    [1, "100 %"],
    [0, "0 %"],
  ] as const)
    assert.equal(percent(share), text);
  fc.assert(
    fc.property(fc.double({min: 1e-12, max: 1, noNaN: true}), share => {
      const read = Number(/^(\S+) %$/.exec(percent(share))?.[1]) / 100;
      assert.ok(Math.abs(read / share - 1) < 1e-5, percent(share));
    }),
  );
});

test("one of a thing is singular, none and many are plural", () => {
  assert.deepEqual(
    [0, 1, 2, 1500].map(n => counted(n, "cell")),
    ["0 cells", "1 cell", "2 cells", "1,500 cells"],
  );
});
