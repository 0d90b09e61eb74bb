import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {join} from "node:path";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {vectorWidth} from "../../src/backend/nativeOperations";
import {withWiderSums} from "../../src/backend/widerSums";
import {recordOperations} from "./recordOperations";
import {worst} from "./worst";

fc.configureGlobal({seed: 1});

let ran: string[];
before(async () => {
  ran = await recordOperations();
});

interface Case {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** y = x ∗ w and, for a given dL/dy, the gradients to x and w. */
function convolution(
  {batch, height, width, inputs, outputs}: Case,
  {kernel = 3, stride = 1, pad = "same" as "same" | "valid"} = {},
): tf.Tensor[] {
  return tf.tidy(() => {
    const x = tf.randomNormal([batch, height, width, inputs], 0, 1, "float32", 1) as tf.Tensor4D;
    const w = tf.randomNormal([kernel, kernel, inputs, outputs], 0, 1, "float32", 2) as tf.Tensor4D;
    const forward = (image: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D =>
      tf.conv2d(image, filter, stride, pad);
    const y = forward(x, w);
    const dy = tf.randomNormal(y.shape, 0, 1, "float32", 3);
    return [y, ...tf.grads(forward as (...args: tf.Tensor[]) => tf.Tensor)([x, w], dy)];
  });
}

const atStride2 = {stride: 2, pad: "valid"} as const;

/** The convolution by Winograd's filtering, the same with sums in float64, and what ran for the first. */
async function both(
  example: Case,
  manner: {stride?: number; pad?: "same" | "valid"} = {},
): Promise<{fast: tf.Tensor[]; exact: tf.Tensor[]; operations: string[]}> {
  ran.length = 0;
  const fast = convolution(example, manner);
  const operations = ran.filter(name => /Conv|FilterGrad/.test(name));
  return {fast, exact: await withWiderSums(async () => convolution(example, manner)), operations};
}

const strided = [
  "MultiprizeStridedConv3x3",
  "MultiprizeStridedConv3x3InputGrad",
  "MultiprizeStridedConv3x3FilterGrad",
];
const own = ["MultiprizeConv3x3", "MultiprizeConv3x3InputGrad", "MultiprizeConv3x3FilterGrad"];

/** Both strides that filter as Winograd does: what runs there, and sides that fall into whole and torn tiles. */
const strides = [
  {manner: {}, operations: own, sides: {min: 1, max: 13}},
  {manner: atStride2, operations: strided, sides: {min: 3, max: 21}},
] as const;

async function agree(
  example: Case,
  {manner, operations}: (typeof strides)[number],
  allowed: number,
): Promise<void> {
  const {fast, exact, operations: those} = await both(example, manner);
  assert.deepEqual(new Set(those), new Set(operations));
  for (const [i, tensor] of fast.entries()) {
    const off = worst(tensor, exact[i]);
    assert.ok(off < allowed, `${operations[i]} of ${JSON.stringify(example)} is ${off} off`);
  }
  tf.dispose([...fast, ...exact]);
}

for (const [stride, way] of strides.entries()) {
  test(`at stride ${stride + 1} 3×3 convolutions and their gradients agree with sums in float64, whatever the sides and channels`, async () => {
    const side = fc.integer(way.sides);
    const channels = fc.integer({min: 1, max: 5}).map(n => n * vectorWidth());
    const batch = fc.integer({min: 1, max: 3});
    const example = fc.record({batch, height: side, width: side, inputs: channels, outputs: channels});
    await fc.assert(
      fc.asyncProperty(example, each => agree(each, way, 5e-5)),
      {numRuns: 60},
    );
  });
}

test("they agree where channels, filters and tiles are many (the blocks of all sizes)", async () => {
  const shapes: (readonly Case[])[] = [
    [
      {batch: 2, height: 4, width: 4, inputs: 512, outputs: 256},
      {batch: 40, height: 8, width: 4, inputs: 64, outputs: 128},
      {batch: 9, height: 6, width: 10, inputs: 256, outputs: 512},
    ],
    [
      {batch: 5, height: 10, width: 10, inputs: 256, outputs: 512},
      {batch: 40, height: 18, width: 10, inputs: 64, outputs: 128},
      {batch: 3, height: 57, width: 58, inputs: 64, outputs: 64},
    ],
  ];
  for (const [i, way] of strides.entries()) for (const shape of shapes[i]) await agree(shape, way, 2e-4);
});

test("a first layer's filter gradient agrees with sums in float64, for one to four channels", async () => {
  for (const inputs of [1, 2, 3, 4]) {
    for (const [height, width, outputs] of [
      [1, 1, 1],
      [5, 2, 3],
      [28, 31, 4],
    ]) {
      const shape = {batch: 5, height, width, inputs, outputs: outputs * vectorWidth()};
      const {fast, exact, operations} = await both(shape);
      assert.ok(operations.includes("MultiprizeFirstLayerFilterGrad"), String(operations));
      const off = worst(fast[2], exact[2]);
      assert.ok(off < 1e-5, `${JSON.stringify(shape)} is ${off} off`);
      tf.dispose([...fast, ...exact]);
    }
  }
});

test("the same convolution twice gives the same bits, and leaves no tensor behind", () => {
  const shape = {batch: 5, height: 9, width: 7, inputs: 48, outputs: 80};
  const before = tf.memory().numTensors;
  for (const manner of [{}, atStride2]) {
    const [first, second] = [convolution(shape, manner), convolution(shape, manner)];
    for (const [i, tensor] of first.entries()) assert.deepEqual(tensor.dataSync(), second[i].dataSync());
    tf.dispose([...first, ...second]);
  }
  assert.equal(tf.memory().numTensors, before);
});

test("signs under binary weights give whole multiples of the gain, exactly", async () => {
  const gain = 0.0123;
  for (const [inputs, outputs, size] of [
    [1, 2, 5],
    [4, 3, 8],
    [32, 2, 4],
  ]) {
    const [x, w] = tf.tidy(() => {
      const random = (shape: number[], seed: number): tf.Tensor =>
        tf.randomUniform(shape, -1, 1, "float32", seed);
      const shape = [3, 3, inputs * vectorWidth(), outputs * vectorWidth()];
      const signs = random([2, size, size, shape[2]], 5).greater(0).toFloat().mul(2).sub(1);
      const weights = random(shape, 6);
      return [signs, tf.sign(weights).mul(weights.abs().greater(0.8).toFloat())];
    }) as [tf.Tensor4D, tf.Tensor4D];
    const binary = w.mul(gain) as tf.Tensor4D;
    for (const {stride, pad} of [{stride: 1, pad: "same"}, atStride2] as const) {
      const y = tf.conv2d(x, binary, stride, pad);
      const counts = await withWiderSums(async () => tf.conv2d(x, w, stride, pad));
      const exact = tf.tidy(() => tf.round(counts).mul(gain));
      assert.deepEqual(y.dataSync(), exact.dataSync());
      tf.dispose([y, counts, exact]);
    }
    tf.dispose([x, w, binary]);
  }
});

test("a filter that is one in the middle changes nothing but by rounding (hand example)", () => {
  const lanes = vectorWidth();
  const identity = tf.tidy(() => {
    const middle = tf.eye(lanes).reshape([1, 1, lanes, lanes]);
    return middle.pad([
      [1, 1],
      [1, 1],
      [0, 0],
      [0, 0],
    ]) as tf.Tensor4D;
  });
  const x = tf.randomNormal([2, 6, 5, lanes], 0, 1, "float32", 4) as tf.Tensor4D;
  const y = tf.conv2d(x, identity, 1, "same");
  assert.ok(worst(y, x) < 1e-5);
  tf.dispose([identity, x, y]);
});

test("other convolutions stay TensorFlow's", () => {
  const lanes = vectorWidth();
  const shape = {batch: 1, height: 8, width: 8, inputs: lanes, outputs: lanes};
  const others = [
    () => convolution(shape, {stride: 2}),
    () => convolution(shape, {stride: 3, pad: "valid"}),
    () => convolution(shape, {stride: 2, pad: "valid", kernel: 1}),
    () => convolution({...shape, inputs: 5}, atStride2),
    () => convolution(shape, {pad: "valid"}),
    () => convolution(shape, {kernel: 1}),
    () => convolution(shape, {kernel: 5}),
    () => convolution({...shape, inputs: 5}),
    () => convolution({...shape, outputs: lanes + 1}),
  ];
  for (const other of others) {
    ran.length = 0;
    tf.dispose(other());
    assert.deepEqual(
      ran.filter(name => [...own, ...strided].includes(name)),
      [],
      String(other),
    );
  }
});

test("the first twenty losses of a search are those of TensorFlow's own kernels within 1e-4", () => {
  const [own, plain] = ["winograd", "plain"].map(kernels => {
    const printed = execFileSync(process.execPath, ["--import", "tsx", join(__dirname, "twentyLosses.ts")], {
      env: {...process.env, MULTIPRIZE_KERNELS: kernels},
      encoding: "utf8",
    });
    const answer = JSON.parse(printed) as {kernels: string; losses: number[]};
    assert.equal(answer.kernels, kernels);
    assert.equal(answer.losses.length, 20);
    return answer.losses;
  });
  for (const [step, loss] of own.entries()) assert.ok(Math.abs(loss - plain[step]) < 1e-4, `step ${step}`);
  assert.ok(plain[19] < plain[0]);
});
