import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {useBackend} from "../../src/backend/backend";
import {inBfloat16} from "../../src/backend/bfloat16";
import type {KernelChoices} from "../../src/backend/kernelPlan";
import {hasSixteenBits, vectorWidth} from "../../src/backend/nativeOperations";
import {withWiderSums} from "../../src/backend/widerSums";
import {maskedConv2d} from "../../src/layers/maskedConv2d";

fc.configureGlobal({seed: 1});

let lacking: string | undefined;
before(async () => {
  await useBackend("tensorflow");
  if (!hasSixteenBits()) lacking = "this processor has no avx512_vnni or no avx512_bf16";
});

/** The forms that were to be had for each call, and the one in whole numbers taken where it is one of them. */
const offered: string[][] = [];
const choices: Pick<KernelChoices, "choose"> = {
  choose: (_key, forms) => {
    offered.push(Object.keys(forms));
    return ("int16" in forms ? "int16" : "float32") as keyof typeof forms;
  },
};
const inInt16 = <T>(task: () => T): T => inBfloat16("all", choices, task);

type Results = [y: tf.Tensor, dx: tf.Tensor, dw: tf.Tensor];
const names = ["y", "dx", "dW"];

const convolve = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
  tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, "valid");

function results(x: tf.Tensor, w: tf.Tensor, dy: tf.Tensor): Results {
  return tf.tidy(() => [convolve(x, w), ...tf.grads(convolve)([x, w], dy)]) as unknown as Results;
}

/** What a shortcut sees: activations after ReLU, filters of 0 and ±α, a gradient. */
function example([batch, height, width, inputs, outputs]: readonly number[]): Results {
  return tf.tidy(() => {
    const normal = (shape: number[], seed: number): tf.Tensor =>
      tf.randomNormal(shape, 0, 1, "float32", seed);
    const raw = normal([1, 1, inputs, outputs], 2);
    const w = tf.sign(raw.mul(raw.abs().greater(1).toFloat())).mul(0.037);
    const [down, across] = [height, width].map(side => Math.ceil(side / 2));
    return [tf.relu(normal([batch, height, width, inputs], 1)), w, normal([batch, down, across, outputs], 3)];
  });
}

/** The root mean square of a difference, beside that of the second. */
const off = (a: tf.Tensor, b: tf.Tensor): number =>
  tf.tidy(() => a.sub(b).square().mean().div(b.square().mean().add(1e-30)).sqrt().dataSync()[0]);

async function agree(shape: readonly number[], least: number): Promise<void> {
  const [x, w, dy] = example(shape);
  const exact = await withWiderSums(async () => results(x, w, dy));
  const rounded = inInt16(() => results(x, w, dy));
  for (const [i, name] of names.entries()) {
    const error = off(rounded[i], exact[i]);
    assert.ok(error < 3e-4 && error >= least, `${name} of ${shape} is ${error} off`);
  }
  tf.dispose([x, w, dy, ...exact, ...rounded]);
}

test("1×1 convolutions at stride 2 of filters 0 and ±α and their gradients agree with sums in float64, whatever the sides and channels", async t => {
  if (lacking) return t.skip(lacking);
  const channels = fc.integer({min: 1, max: 5}).map(n => n * vectorWidth());
  const side = fc.integer({min: 1, max: 12});
  await fc.assert(
    fc.asyncProperty(fc.tuple(fc.integer({min: 1, max: 3}), side, side, channels, channels), each =>
      agree(each, 0),
    ),
    {numRuns: 60},
  );
});

test("they agree where pixels and channels are many, also past the cache, and are not float32's", async t => {
  if (lacking) return t.skip(lacking);
  for (const shape of [
    [3, 8, 8, 256, 512],
    [70, 32, 30, 64, 128],
    [128, 32, 32, 64, 128],
  ]) {
    await agree(shape, 1e-6);
  }
});

test("signs under filters of 0 and ±α are summed exactly", t => {
  if (lacking) return t.skip(lacking);
  const [x, w, dy] = example([2, 9, 6, 64, 48]);
  const [signs, ones] = tf.tidy(() => [x.greater(0.3).toFloat().mul(2).sub(1), w.div(0.037)]);
  const [y] = inInt16(() => results(signs, ones.round(), dy));
  const counts = convolve(signs, ones.round());
  assert.ok(tf.tidy(() => y.sub(counts).abs().max().dataSync()[0]) < 1e-4);
  tf.dispose([x, w, dy, signs, ones, y, counts]);
});

test("under other filters the convolution and its input's gradient are float32's but for the order of sums", t => {
  if (lacking) return t.skip(lacking);
  const [x, w, dy] = example([2, 9, 6, 32, 48]);
  const uneven = tf.tidy(() => w.add(tf.range(0, 48).div(1e4)));
  const [plain, same] = [results(x, uneven, dy), inInt16(() => results(x, uneven, dy))];
  for (const i of [0, 1]) assert.ok(off(same[i], plain[i]) < 1e-6, names[i]);
  const none = inInt16(() => results(x, tf.zerosLike(w), dy));
  for (const i of [0, 1])
    assert.ok(
      none[i].dataSync().every(value => value === 0),
      names[i],
    );
  tf.dispose([x, w, dy, uneven, ...plain, ...same, ...none]);
});

test("images and gradients 2⁴⁰ times as large or small give the same numbers, as much larger or smaller", t => {
  if (lacking) return t.skip(lacking);
  const [x, w, dy] = example([3, 7, 8, 32, 16]);
  const plain = inInt16(() => results(x, w, dy));
  for (const factor of [2 ** 40, 2 ** -40]) {
    const scaled = tf.tidy(() => inInt16(() => results(x.mul(factor), w, dy.mul(factor))));
    for (const [i, by] of [factor, factor, factor ** 2].entries()) {
      assert.deepEqual(scaled[i].div(by).dataSync(), plain[i].dataSync(), `${names[i]}, ${factor}`);
    }
    tf.dispose(scaled);
  }
  tf.dispose([x, w, dy, ...plain]);
});

test("beside NaN and infinity nothing comes out as a number, and other pixels and channels are as they were", t => {
  if (lacking) return t.skip(lacking);
  const [x, w, dy] = example([2, 8, 8, 32, 32]);
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const spoilt = tf.buffer(x.shape, "float32", x.dataSync().slice() as Float32Array);
    spoilt.set(bad, 1, 4, 6, 7);
    const [y, , dw] = inInt16(() => results(spoilt.toTensor(), w, dy));
    const pixels = tf.unstack(y.reshape([32, 32])).map(pixel => pixel.dataSync());
    const at = 16 + 2 * 4 + 3;
    assert.ok(pixels[at].every(Number.isNaN), `y, ${bad}`);
    assert.ok(
      pixels.every((pixel, i) => i === at || pixel.every(Number.isFinite)),
      `other pixels, ${bad}`,
    );
    const rows = tf.unstack(dw.reshape([32, 32])).map(row => row.dataSync());
    assert.ok(rows[7].every(Number.isNaN), `dW, ${bad}`);
    assert.ok(
      rows.every((row, c) => c === 7 || row.every(Number.isFinite)),
      `other channels, ${bad}`,
    );
  }
});

test("the same twice gives the same bits, and leaves no tensor behind", t => {
  if (lacking) return t.skip(lacking);
  const before = tf.memory().numTensors;
  const given = example([5, 9, 7, 48, 80]);
  const [first, second] = [1, 2].map(() => inInt16(() => results(...given)));
  for (const [i, name] of names.entries()) assert.deepEqual(first[i].dataSync(), second[i].dataSync(), name);
  tf.dispose([...given, ...first, ...second]);
  assert.equal(tf.memory().numTensors, before);
});

test("a layer's shortcut is convolved in whole numbers within bfloat16-throughout alone, and of whole vectors of channels alone", t => {
  if (lacking) return t.skip(lacking);
  const of = (channels: number, part: "all" | "gradients"): boolean => {
    const layer = maskedConv2d({filters: 32, kernelSize: 1, strides: 2, padding: 0, keepFraction: 0.5});
    const x = tf.ones([2, 4, 4, channels]);
    layer.build(x.shape);
    offered.length = 0;
    const {value, grads} = inBfloat16(part, choices, () =>
      tf.variableGrads(() => (layer.apply(x) as tf.Tensor).square().mean().asScalar()),
    );
    tf.dispose([x, value, grads]);
    return offered.some(forms => forms.includes("int16"));
  };
  assert.equal(of(2 * vectorWidth(), "all"), true);
  assert.equal(of(2 * vectorWidth(), "gradients"), false);
  assert.equal(of(vectorWidth() + 1, "all"), false);
});
