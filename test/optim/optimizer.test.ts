import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {useBackend} from "../../src/backend/backend";
import {type AdamOptions, adam} from "../../src/optim/adam";
import type {TorchOptimizer} from "../../src/optim/optimizer";
import {type SgdOptions, sgd} from "../../src/optim/sgd";
import rules from "../golden/rules.json";

before(() => useBackend("auto"));

const {optimizers} = rules;

/** p after each of the updates; the optimiser and p are disposed. */
function replay(
  optimizer: TorchOptimizer,
  start: number[],
  gradients: number[][],
  rates?: number[],
): number[][] {
  const p = tf.variable(tf.tensor1d(start));
  const trail = gradients.map((g, i) => {
    if (rates) optimizer.learningRate = rates[i];
    const tensor = tf.tensor1d(g);
    optimizer.applyGradients({[p.name]: tensor});
    tensor.dispose();
    return Array.from(p.dataSync());
  });
  tf.dispose([p]);
  optimizer.dispose();
  return trail;
}

function assertClose(actual: number[][], expected: number[][], tolerance: number): void {
  const scale = Math.max(1, ...expected.flat().map(Math.abs));
  for (const [step, row] of expected.entries()) {
    for (const [i, e] of row.entries()) {
      const error = Math.abs(actual[step][i] - e) / scale;
      assert.ok(error <= tolerance, `step ${step}, entry ${i}: ${actual[step][i]} vs ${e}, off by ${error}`);
    }
  }
}

const lr = {learningRate: 0.1};
const decay = {weightDecay: 5e-4};
const golden: [keyof typeof optimizers, () => TorchOptimizer][] = [
  ["sgd", () => sgd(lr)],
  ["sgdMomentum", () => sgd({...lr, momentum: 0.9})],
  ["sgdMomentumWeightDecay", () => sgd({...lr, ...decay, momentum: 0.9})],
  ["sgdNesterovWeightDecay", () => sgd({...lr, weightDecay: 1e-4, momentum: 0.9, nesterov: true})],
  ["adam", () => adam(lr)],
  ["adamSmall", () => adam({learningRate: 2e-4})],
  ["sgdMomentumClippedAt1", () => sgd({...lr, momentum: 0.9, clipValue: 1})],
];
for (const [name, optimizer] of golden) {
  test(`${name}: eight updates follow PyTorch's within 1e-6 of the largest value`, () => {
    assertClose(
      replay(optimizer(), optimizers.start, optimizers.gradients),
      optimizers[name] as number[][],
      1e-6,
    );
  });
}
for (const name of ["sgdCosine", "sgdWarmup3Cosine"] as const) {
  test(`${name}: setting learningRate between updates follows PyTorch's within 1e-6 of the largest value`, () => {
    const {rates, values} = optimizers[name];
    const trail = replay(sgd({...lr, momentum: 0.9}), optimizers.start, optimizers.gradients, rates);
    assertClose(trail, values, 1e-6);
  });
}

/** torch.optim.SGD in doubles, one number at a time. */
function slowSgd(
  o: Required<Omit<SgdOptions, "decays">>,
  start: number[],
  gradients: number[][],
): number[][] {
  const p = [...start];
  const buffer: number[] = [];
  return gradients.map((row, step) =>
    row.map((raw, i) => {
      const g = Math.min(o.clipValue, Math.max(-o.clipValue, raw)) + o.weightDecay * p[i];
      buffer[i] = step === 0 ? g : o.momentum * buffer[i] + (1 - o.dampening) * g;
      if (o.momentum === 0) p[i] -= o.learningRate * g;
      else p[i] -= o.learningRate * (o.nesterov ? g + o.momentum * buffer[i] : buffer[i]);
      return p[i];
    }),
  );
}

/** torch.optim.Adam in doubles, one number at a time. */
function slowAdam(
  o: Required<Omit<AdamOptions, "decays">>,
  start: number[],
  gradients: number[][],
): number[][] {
  const p = [...start];
  const m = start.map(() => 0);
  const v = start.map(() => 0);
  return gradients.map((row, step) =>
    row.map((raw, i) => {
      const g = Math.min(o.clipValue, Math.max(-o.clipValue, raw)) + o.weightDecay * p[i];
      m[i] = o.beta1 * m[i] + (1 - o.beta1) * g;
      v[i] = o.beta2 * v[i] + (1 - o.beta2) * g * g;
      const mHat = m[i] / (1 - o.beta1 ** (step + 1));
      const vHat = v[i] / (1 - o.beta2 ** (step + 1));
      p[i] -= (o.learningRate * mHat) / (Math.sqrt(vHat) + o.epsilon);
      return p[i];
    }),
  );
}

const real = (max: number, min = -max) => fc.double({min, max, noNaN: true}).map(Math.fround);
const run = {
  start: fc.array(real(2), {minLength: 3, maxLength: 3}),
  gradients: fc.array(fc.array(real(2), {minLength: 3, maxLength: 3}), {minLength: 1, maxLength: 8}),
};
const common = {learningRate: real(0.5, 0), weightDecay: real(0.1, 0), clipValue: real(3, 0.1)};

test("sgd equals a plain loop in doubles for any hyper-parameters", () => {
  const options = fc.record({
    ...common,
    momentum: real(0.95, 0),
    dampening: real(1, 0),
    nesterov: fc.boolean(),
  });
  fc.assert(
    fc.property(options, run.start, run.gradients, (o, start, gradients) => {
      const fair = {...o, nesterov: o.nesterov && o.momentum > 0, dampening: o.nesterov ? 0 : o.dampening};
      assertClose(replay(sgd(fair), start, gradients), slowSgd(fair, start, gradients), 2e-6);
    }),
    {seed: 1},
  );
});

test("adam equals a plain loop in doubles for any hyper-parameters", () => {
  const options = fc.record({
    ...common,
    beta1: real(0.95, 0),
    beta2: real(0.999, 0.5),
    epsilon: fc.constantFrom(1e-8, 1e-3),
  });
  fc.assert(
    fc.property(options, run.start, run.gradients, (o, start, gradients) => {
      const exact = gradients.map(row => row.map(g => (Math.abs(g) < 1e-3 ? 0 : g)));
      assertClose(replay(adam(o), start, exact), slowAdam(o, start, exact), 1e-5);
    }),
    {seed: 1},
  );
});

const kinds: [string, () => TorchOptimizer][] = [
  ["plain sgd", () => sgd(lr)],
  ["sgd with momentum", () => sgd({...lr, ...decay, momentum: 0.9, nesterov: true, clipValue: 1})],
  ["adam", () => adam({...lr, ...decay})],
];
for (const [name, make] of kinds) {
  test(`${name}: memory stays constant over 20 steps, and disposing gives all of it back`, () => {
    const before = tf.memory().numTensors;
    const p = tf.tidy(() => tf.variable(tf.tensor2d([1, -2, 3, 4], [2, 2])));
    const optimizer = make();
    const step = () => optimizer.minimize(() => tf.sum(tf.square(p)) as tf.Scalar, false, [p]);
    step();
    const {numTensors, numDataBuffers} = tf.memory();
    for (let i = 0; i < 20; i++) step();
    assert.equal(tf.memory().numTensors, numTensors);
    assert.equal(tf.memory().numDataBuffers, numDataBuffers);
    assert.equal(optimizer.iterations, 21);
    optimizer.dispose();
    p.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
}

test("decays chooses by name which variables are decayed", () => {
  const kernel = tf.variable(tf.scalar(1), true, "decays/kernel");
  const gamma = tf.variable(tf.scalar(1), true, "decays/bn/gamma");
  const optimizer = sgd({learningRate: 0.5, weightDecay: 0.5, decays: name => !name.includes("bn")});
  const zero = tf.scalar(0);
  optimizer.applyGradients([kernel, gamma].map(({name}) => ({name, tensor: zero})));
  assert.deepEqual([kernel.dataSync()[0], gamma.dataSync()[0]], [0.75, 1]);
  assert.throws(() => optimizer.getConfig(), /decays, a function, cannot be saved/);
  tf.dispose([kernel, gamma, zero]);
});

test("a variable that first gets a gradient later starts with its own first update, as in PyTorch", () => {
  const a = tf.variable(tf.scalar(0), true, "late/a");
  const b = tf.variable(tf.scalar(0), true, "late/b");
  const g = tf.scalar(0.25);
  const optimizer = adam(lr);
  optimizer.applyGradients({[a.name]: g});
  const first = a.dataSync()[0];
  optimizer.applyGradients([{name: b.name, tensor: g}]);
  assert.equal(b.dataSync()[0], first);
  assert.equal(a.dataSync()[0], first);
  optimizer.dispose();
  tf.dispose([a, b, g]);
});

test("a gradient for no variable, or of another shape, is refused", () => {
  const p = tf.variable(tf.zeros([2]), true, "refused/p");
  const g = tf.zeros([3]);
  assert.throws(() => sgd(lr).applyGradients({nobody: g}), /RangeError: there is no variable "nobody"/);
  assert.throws(() => sgd(lr).applyGradients({[p.name]: g}), /has shape \[3\], it must be \[2\]/);
  tf.dispose([p, g]);
});

const refused: [() => unknown, RegExp][] = [
  [() => sgd({learningRate: -0.1}), /learningRate must be a number >= 0, got -0.1/],
  [() => sgd({learningRate: Number.NaN}), /learningRate must be a number >= 0, got NaN/],
  [() => sgd({...lr, momentum: 1}), /momentum must be in \[0, 1\), got 1/],
  [() => sgd({...lr, momentum: 0.9, dampening: 2}), /dampening must be in \[0, 1\], got 2/],
  [() => sgd({...lr, nesterov: true}), /nesterov needs momentum > 0 and dampening 0, got momentum 0/],
  [() => sgd({...lr, nesterov: true, momentum: 0.9, dampening: 0.1}), /nesterov needs .* dampening 0.1/],
  [() => sgd({...lr, weightDecay: -1}), /weightDecay must be a number >= 0, got -1/],
  [() => sgd({...lr, clipValue: 0}), /clipValue must be a number > 0, got 0/],
  [() => adam({...lr, beta1: 1}), /beta1 must be in \[0, 1\), got 1/],
  [() => adam({...lr, beta2: -0.1}), /beta2 must be in \[0, 1\), got -0.1/],
  [() => adam({...lr, epsilon: -1}), /epsilon must be a number >= 0, got -1/],
  [() => Object.assign(adam(lr), {learningRate: -1}), /learningRate must be a number >= 0, got -1/],
];
for (const [make, message] of refused) {
  test(`a bad hyper-parameter is refused: ${message.source}`, () => {
    assert.throws(make, error => error instanceof RangeError && message.test(error.message));
  });
}
