import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {precisionHere} from "../../src/backend/arithmetic";
import {useBackend} from "../../src/backend/backend";
import {inBfloat16} from "../../src/backend/bfloat16";
import {KernelChoices} from "../../src/backend/kernelPlan";
import type {NativeBackend} from "../../src/backend/nativeBackend";
import {Stream} from "../../src/core/random";
import {searchSpec} from "../../src/search/defaults";
import {type LossAndGradients, lossAndGradients} from "../../src/search/gradients";
import {buildFor} from "../../src/search/search";
import {trainedVariables} from "../../src/search/state";

let lacking: string | undefined;
before(async () => {
  await useBackend("auto");
  lacking = precisionHere("bfloat16").notice;
});

const KERNELS = ["Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter", "BatchMatMul"];
const registered = (): unknown[] => KERNELS.map(name => tf.getKernel(name, tf.getBackend()));

/** Takes one form wherever there is it, else bfloat16. */
const always = (form: string): Pick<KernelChoices, "choose"> => ({
  choose: (_key, forms) => (form in forms ? form : "bfloat16") as keyof typeof forms,
});

/** Whole numbers from −2 to 2: bfloat16 holds them, and sums of up to 64 of their products, exactly. */
const wholes = (shape: number[], name: string): tf.Tensor => {
  const stream = new Stream(5, name);
  return tf.tensor(
    Float32Array.from({length: tf.util.sizeFromShape(shape)}, (_, i) => stream.integer(i, 5) - 2),
    shape,
  );
};

interface Convolution {
  x: [number, number, number, number];
  filter: [number, number, number, number];
  stride: number;
  pad: "same" | "valid";
}
const convolutions: Convolution[] = [
  {x: [1, 4, 4, 3], filter: [3, 3, 3, 5], stride: 1, pad: "same"},
  {x: [2, 5, 3, 2], filter: [3, 3, 2, 3], stride: 1, pad: "same"},
  {x: [1, 7, 6, 3], filter: [3, 3, 3, 4], stride: 2, pad: "valid"},
  {x: [1, 6, 6, 2], filter: [3, 3, 2, 4], stride: 2, pad: "same"},
  {x: [2, 5, 5, 3], filter: [1, 1, 3, 4], stride: 2, pad: "valid"},
  {x: [1, 4, 5, 6], filter: [1, 1, 6, 3], stride: 1, pad: "same"},
  {x: [1, 6, 4, 1], filter: [2, 3, 1, 2], stride: 1, pad: "valid"},
];
for (const {x, filter, stride, pad} of convolutions) {
  test(`x ${x}, filter ${filter}, stride ${stride}, ${pad}: every form is exact on small whole numbers`, t => {
    if (lacking) return t.skip(lacking);
    const step = (): Float32Array[] => {
      const image = wholes(x, "x");
      const weights = wholes(filter, "filter");
      const gradients = tf.grads((a: tf.Tensor, b: tf.Tensor) => {
        const y = tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad);
        return y.mul(wholes(y.shape, "dy").div(2).round()).sum();
      })([image, weights]);
      const y = tf.conv2d(image as tf.Tensor4D, weights as tf.Tensor4D, stride, pad);
      return [y, ...gradients].map(each => each.dataSync() as Float32Array);
    };
    const plain = step();
    for (const form of ["bfloat16", "bfloat16-shifted"]) {
      const values = inBfloat16("all", always(form), step);
      for (const [i, what] of ["y", "dx", "dW"].entries())
        assert.deepEqual(values[i], plain[i], `${form} ${what}`);
    }
  });
}

test("a matrix product is exact on small whole numbers, and rounds both factors and the result else", t => {
  if (lacking) return t.skip(lacking);
  const product = (a: tf.Tensor, b: tf.Tensor): Float32Array =>
    tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, true, false).dataSync() as Float32Array;
  const [a, b] = [wholes([15, 7], "a"), wholes([15, 3], "b")];
  assert.deepEqual(
    inBfloat16("all", always("bfloat16"), () => product(a, b)),
    product(a, b),
  );
  const third = tf.fill([1, 1], 1 / 3);
  const rounded = 0.333984375;
  const square = inBfloat16("all", always("bfloat16"), () => product(third, third));
  assert.equal(square[0], 0.111328125);
  assert.ok(Math.abs(square[0] / rounded ** 2 - 1) < 2 ** -8);
});

test("the stock kernels are back afterwards, also when the task throws", t => {
  if (lacking) return t.skip(lacking);
  const stock = registered();
  const inside = inBfloat16("all", always("bfloat16"), registered);
  for (const [i, kernel] of inside.entries()) assert.notEqual(kernel, stock[i]);
  const fail = (): never => {
    throw new Error("inside");
  };
  assert.throws(() => inBfloat16("all", always("bfloat16"), fail), /inside/);
  for (const [i, kernel] of registered().entries()) assert.equal(kernel, stock[i], KERNELS[i]);
});

test("over 50 steps no tensor and no native handle is left behind, and a tensor is cast once", t => {
  if (lacking) return t.skip(lacking);
  const native = tf.backend() as NativeBackend;
  const {binding} = native;
  let live = 0;
  let casts = 0;
  const counted: Partial<NativeBackend["binding"]> = {
    executeOp: (...args) => {
      const handles = binding.executeOp(...args);
      live += handles.length;
      if (args[0] === "Cast") casts++;
      return handles;
    },
    createTensor: (...args) => {
      live++;
      return binding.createTensor(...args);
    },
    deleteTensor: id => {
      live--;
      binding.deleteTensor(id);
    },
  };
  const counting = Object.create(binding, Object.getOwnPropertyDescriptors(counted));
  const x = wholes([2, 8, 8, 4], "x") as tf.Tensor4D;
  const w = wholes([3, 3, 4, 4], "w") as tf.Tensor4D;
  const step = (): void =>
    tf.tidy(() => {
      const gradients = tf.grads((a: tf.Tensor, b: tf.Tensor) =>
        tf
          .conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, "same")
          .relu()
          .sum(),
      )([x, w]);
      for (const each of gradients) each.dataSync();
    });
  const tensors = tf.memory().numTensors;
  Object.assign(native, {binding: counting});
  try {
    for (const form of ["bfloat16", "bfloat16-shifted"]) {
      inBfloat16("all", always(form), step);
      live = 0;
      casts = 0;
      for (let i = 0; i < 50; i++) inBfloat16("all", always(form), step);
      assert.equal(live, 0, form);
      // x, W and dy in; y, dx and dW out.
      assert.equal(casts, 50 * 6, form);
    }
    live = 0;
    inBfloat16("all", new KernelChoices(), step);
    assert.equal(live, 0, "while measuring");
  } finally {
    Object.assign(native, {binding});
  }
  assert.equal(tf.memory().numTensors, tensors);
  tf.dispose([x, w]);
});

const flags = "flags : fpu avx512f avx512_bf16";
test("where there is no bfloat16 it is float32 with a notice that says why", () => {
  const native = {backend: "tensorflow", device: "cpu"} as const;
  assert.deepEqual(precisionHere("bfloat16", native, flags), {precision: "bfloat16"});
  assert.deepEqual(precisionHere("bfloat16", native, "flags : amx_bf16"), {precision: "bfloat16"});
  const lesser: [Parameters<typeof precisionHere>[1], string, RegExp][] = [
    [native, "flags : fpu avx512f", /processor has no bfloat16/],
    [native, "", /processor has no bfloat16/],
    [{backend: "wasm", device: "cpu"}, flags, /backend wasm has no bfloat16/],
    [{backend: "cpu", device: "cpu"}, flags, /backend cpu has no bfloat16/],
    [{backend: "tensorflow", device: "gpu"}, flags, /a GPU computes/],
  ];
  for (const [info, has, pattern] of lesser) {
    const {precision, notice} = precisionHere("bfloat16", info, has);
    assert.equal(precision, "float32");
    assert.match(notice ?? "", pattern);
    assert.match(notice ?? "", /it computes in float32/);
  }
  assert.deepEqual(precisionHere("float32", native, ""), {precision: "float32"});
});

for (const arch of ["conv2", "conv6", "cifar-resnet18"] as const) {
  test(`${arch}: in bfloat16 the loss is float32's, and dL/dS of every layer has a cosine of at least 0.9999 to it`, t => {
    if (lacking) return t.skip(lacking);
    const spec = searchSpec({arch, width: 0.25, keepFraction: 0.3});
    const network = buildFor(spec, {imageShape: [32, 32, 3], classNames: Array(10).fill("")});
    const images = tf.tidy(() => wholes([16, 32, 32, 3], "images").div(2)) as tf.Tensor4D;
    const labels = tf.tensor1d(
      Int32Array.from({length: 16}, (_, i) => i % 10),
      "int32",
    );
    const step = (): LossAndGradients =>
      lossAndGradients(network.model, trainedVariables(network, false), images, labels);
    const plain = step();
    for (const form of ["bfloat16-shifted", "winograd-int16"]) {
      const mixed = inBfloat16("gradients", always(form), step);
      const throughout = inBfloat16("all", always(form), step);
      assert.equal(mixed.loss.dataSync()[0], plain.loss.dataSync()[0]);
      assert.deepEqual(mixed.logits.dataSync(), plain.logits.dataSync());
      assert.notDeepEqual(throughout.logits.dataSync(), plain.logits.dataSync());
      for (const [name, gradient] of Object.entries(plain.gradients)) {
        const cosine = (other: LossAndGradients): number =>
          cosineOf(gradient.dataSync(), other.gradients[name].dataSync());
        assert.ok(cosine(mixed) >= 0.9999, `${form}, ${name}: ${cosine(mixed)}`);
        assert.ok(cosine(mixed) < 1, `${form}: ${name} was not computed in it`);
        assert.ok(cosine(throughout) >= 0.9, `${form}, ${name}, throughout: ${cosine(throughout)}`);
      }
      for (const {loss, logits, gradients} of [mixed, throughout]) tf.dispose([loss, logits, gradients]);
    }
    network.model.dispose();
    tf.dispose([plain.loss, plain.logits, plain.gradients, images, labels]);
  });
}

function cosineOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] ** 2;
    bb += b[i] ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}
