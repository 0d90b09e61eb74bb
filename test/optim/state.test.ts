import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {UserError} from "../../src/core/errors";
import {AdamOptimizer, adam} from "../../src/optim/adam";
import type {TorchOptimizer} from "../../src/optim/optimizer";
import {SgdOptimizer, sgd} from "../../src/optim/sgd";
import type {OptimizerState} from "../../src/optim/state";
import rules from "../golden/rules.json";

before(() => useBackend("auto"));

const lr = {learningRate: 0.1};
const kinds: [string, () => TorchOptimizer][] = [
  ["plain sgd", () => sgd(lr)],
  ["sgd with momentum", () => sgd({...lr, momentum: 0.9, weightDecay: 5e-4, nesterov: true})],
  ["adam", () => adam(lr)],
];
const {start, gradients} = rules.optimizers;

/** Updates p once with each gradient. */
function advance(optimizer: TorchOptimizer, p: tf.Variable, rows: number[][]): void {
  for (const row of rows) {
    const g = tf.tensor(row, p.shape);
    optimizer.applyGradients({[p.name]: g});
    g.dispose();
  }
}

const bytes = (p: tf.Variable) => Buffer.from(p.dataSync().slice().buffer).toString("hex");

for (const [name, make] of kinds) {
  for (const way of ["getState and setState", "getWeights and setWeights"]) {
    test(`${name}: ${way} continue bit for bit`, async () => {
      const p = tf.variable(tf.tensor(start, [3, 4]), true, `continue/${name}/${way}`);
      const whole = make();
      advance(whole, p, gradients.slice(0, 5));
      const halfway = p.dataSync().slice();
      const half = make();
      if (way.startsWith("getState")) half.setState(structuredClone(whole.getState()), [p]);
      else await half.setWeights(await whole.getWeights());
      assert.equal(half.iterations, 5);
      advance(whole, p, gradients.slice(5));
      const expected = bytes(p);
      tf.tidy(() => p.assign(tf.tensor(halfway, [3, 4])));
      advance(half, p, gradients.slice(5));
      assert.equal(bytes(p), expected);
      whole.dispose();
      half.dispose();
      p.dispose();
    });
  }
}

test("a state is a copy: later updates do not change it, nor does it change with them", () => {
  const p = tf.variable(tf.tensor1d(start), true, "copy/p");
  const optimizer = adam(lr);
  advance(optimizer, p, gradients.slice(0, 2));
  const state = optimizer.getState();
  const frozen = structuredClone(state);
  advance(optimizer, p, gradients.slice(2, 4));
  assert.deepEqual(state, frozen);
  optimizer.setState(state);
  state.slots[0].values.fill(7);
  assert.deepEqual(optimizer.getState(), frozen);
  optimizer.dispose();
  p.dispose();
});

test("a state keeps the own count of a variable that joined late", () => {
  const p = tf.variable(tf.tensor1d(start), true, "late/p");
  const q = tf.variable(tf.tensor1d(start), true, "late/q");
  const optimizer = adam(lr);
  advance(optimizer, p, gradients.slice(0, 2));
  advance(optimizer, q, gradients.slice(0, 1));
  const {step, slots} = optimizer.getState();
  assert.equal(step, 3);
  assert.deepEqual(
    slots.map(s => [s.name, s.slot, s.updates]),
    [
      ["late/p", "m", 2],
      ["late/p", "v", 2],
      ["late/q", "m", 1],
      ["late/q", "v", 1],
    ],
  );
  const other = adam(lr);
  other.setState({step, slots});
  assert.deepEqual(other.getState(), {step, slots});
  optimizer.dispose();
  other.dispose();
  tf.dispose([p, q]);
});

test("a state that does not fit is refused with the reason, and nothing changes", () => {
  const p = tf.variable(tf.tensor1d(start), true, "fit/p");
  const q = tf.variable(tf.tensor1d(start), true, "fit/q");
  const optimizer = adam(lr);
  advance(optimizer, p, gradients.slice(0, 2));
  const {step, slots} = optimizer.getState();
  const [m, v] = slots;
  const misfits: [OptimizerState, RegExp, tf.Variable[]?][] = [
    [{step: 0.5, slots}, /its step is 0.5/],
    [{step, slots: [{...m, name: "gone"}]}, /there is no variable "gone"/],
    [{step, slots: [{...m, values: new Float32Array(3)}, v]}, /3 values of "m" for "fit\/p", which has 12/],
    [{step, slots: [{...m, slot: "momentum"}]}, /"momentum" of "fit\/p", this optimiser keeps m and v/],
    [{step, slots: [m]}, /it lacks "v" of "fit\/p"/],
    [{step, slots: [m, m, v]}, /"m" of "fit\/p" occurs twice/],
    [{step, slots: []}, /it lacks "m"/],
    [{step, slots}, /it lacks "m" of "fit\/q"/, [p, q]],
  ];
  for (const [state, message, variables] of misfits) {
    assert.throws(
      () => optimizer.setState(state, variables),
      error => error instanceof UserError && message.test(error.message),
    );
    assert.deepEqual(optimizer.getState(), {step, slots});
  }
  assert.throws(() => sgd(lr).setState({step, slots}), /this optimiser keeps nothing/);
  optimizer.dispose();
  tf.dispose([p, q]);
});

test("getConfig and fromConfig rebuild the same optimiser", () => {
  const a = sgd({...lr, momentum: 0.8, dampening: 0.1, weightDecay: 0.01, clipValue: 2});
  assert.deepEqual(SgdOptimizer.fromConfig(SgdOptimizer, a.getConfig()).getConfig(), a.getConfig());
  const b = adam({...lr, beta1: 0.8, beta2: 0.99, epsilon: 1e-6});
  assert.deepEqual(AdamOptimizer.fromConfig(AdamOptimizer, b.getConfig()).getConfig(), b.getConfig());
});

test("a model saved with its optimiser brings optimiser and step count back", async () => {
  const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2], name: "saved"})]});
  model.compile({optimizer: adam({learningRate: 0.05}), loss: "meanSquaredError"});
  const x = tf.ones([4, 2]);
  const y = tf.ones([4, 1]);
  await model.fit(x, y, {epochs: 3, batchSize: 4, verbose: 0});
  let artifacts: tf.io.ModelArtifacts = {};
  const save = async (a: tf.io.ModelArtifacts) => {
    artifacts = a;
    return {modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: "JSON" as const}};
  };
  await model.save(tf.io.withSaveHandler(save), {includeOptimizer: true});
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  const {optimizer} = loaded as unknown as {optimizer: AdamOptimizer};
  assert.ok(optimizer.constructor === AdamOptimizer);
  assert.deepEqual([optimizer.learningRate, optimizer.iterations], [0.05, 3]);
  tf.dispose([x, y]);
});
