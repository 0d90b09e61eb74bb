import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {checkSchedule, inSteps, learningRateAt, type Schedule} from "../../src/optim/schedule";
import rules from "../golden/rules.json";

const ratesOf = (schedule: Schedule): number[] =>
  Array.from({length: schedule.epochs}, (_, epoch) => learningRateAt(schedule, epoch));

function assertRates(schedule: Schedule, expected: number[]): void {
  const rates = ratesOf(schedule);
  assert.equal(rates.length, expected.length);
  for (const [e, rate] of rates.entries()) {
    assert.ok(Math.abs(rate - expected[e]) <= 1e-15, `epoch ${e}: ${rate} vs ${expected[e]}`);
  }
}

const base = {learningRate: 0.1, epochs: 8};

test("cosine equals PyTorch's rates to 1e-15", () => {
  assertRates({name: "cosine", ...base}, rules.optimizers.sgdCosine.rates);
});

test("cosine after three epochs of warm-up equals PyTorch's rates to 1e-15", () => {
  assertRates({name: "cosine", ...base, warmupEpochs: 3}, rules.optimizers.sgdWarmup3Cosine.rates);
});

test("cosine over 100 epochs ends at 2.467e-5, not at 0", () => {
  const last = learningRateAt({name: "cosine", learningRate: 0.1, epochs: 100}, 99);
  assert.ok(Math.abs(last - 2.4672e-5) < 1e-9, `${last}`);
});

test("constant stays, after its warm-up", () => {
  assertRates({name: "constant", learningRate: 0.4, epochs: 4, warmupEpochs: 2}, [0.2, 0.4, 0.4, 0.4]);
});

test("multistep multiplies by gamma every adjust epochs, by default 0.1 every 20", () => {
  const schedule: Schedule = {name: "multistep", learningRate: 1, epochs: 60};
  assert.deepEqual(
    [0, 19, 20, 39, 40, 59].map(e => learningRateAt(schedule, e)),
    [1, 1, 0.1, 0.1, 0.1 ** 2, 0.1 ** 2],
  );
  assertRates({name: "multistep", learningRate: 1, epochs: 5, adjust: 2, gamma: 0.5}, [1, 1, 0.5, 0.5, 0.25]);
});

test("multistep with milestones multiplies by gamma at each of them", () => {
  assertRates(
    {name: "multistep", learningRate: 1, epochs: 5, milestones: [1, 4], gamma: 0.5},
    [1, 0.5, 0.5, 0.5, 0.25],
  );
});

test("cosine falls at every epoch after the warm-up and stays in (0, learningRate]", () => {
  fc.assert(
    fc.property(fc.integer({min: 1, max: 200}), fc.nat(), (epochs, w) => {
      const warmupEpochs = w % epochs;
      const rates = ratesOf({name: "cosine", learningRate: 0.1, epochs, warmupEpochs});
      assert.ok(rates.every(r => r > 0 && r <= 0.1 + 1e-15));
      assert.ok(rates.slice(warmupEpochs).every((r, i, after) => i === 0 || r < after[i - 1]));
    }),
    {seed: 1},
  );
});

test("a schedule survives JSON", () => {
  const schedule: Schedule = {name: "cosine", ...base, warmupEpochs: 3};
  assert.deepEqual(ratesOf(JSON.parse(JSON.stringify(schedule))), ratesOf(schedule));
});

const refused: [unknown, RegExp][] = [
  [{...base, name: "linear"}, /no schedule "linear"; choose one of constant, cosine, multistep/],
  [{...base, name: "toString"}, /no schedule "toString"/],
  [
    {...base, name: "multistep", warmupEpochs: 3},
    /"multistep" takes no warmupEpochs, only learningRate, epochs/,
  ],
  [{...base, name: "cosine", gamma: 0.1}, /"cosine" takes no gamma/],
  [{...base, name: "cosine", learningRate: -1}, /learningRate must be a number >= 0, got -1/],
  [{...base, name: "cosine", epochs: 1.5}, /epochs must be a whole number >= 0, got 1.5/],
  [{...base, name: "cosine", warmupEpochs: 9}, /warmupEpochs must be a whole number from 0 to 8/],
  [{...base, name: "multistep", adjust: 0}, /adjust must be a whole number >= 1, got 0/],
  [{...base, name: "multistep", gamma: 0}, /gamma must be a number > 0, got 0/],
  [{...base, name: "multistep", adjust: 2, milestones: [1]}, /either adjust or milestones, not both/],
  [
    {...base, name: "multistep", milestones: [4, 2]},
    /milestones must be whole epochs in rising order, got 4, 2/,
  ],
];
for (const [schedule, message] of refused) {
  test(`a bad schedule is refused: ${message.source}`, () => {
    assert.throws(
      () => checkSchedule(schedule as Schedule),
      error => error instanceof RangeError && message.test(error.message),
    );
  });
}

test("an epoch outside the training is refused", () => {
  for (const epoch of [-1, 8, 0.5]) {
    assert.throws(
      () => learningRateAt({name: "constant", ...base}, epoch),
      /epoch must be a whole number from 0 to 7/,
    );
  }
});

test("in steps, a cosine begins each epoch as by epochs and falls within it; in one step an epoch nothing changes", () => {
  for (const warmupEpochs of [0, 2]) {
    const schedule: Schedule = {...base, name: "cosine", warmupEpochs};
    const rates = ratesOf(inSteps(schedule, 5));
    assert.equal(rates.length, 40);
    for (let epoch = warmupEpochs; epoch < 8; epoch++)
      assert.ok(Math.abs(rates[5 * epoch] - learningRateAt(schedule, epoch)) <= 1e-15, `epoch ${epoch}`);
    for (let step = 1; step < 40; step++)
      assert.ok(step < 5 * warmupEpochs ? rates[step] > rates[step - 1] : rates[step] <= rates[step - 1]);
    assert.deepEqual(ratesOf(inSteps(schedule, 1)), ratesOf(schedule));
  }
});

test("in steps, a multistep schedule has the rates of its epochs", () => {
  for (const steps of [{adjust: 3}, {milestones: [2, 5]}, {}]) {
    const schedule: Schedule = {...base, epochs: 30, name: "multistep", ...steps};
    assert.deepEqual(
      ratesOf(inSteps(schedule, 4)),
      ratesOf(schedule).flatMap(rate => [rate, rate, rate, rate]),
    );
  }
});
