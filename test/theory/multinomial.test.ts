import assert from "node:assert/strict";
import {test} from "node:test";
import {
  binomialInterval,
  binomialPmf,
  fewestUnits,
  fewestUnitsForWeight,
  successProbability,
  weightProbability,
} from "../../src/theory/multinomial";
import {measuredSuccess, scarcestType} from "../../src/theory/typeCounts";

const close = (a: number, b: number, by = 1e-12): void =>
  assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`);

/** Every assignment of types to units, one by one: u for each unit of an input, v for each of its outputs. */
function byEnumeration(parts: number, units: number, outputs: number): number {
  const bits = units * (outputs + 1);
  let good = 0;
  for (let word = 0; word < 2 ** bits; word++) {
    const counts = new Uint32Array(4 * outputs);
    for (let unit = 0; unit < units; unit++) {
      const own = Math.floor(word / 2 ** (unit * (outputs + 1)));
      for (let k = 0; k < outputs; k++) counts[4 * k + 2 * (own & 1) + ((own >> (k + 1)) & 1)]++;
    }
    if (Math.min(...counts) >= parts) good++;
  }
  return good / 2 ** bits;
}

test("successProbability equals the count over all sign patterns", () => {
  for (const [parts, units, outputs] of [
    [1, 4, 1],
    [1, 5, 1],
    [2, 8, 1],
    [1, 4, 2],
    [1, 5, 2],
    [1, 4, 3],
  ]) {
    close(successProbability({parts, units, outputs}), byEnumeration(parts, units, outputs));
  }
});

test("one unit of each type among four: 4!/4⁴ = 3/32; inputs are independent; fewer than 4n units always fail", () => {
  close(successProbability({parts: 1, units: 4}), 3 / 32);
  close(successProbability({parts: 1, units: 4, inputs: 3}), (3 / 32) ** 3);
  assert.equal(successProbability({parts: 5, units: 19}), 0);
});

test("weightProbability: 4 units serve w = 1 with 1 − 2(¾)⁴ + (½)⁴, and equals the count over all type patterns", () => {
  close(weightProbability({parts: 1, units: 4}), 1 - 2 * 0.75 ** 4 + 0.5 ** 4);
  assert.equal(weightProbability({parts: 3, units: 5}), 0);
  const [parts, units] = [2, 6];
  let good = 0;
  for (let word = 0; word < 4 ** units; word++) {
    const types = Array.from({length: units}, (_, j) => (word >> (2 * j)) & 3);
    if ([0, 3].every(type => types.filter(each => each === type).length >= parts)) good++;
  }
  close(weightProbability({parts, units}), good / 4 ** units);
});

test("one weight asks for fewer units than all weights at once, and for no more than it must", () => {
  for (const parts of [1, 4, 16, 64]) {
    const units = fewestUnitsForWeight(parts, 0.01);
    assert.ok(units <= fewestUnits({parts}, 0.01));
    assert.ok(1 - weightProbability({parts, units}) <= 0.01);
    assert.ok(1 - weightProbability({parts, units: units - 1}) > 0.01);
  }
  assert.equal(fewestUnitsForWeight(256, 0.01), 1173);
});

test("a binomial distribution sums to 1 and has its mean, also at p = 0 and 1", () => {
  for (const p of [0, 0.25, 0.5, 1]) {
    const pmf = binomialPmf(40, p);
    close(
      pmf.reduce((a, b) => a + b, 0),
      1,
    );
    close(
      pmf.reduce((sum, value, k) => sum + k * value, 0),
      40 * p,
      1e-11,
    );
  }
});

test("Clopper and Pearson's interval: the closed forms at 0 and all successes, a table's value between", () => {
  const [zero, above] = binomialInterval(0, 20, 0.95);
  assert.deepEqual([zero, binomialInterval(20, 20, 0.95)[1]], [0, 1]);
  close(above, 1 - 0.025 ** (1 / 20), 1e-9);
  const [low, high] = binomialInterval(5, 10, 0.95);
  close(low, 0.1871, 5e-5);
  close(high, 0.8129, 5e-5);
});

test("fewestUnits is where the failure first falls to δ", () => {
  const units = fewestUnits({parts: 10, outputs: 3}, 0.01);
  assert.ok(1 - successProbability({parts: 10, outputs: 3, units}) <= 0.01);
  assert.ok(1 - successProbability({parts: 10, outputs: 3, units: units - 1}) > 0.01);
});

test("random layers succeed as often as the exact probability says, in 99 % intervals, and never below 4n units", () => {
  for (const units of [39, 40, 48, 56, 64, 80]) {
    const chance = {parts: 10, units, inputs: 2, outputs: 2};
    const {rate, interval} = measuredSuccess({...chance, trials: 600, seed: 1});
    const exact = successProbability(chance);
    assert.ok(interval[0] <= exact && exact <= interval[1], `N = ${units}: ${rate} against ${exact}`);
    if (units < 40) assert.equal(rate, 0);
  }
});

test("the scarcest type is at most a quarter of the units", () => {
  for (let seed = 0; seed < 20; seed++) assert.ok(scarcestType({units: 40, seed}) <= 10);
});
