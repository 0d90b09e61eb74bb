import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {signOfActivation, signOfWeight} from "../../src/core/sign";

fc.configureGlobal({seed: 1});

test("both signs agree with Math.sign wherever it is not 0", () => {
  fc.assert(
    fc.property(fc.double({noNaN: true}), x => {
      fc.pre(x !== 0);
      assert.equal(signOfWeight(x), Math.sign(x));
      assert.equal(signOfActivation(x), Math.sign(x));
    }),
  );
});

test("the sign of a zero weight is 0, the sign of a zero activation is +1", () => {
  for (const zero of [0, -0]) {
    assert.equal(Math.abs(signOfWeight(zero)), 0);
    assert.equal(signOfActivation(zero), 1);
  }
});
