import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {type FanName, fanOf, fanRules} from "../../src/core/fan";
import {Stream} from "../../src/core/random";
import {randomWeights, type WeightName, type WeightOptions, weightRules} from "../../src/core/weights";
import {assertClose, mean} from "./close";

fc.configureGlobal({seed: 1});

const FAN_IN = 90;
const FAN_OUT = 9 * 120;
const shape = [3, 3, 10, 120];
const N = 3 * 3 * 10 * 120;
const names = Object.keys(weightRules) as WeightName[];
const signed: WeightName[] = [
  "kaiming-normal",
  "kaiming-uniform",
  "signed-constant",
  "xavier-normal",
  "xavier-constant",
  "standard",
];
const scaled: WeightName[] = ["kaiming-normal", "kaiming-uniform", "signed-constant", "unsigned-constant"];

function draw(rule: WeightName, options: Partial<WeightOptions> = {}): Float32Array {
  return randomWeights(shape, {rule, keepFraction: 0.2, seed: 1, name: "layer", ...options});
}
/** The same over several layers, so that a measured moment is sharp. */
function drawMany(rule: WeightName): Float32Array {
  const parts = Array.from({length: 10}, (_, layer) => [...draw(rule, {name: `layer${layer}`})]);
  return Float32Array.from(parts.flat());
}
const secondMoment = (values: ArrayLike<number>): number => mean(values, w => w * w);
const largest = (values: Float32Array): number => values.reduce((m, w) => Math.max(m, Math.abs(w)), 0);

test("fanOf: inputs and outputs that meet in one weight, of a convolution HWIO and of a dense layer IO", () => {
  assert.deepEqual(fanOf([3, 3, 16, 32]), {in: 144, out: 288});
  assert.deepEqual(fanOf([10, 7]), {in: 10, out: 7});
  assert.throws(() => fanOf([10]), {name: "RangeError", message: /HWIO or IO, got \[10\]/});
});

const normals: [WeightName, number][] = [
  ["kaiming-normal", Math.sqrt(2 / FAN_IN)],
  ["xavier-normal", Math.sqrt(2 / (FAN_IN + FAN_OUT))],
];
for (const [rule, sd] of normals) {
  test(`${rule} has mean 0, the stated standard deviation and a normal's fourth moment`, () => {
    const values = drawMany(rule);
    const n = values.length;
    assert.equal(n, 10 * N);
    assert.ok(Math.abs(mean(values)) < (4 * sd) / Math.sqrt(n));
    assert.ok(Math.abs(secondMoment(values) / sd ** 2 - 1) < 4 * Math.sqrt(2 / n));
    assert.ok(Math.abs(mean(values, w => (w / sd) ** 4) - 3) < 4 * Math.sqrt(96 / n));
  });
}

const uniforms: [WeightName, number][] = [
  ["kaiming-uniform", Math.sqrt(6 / FAN_IN)],
  ["standard", 1 / Math.sqrt(FAN_IN)],
];
for (const [rule, bound] of uniforms) {
  test(`${rule} fills its stated bound evenly and never exceeds it`, () => {
    const values = drawMany(rule);
    const n = values.length;
    assert.ok(largest(values) <= Math.fround(bound) && largest(values) > 0.9999 * bound);
    assert.ok(Math.abs(mean(values)) < (4 * bound) / Math.sqrt(3 * n));
    assert.ok(Math.abs(secondMoment(values) / (bound ** 2 / 3) - 1) < 4 * Math.sqrt(4 / 5 / n));
  });
}

const constants: [WeightName, number[]][] = [
  ["signed-constant", [-Math.sqrt(2 / FAN_IN), Math.sqrt(2 / FAN_IN)]],
  ["unsigned-constant", [Math.sqrt(2 / FAN_IN)]],
  ["xavier-constant", [-Math.sqrt(2 / (FAN_IN + FAN_OUT)), Math.sqrt(2 / (FAN_IN + FAN_OUT))]],
  ["ones", [1]],
  ["bernoulli", [0, 1]],
  ["scaled-bernoulli", [0, Math.sqrt(2 / FAN_IN)]],
];
for (const [rule, expected] of constants) {
  test(`${rule} takes its ${expected.length} stated value(s), each equally often`, () => {
    const values = drawMany(rule);
    const distinct = [...new Set(values)].sort((a, b) => a - b);
    assertClose(distinct, expected, 1e-7);
    for (const value of distinct) {
      const share = mean(values, w => (w === value ? 1 : 0));
      assert.ok(Math.abs(share - 1 / expected.length) < 4 * Math.sqrt(0.25 / values.length), `${value}`);
    }
  });
}

test("every initialisation has its moments or values tested above", () => {
  const tested = [...normals, ...uniforms, ...constants].map(([name]) => name);
  assert.deepEqual(tested.sort(), [...names].sort());
});

test("the same seed and name give the same signs under every signed rule", () => {
  fc.assert(
    fc.property(fc.integer({min: 0, max: 0xffffffff}), fc.string(), (seed, name) => {
      const of = (rule: WeightName): Float32Array =>
        randomWeights([4, 25], {rule, keepFraction: 0.5, seed, name});
      const signs = of("signed-constant").map(Math.sign);
      for (const rule of signed) assert.deepEqual(of(rule).map(Math.sign), signs, rule);
      for (const rule of ["bernoulli", "scaled-bernoulli"] as const) {
        assert.deepEqual(
          of(rule).map(w => (w > 0 ? 1 : -1)),
          signs,
          rule,
        );
      }
    }),
    {numRuns: 30},
  );
});

test("no weight is zero, but under the Bernoulli rules", () => {
  for (const rule of names) {
    const zeros = drawMany(rule).filter(w => w === 0).length;
    if (rule.includes("bernoulli")) assert.ok(zeros > 0, rule);
    else assert.equal(zeros, 0, rule);
  }
});

const factors: [FanName, number][] = [
  ["pruned", 1 / Math.sqrt(1 - 0.2)],
  ["kept", 1 / Math.sqrt(0.2)],
  ["none", 1],
];
for (const [fan, factor] of factors) {
  test(`fan rule ${fan} multiplies Kaiming's and the constant weights at k = 0.2 by ${factor.toFixed(3)}`, () => {
    for (const rule of scaled) {
      assertClose(
        draw(rule, {fan}),
        draw(rule).map(w => w * factor),
        1e-6,
        rule,
      );
    }
    for (const rule of ["xavier-normal", "xavier-constant", "standard", "ones", "bernoulli"] as const) {
      assert.deepEqual(draw(rule, {fan}), draw(rule), `${rule} is never scaled`);
    }
  });
}

test("keeping all weights with fan rule pruned is refused: it would divide by zero", () => {
  assert.throws(() => draw("kaiming-normal", {fan: "pruned", keepFraction: 1}), {
    name: "RangeError",
    message: /fan rule pruned .*use kept or none/,
  });
  for (const fan of ["kept", "none"] as const) {
    assert.ok(draw("kaiming-normal", {fan, keepFraction: 1}).every(Number.isFinite));
  }
});

test("a layer's weights depend on seed, name and shape alone, not on the layers drawn before", () => {
  const alone = draw("kaiming-normal", {name: "b"});
  draw("kaiming-normal", {name: "a"});
  assert.deepEqual(draw("kaiming-normal", {name: "b"}), alone);
  assert.notDeepEqual(draw("kaiming-normal", {name: "a"}), alone);
  assert.notDeepEqual(draw("kaiming-normal", {name: "b", seed: 2}), alone);
  const same = draw("kaiming-normal", {name: "b", keepFraction: 0.7});
  assert.deepEqual(same, alone, "without a fan rule, k plays no part");
});

test("weight i is bit i of the stream name/signs and normal i of the stream name/magnitudes", () => {
  const [signs, magnitudes] = [new Stream(1, "layer/signs"), new Stream(1, "layer/magnitudes")];
  const sd = Math.SQRT2 / Math.sqrt(FAN_IN);
  const expected = Float32Array.from(
    {length: N},
    (_, i) => (signs.bit(i) ? -1 : 1) * sd * magnitudes.normalMagnitude(i),
  );
  assert.deepEqual(draw("kaiming-normal"), expected);
});

test("magnitudes and signs are independent, also between layers of one seed", () => {
  const [a, b] = [drawMany("kaiming-normal"), draw("kaiming-normal", {name: "other"})];
  const sd2 = 2 / FAN_IN;
  const crossing = mean(a, w => Math.sign(w) * (w * w - sd2)) / sd2;
  assert.ok(Math.abs(crossing) < 4 * Math.sqrt(2 / a.length));
  const shared = mean(
    b.map((w, i) => (w * a[i]) / sd2),
    v => v,
  );
  assert.ok(Math.abs(shared) < 4 / Math.sqrt(b.length));
});

test("unknown names are refused with the list of what there is, names of Object's own included", () => {
  for (const rule of ["kaiming", "toString", "__proto__"]) {
    assert.throws(() => draw(rule as WeightName), {
      name: "RangeError",
      message: new RegExp(`unknown weight initialisation "${rule}"; choose ${names.join(", ")}`),
    });
  }
  assert.throws(() => draw("ones", {fan: "half" as FanName}), {
    name: "RangeError",
    message: new RegExp(`unknown fan rule "half"; choose ${Object.keys(fanRules).join(", ")}`),
  });
});

test("a keepFraction outside (0, 1] is refused, also where no rule uses it", () => {
  assert.throws(() => draw("ones", {keepFraction: 0}), RangeError);
});

test("a function of the user's own takes the place of a weight or fan rule", () => {
  const own = randomWeights([2, 3], {
    rule: (i, {sd, sign}) => i + Math.abs(sign(i)) * sd,
    fan: (fan, k) => 2 * fan * k,
    keepFraction: 0.5,
    seed: 0,
    name: "own",
  });
  assertClose(
    own,
    [0, 1, 2, 3, 4, 5].map(i => i + 1),
    1e-7,
  );
});
