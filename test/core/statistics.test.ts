import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {mean, sd} from "../../src/core/statistics";

test("mean and sd of 2, 4, 4, 4, 5, 5, 7, 9 are 5 and √(32/7)", () => {
  const values = [2, 4, 4, 4, 5, 5, 7, 9];
  assert.equal(mean(values), 5);
  assert.equal(sd(values), Math.sqrt(32 / 7));
});

test("what has too few values is not a number", () => {
  assert.ok(Number.isNaN(mean([])) && Number.isNaN(sd([])) && Number.isNaN(sd([3])));
  assert.equal(mean([3]), 3);
});

test("a shift moves the mean and leaves the sd, a factor multiplies both", () => {
  const numbers = fc.array(fc.integer({min: -1000, max: 1000}), {minLength: 2, maxLength: 20});
  fc.assert(
    fc.property(numbers, fc.integer({min: -50, max: 50}), (values, a) => {
      const near = (x: number, y: number): void => assert.ok(Math.abs(x - y) < 1e-6, `${x}, ${y}`);
      near(mean(values.map(value => value + a)), mean(values) + a);
      near(sd(values.map(value => value + a)), sd(values));
      near(sd(values.map(value => a * value)), Math.abs(a) * sd(values));
    }),
  );
});
