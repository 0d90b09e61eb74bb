import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {useBackend} from "../../src/backend/backend";
import {inBfloat16} from "../../src/backend/bfloat16";
import type {KernelChoices} from "../../src/backend/kernelPlan";
import {hasSixteenBits, vectorWidth} from "../../src/backend/nativeOperations";
import {withWiderSums} from "../../src/backend/widerSums";

fc.configureGlobal({seed: 1});

let lacking: string | undefined;
before(async () => {
  await useBackend("tensorflow");
  if (!hasSixteenBits()) lacking = "this processor has no avx512_vnni or no avx512_bf16";
});

const choices: Pick<KernelChoices, "choose"> = {
  choose: (_key, forms) => ("winograd-int16" in forms ? "winograd-int16" : "float32") as keyof typeof forms,
};
const inInt16 = <T>(task: () => T): T => inBfloat16("all", choices, task);

type Sides = [number, number];
type Results = [y: tf.Tensor, dx: tf.Tensor, dw: tf.Tensor];
const names = ["y", "dx", "dW"];

/** With stride 1 and a border of one zero, or at stride 2 without. */
type Stride = 1 | 2;
const strides: readonly Stride[] = [1, 2];

function results(x: tf.Tensor, w: tf.Tensor, dy: tf.Tensor, stride: Stride): Results {
  const forward = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
    tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, stride === 1 ? "same" : "valid");
  return tf.tidy(() => [forward(x, w), ...tf.grads(forward)([x, w], dy)]) as unknown as Results;
}

/** What a layer sees: activations after ReLU, filters of 0 and ±α, a gradient that is mostly zero. */
function example([batch, height, width, inputs, outputs]: readonly number[], stride: Stride): Results {
  const [down, across] = [height, width].map(side => (stride === 1 ? side : Math.floor((side - 3) / 2) + 1));
  return tf.tidy(() => {
    const normal = (shape: number[], seed: number): tf.Tensor =>
      tf.randomNormal(shape, 0, 1, "float32", seed);
    const kept = (values: tf.Tensor): tf.Tensor => values.mul(values.abs().greater(1).toFloat());
    const w = tf.sign(kept(normal([3, 3, inputs, outputs], 2))).mul(0.037);
    return [
      tf.relu(normal([batch, height, width, inputs], 1)),
      w,
      kept(normal([batch, down, across, outputs], 3)),
    ];
  });
}

/** The root mean square of a difference, beside that of the second. */
const off = (a: tf.Tensor, b: tf.Tensor): number =>
  tf.tidy(() => a.sub(b).square().mean().div(b.square().mean()).sqrt().dataSync()[0]);

/** Gives the least error, which says whether anything was computed in int16. */
async function agree(shape: readonly number[], stride: Stride, allowed: number): Promise<number> {
  const [x, w, dy] = example(shape, stride);
  const exact = await withWiderSums(async () => results(x, w, dy, stride));
  const rounded = inInt16(() => results(x, w, dy, stride));
  const errors = names.map((_, i) => off(rounded[i], exact[i]));
  for (const [i, error] of errors.entries()) {
    assert.ok(error < allowed, `${names[i]} of ${shape} at stride ${stride} is ${error} off`);
  }
  tf.dispose([x, w, dy, ...exact, ...rounded]);
  return Math.min(...errors);
}

for (const stride of strides) {
  const at = `at stride ${stride}`;

  test(`${at} convolutions of filters 0 and ±α and their gradients agree with sums in float64 to a thousandth, whatever the sides and channels`, async t => {
    if (lacking) return t.skip(lacking);
    const side = fc.integer({min: stride === 1 ? 2 : 3, max: 13 * stride});
    const channels = fc.integer({min: 1, max: 5}).map(n => n * vectorWidth());
    const shape = fc.tuple(fc.integer({min: 2, max: 3}), side, side, channels, channels);
    await fc.assert(
      fc.asyncProperty(shape, async each => void (await agree(each, stride, 1e-3))),
      {numRuns: 30},
    );
  });

  test(`${at} they agree where channels, filters and tiles are many (the blocks of all sizes)`, async t => {
    if (lacking) return t.skip(lacking);
    const shapes = {
      1: [
        [2, 4, 4, 512, 512],
        [40, 8, 4, 64, 128],
        [70, 16, 8, 64, 64],
      ],
      2: [
        [2, 10, 10, 256, 512],
        [40, 18, 10, 64, 128],
        [70, 34, 18, 64, 64],
      ],
    };
    for (const shape of shapes[stride]) {
      assert.ok((await agree(shape, stride, 1e-3)) > 1e-5, `${shape} was not computed in int16`);
    }
  });

  test(`${at} sums at their largest do not overflow: ones under filters of one sign, most channels, and beyond them float32`, t => {
    if (lacking) return t.skip(lacking);
    for (const inputs of stride === 1 ? [1328, 1344] : [7280, 7296]) {
      const side = stride === 1 ? 6 : 13;
      const [x, w] = [tf.ones([1, side, side, inputs]), tf.fill([3, 3, inputs, 16], 0.5)];
      const dy = tf.ones([1, 6, 6, 16]);
      const [y, , dw] = inInt16(() => results(x, w, dy, stride));
      const middle = y.slice([0, 2, 2, 0], [1, 1, 1, 1]).dataSync()[0];
      assert.ok(Math.abs(middle / (4.5 * inputs) - 1) < 1e-3, `${inputs}: ${middle}`);
      const centre = dw.slice([1, 1, 0, 0], [1, 1, 1, 1]).dataSync()[0];
      assert.ok(Math.abs(centre / 36 - 1) < 1e-3, `${inputs}: ${centre}`);
      tf.dispose([x, w, dy, y, dw]);
    }
  });

  test(`${at} signs under filters of 0 and ±α give float32's bits`, t => {
    if (lacking) return t.skip(lacking);
    const [x, w, dy] = example([2, 9, 6, 64, 48], stride);
    const signs = tf.tidy(() => x.greater(0.3).toFloat().mul(2).sub(1));
    const [plain, exact] = [results(signs, w, dy, stride), inInt16(() => results(signs, w, dy, stride))];
    assert.deepEqual(exact[0].dataSync(), plain[0].dataSync());
    tf.dispose([x, w, dy, signs, ...plain, ...exact]);
  });

  test(`${at}, where one image has something else than signs, every other's results are exact`, t => {
    if (lacking) return t.skip(lacking);
    const [x, w, dy] = example([9, 9, 9, 32, 32], stride);
    const signs = tf.tidy(() => x.greater(0.3).toFloat().mul(2).sub(1));
    const mixed = tf.tidy(() => tf.concat([signs.slice([0, 0, 0, 0], [8, 9, 9, 32]), x.slice(8)]));
    const [plain, near] = [results(mixed, w, dy, stride)[0], inInt16(() => results(mixed, w, dy, stride)[0])];
    const [ofSigns, ofAll] = tf.tidy(() => {
      const error = near.sub(plain).abs();
      return [error.slice([0, 0, 0, 0], [8, -1, -1, -1]).max().dataSync()[0], error.max().dataSync()[0]];
    });
    assert.ok(ofSigns < 1e-5, `${ofSigns}`);
    assert.ok(ofAll > ofSigns && ofAll < 0.01, `${ofAll}`);
    tf.dispose([x, w, dy, signs, mixed, plain, near]);
  });

  test(`${at} under other filters the convolution and its input's gradient are float32's to the last bit`, t => {
    if (lacking) return t.skip(lacking);
    const [x, w, dy] = example([2, 9, 6, 32, 48], stride);
    const uneven = tf.tidy(() => w.add(tf.range(0, 48).div(1e4)));
    const [plain, same] = [results(x, uneven, dy, stride), inInt16(() => results(x, uneven, dy, stride))];
    for (const i of [0, 1]) assert.deepEqual(same[i].dataSync(), plain[i].dataSync(), names[i]);
    assert.notDeepEqual(same[2].dataSync(), plain[2].dataSync());
    tf.dispose([x, w, dy, uneven, ...plain, ...same]);
  });

  test(`${at} images and gradients 2⁴⁰ times as large or small give the same numbers, as much larger or smaller`, t => {
    if (lacking) return t.skip(lacking);
    const [x, w, dy] = example([3, 7, 8, 32, 16], stride);
    const plain = inInt16(() => results(x, w, dy, stride));
    for (const factor of [2 ** 40, 2 ** -40]) {
      const scaled = tf.tidy(() => inInt16(() => results(x.mul(factor), w, dy.mul(factor), stride)));
      for (const [i, by] of [factor, factor, factor ** 2].entries()) {
        assert.deepEqual(scaled[i].div(by).dataSync(), plain[i].dataSync(), `${names[i]}, ${factor}`);
      }
      tf.dispose(scaled);
    }
    tf.dispose([x, w, dy, ...plain]);
  });

  test(`${at} all zeros give zeros, and beside NaN and infinity nothing comes out as a number`, t => {
    if (lacking) return t.skip(lacking);
    const [x, w, dy] = example([2, 8, 8, 32, 32], stride);
    const none = inInt16(() => results(tf.zerosLike(x), w, tf.zerosLike(dy), stride));
    for (const [i, each] of none.entries()) {
      assert.ok(
        each.dataSync().every(value => value === 0),
        names[i],
      );
    }
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const spoilt = tf.buffer(x.shape, "float32", x.dataSync().slice() as Float32Array);
      spoilt.set(bad, 1, 5, 5, 7);
      const [y, , dw] = inInt16(() => results(spoilt.toTensor(), w, dy, stride));
      const [row, column] = stride === 1 ? [5, 5] : [2, 2];
      const near = y.slice([1, row, column, 0], [1, 1, 1, 32]).dataSync();
      assert.ok(near.every(Number.isNaN), `y, ${bad}`);
      assert.ok(
        y.slice([0, 0, 0, 0], [1, -1, -1, 32]).dataSync().every(Number.isFinite),
        `the other image, ${bad}`,
      );
      assert.ok(dw.slice([1, 1, 7, 0], [1, 1, 1, 32]).dataSync().every(Number.isNaN), `dW, ${bad}`);
      assert.ok(
        dw.slice([0, 0, 8, 0], [3, 3, 24, 32]).dataSync().every(Number.isFinite),
        `other channels, ${bad}`,
      );
    }
  });

  test(`${at} the same twice gives the same bits, and leaves no tensor behind`, t => {
    if (lacking) return t.skip(lacking);
    const before = tf.memory().numTensors;
    const given = example([5, 9, 7, 48, 80], stride);
    const [first, second] = [1, 2].map(() => inInt16(() => results(...given, stride)));
    for (const [i, name] of names.entries())
      assert.deepEqual(first[i].dataSync(), second[i].dataSync(), name);
    tf.dispose([...given, ...first, ...second]);
    assert.equal(tf.memory().numTensors, before);
  });
}

test("at stride 2 a border of zeros, given in numbers, is that of padded images to the last bit, as are the gradients", t => {
  if (lacking) return t.skip(lacking);
  const border: [Sides, Sides, Sides, Sides] = [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ];
  for (const [height, width] of [
    [16, 16],
    [7, 10],
    [1, 3],
  ]) {
    const [x, w] = example([3, height, width, 64, 48], 1);
    const [, , dy] = example([3, height + 2, width + 2, 64, 48], 2);
    const ways = [
      (a: tf.Tensor, b: tf.Tensor) =>
        tf.conv2d(tf.pad4d(a as tf.Tensor4D, border), b as tf.Tensor4D, 2, "valid") as tf.Tensor,
      (a: tf.Tensor, b: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, border) as tf.Tensor,
    ];
    const [padded, bordered] = ways.map(way => inInt16(() => [way(x, w), ...tf.grads(way)([x, w], dy)]));
    for (const [i, name] of names.entries()) {
      assert.deepEqual(bordered[i].dataSync(), padded[i].dataSync(), name);
    }
    tf.dispose([x, w, dy, ...padded, ...bordered]);
  }
});
