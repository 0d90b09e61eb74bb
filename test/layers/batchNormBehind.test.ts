import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {type BatchNormOptions, batchNorm} from "../../src/layers/batchNorm";
import {binaryActivation} from "../../src/layers/binaryActivation";
import {otherWay} from "../../src/layers/otherWay";
import {assign, backends, random} from "./tensors";

const shapes: readonly [number, number][] = [
  [5, 1],
  [6, 3],
  [300, 64],
  [7, 65],
  [2000, 130],
];
/** So many values that the native operations write them past the cache. */
const many: readonly [number, number] = [8200, 512];

/** Zeros for a variable that the loss does not depend on. */
function gradientsOf(loss: () => tf.Scalar, variables: readonly tf.Variable[]): Float32Array[] {
  const {value, grads} = tf.variableGrads(loss, [...variables]);
  const values = variables.map(
    ({name, size}) => (grads[name]?.dataSync() ?? new Float32Array(size)) as Float32Array,
  );
  tf.dispose([value, grads]);
  return values;
}

/** What a model of one or two inputs gives in training and after, and its gradients: of its inputs, γ and β. */
function valuesAndGradients(
  [rows, channels]: readonly [number, number],
  options: BatchNormOptions,
  behind: (normal: tf.SymbolicTensor, other: tf.SymbolicTensor) => tf.SymbolicTensor,
): Float32Array[] {
  const layer = batchNorm({mode: "learned", ...options});
  const [input, other] = [tf.input({shape: [channels]}), tf.input({shape: [channels]})];
  const output = behind(layer.apply(options.adds ? [input, other] : input) as tf.SymbolicTensor, other);
  const model = tf.model({inputs: [input, other], outputs: output});
  const {gamma, beta} = layer.variables();
  assign(gamma, random([channels], "gamma").dataSync());
  assign(beta, random([channels], "beta").dataSync());
  const xs = ["x", "other"].map(name => tf.variable(random([rows, channels], name)));
  const dy = random([rows, channels], "dy");
  const given = (training: boolean) => (): tf.Tensor => model.apply(xs, {training}) as tf.Tensor;
  const values = [true, false].map(training => {
    const tensor = tf.tidy(given(training));
    const read = tensor.dataSync() as Float32Array;
    tensor.dispose();
    return read;
  });
  const gradients = gradientsOf(() => given(true)().mul(dy).sum() as tf.Scalar, [...xs, gamma!, beta!]);
  tf.dispose([...xs, dy]);
  const {runningMean, runningVariance} = layer.variables();
  const running = [runningMean, runningVariance].map(each => each.dataSync() as Float32Array);
  return [...values, ...running, ...gradients].map(each => each.map(value => value + 0));
}

/** To the last bit. */
function assertSame(fused: readonly Float32Array[], composed: readonly Float32Array[], of: string): void {
  for (const [i, each] of fused.entries()) {
    assert.ok(Buffer.from(each.buffer).equals(Buffer.from(composed[i].buffer)), `${of}: ${i}`);
  }
}

for (const backend of backends) {
  test(`${backend}: with a sum, or a sum and ReLU, it is batch norm and then those, to the last bit, in training and after`, async () => {
    await useBackend(backend);
    for (const shape of backend === "auto" ? [...shapes, many] : shapes) {
      for (const relu of [false, true]) {
        const fused = valuesAndGradients(shape, {adds: true, relu}, y => y);
        const composed = valuesAndGradients(shape, {}, (y, other) => {
          const sum = tf.layers.add().apply([y, other]) as tf.SymbolicTensor;
          return relu ? (tf.layers.reLU().apply(sum) as tf.SymbolicTensor) : sum;
        });
        assertSame(fused, composed, `${shape}, relu ${relu}`);
        assert.equal(fused[0].includes(0), relu);
      }
    }
  });

  test(`${backend}: with a sign it is batch norm and then the binary activation, to the last bit, in training and after`, async () => {
    await useBackend(backend);
    const last = (y: tf.SymbolicTensor, other: tf.SymbolicTensor): tf.SymbolicTensor =>
      tf.layers.multiply().apply([y, other]) as tf.SymbolicTensor;
    for (const shape of backend === "auto" ? [...shapes, many] : shapes) {
      const fused = valuesAndGradients(shape, {sign: true}, last);
      const composed = valuesAndGradients(shape, {}, (y, other) =>
        last(binaryActivation().apply(y) as tf.SymbolicTensor, other),
      );
      assertSame(fused, composed, `${shape}`);
      assert.ok(fused[4].some(value => value !== 0));
    }
  });
}

for (const backend of backends) {
  test(`${backend}: given twice, values, gradients and running statistics are those of ReLU's one result, to the last bit`, async () => {
    await useBackend(backend);
    const bothWays = (
      y: tf.SymbolicTensor,
      again: tf.SymbolicTensor,
      by: tf.SymbolicTensor,
    ): tf.SymbolicTensor =>
      tf.layers.add().apply([tf.layers.multiply().apply([y, by]), again] as never) as tf.SymbolicTensor;
    for (const adds of [false, true]) {
      for (const shape of backend === "auto" ? [...shapes, many] : shapes) {
        const fused = valuesAndGradients(shape, {relu: true, adds, twice: true}, (y, other) =>
          bothWays(y, otherWay("again").apply(y) as tf.SymbolicTensor, other),
        );
        const composed = valuesAndGradients(shape, {relu: true, adds}, (y, other) => bothWays(y, y, other));
        assertSame(fused, composed, `${shape}, adds ${adds}`);
      }
    }
  });
}

test("giving twice goes with a ReLU, and leaves no tensor behind", async () => {
  await useBackend("auto");
  assert.throws(() => batchNorm({twice: true}), {
    name: "RangeError",
    message: /gives twice behind a ReLU alone/,
  });
  const before = tf.memory().numTensors;
  const run = (): unknown => valuesAndGradients([6, 3], {relu: true, twice: true}, y => y);
  run();
  const held = tf.memory().numTensors;
  run();
  // A layer's variables stay with its model, which nobody disposes of here.
  assert.equal(tf.memory().numTensors - held, held - before);
});

test("a sum needs its second input, and a sign stands alone", async () => {
  await useBackend("auto");
  assert.throws(() => batchNorm({sign: true, relu: true}), {
    name: "RangeError",
    message: /neither ReLU nor sum/,
  });
  const layer = batchNorm({adds: true, name: "sum"});
  assert.throws(() => layer.apply(tf.ones([4, 2])), {
    name: "RangeError",
    message: /sum takes two inputs: what it normalises and what it adds/,
  });
});
