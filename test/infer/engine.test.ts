import assert from "node:assert/strict";
import {before, test} from "node:test";
import {createInference} from "../../src/infer/inference";
import {loadKernels} from "../../src/infer/wasm/loadKernels";
import {architectureNames, operationsOf} from "../../src/network/architectures";
import type {Activation, ImageShape, Operation} from "../../src/network/operations";
import {randomImages, randomNetwork} from "./randomNetwork";

let kernels: WebAssembly.Module;
before(async () => {
  kernels = await loadKernels();
});

interface Case {
  readonly operations: readonly Operation[];
  readonly activation: Activation;
  readonly image: ImageShape;
  readonly keep?: number;
  readonly seed?: number;
}

/** Both engines give the same numbers, to the last bit, for one image and for several. */
function assertEnginesAgree(options: Case, counts: readonly number[] = [1, 3]): void {
  const network = randomNetwork(options);
  const [wasm, reference] = (["wasm", "reference"] as const).map(engine =>
    createInference(network, {engine, kernels}),
  );
  for (const count of counts) {
    const images = randomImages(options.image, count);
    const [got, want] = [wasm.logits(images, count), reference.logits(images, count)];
    assert.equal(got.length, want.length);
    const differs = want.findIndex((value, i) => value !== got[i]);
    assert.equal(
      differs,
      -1,
      `${count} images, value ${differs}: ${got[differs]} instead of ${want[differs]}`,
    );
  }
}

const sign: Operation = {op: "activation"};
const norm: Operation = {op: "batchnorm", name: "bn"};
const conv = (filters: number, kernel: number, stride = 1): Operation => ({
  op: "conv",
  name: "conv",
  filters,
  kernel,
  stride,
  pad: (kernel - 1) / 2,
});
const halving: Operation = {op: "maxpool", size: 2, stride: 2, pad: 0};

for (const channels of [1, 31, 32, 33, 63, 64, 65, 127, 128, 129]) {
  test(`a convolution of ${channels} channels equals its reference, on bits and on reals, over strides and kernels`, () => {
    for (const [kernel, stride] of [
      [3, 1],
      [3, 2],
      [1, 1],
      [1, 2],
    ]) {
      const layer = conv(5, kernel, stride);
      assertEnginesAgree({operations: [sign, layer], activation: "sign", image: [5, 7, channels]});
      assertEnginesAgree({
        operations: [sign, layer, norm, sign],
        activation: "sign",
        image: [5, 7, channels],
      });
      assertEnginesAgree({operations: [layer, norm], activation: "relu", image: [5, 7, channels]});
    }
  });

  test(`${channels} filters are as good as any other number`, () => {
    for (const operations of [
      [sign, conv(channels, 3)],
      [sign, conv(channels, 3), halving, norm, sign],
    ]) {
      assertEnginesAgree({operations, activation: "sign", image: [6, 9, 2]});
    }
    assertEnginesAgree({
      operations: [conv(channels, 3), halving, norm],
      activation: "relu",
      image: [6, 9, 2],
    });
  });
}

for (const image of [
  [1, 1, 3],
  [1, 17, 3],
  [2, 3, 3],
  [4, 4, 9],
  [7, 9, 3],
  [8, 8, 9],
  [11, 12, 3],
  [13, 33, 2],
  [16, 16, 3],
] as ImageShape[]) {
  test(`images of ${image[0]} × ${image[1]} equal their reference, whatever follows the convolution`, () => {
    const tails: Operation[][] = [
      [],
      [norm],
      [norm, sign],
      [sign],
      [{op: "avgpool"}],
      [norm, sign, {op: "avgpool"}],
    ];
    const pools: Operation[][] = Math.min(image[0], image[1]) > 1 ? [[halving]] : [];
    for (const tail of [
      ...tails,
      ...pools.flatMap(pool => [pool, [...pool, norm, sign], [norm, sign, ...pool]]),
    ]) {
      for (const stride of [1, 2]) {
        if (stride === 2 && tail.includes(halving) && Math.min(image[0], image[1]) < 3) continue;
        assertEnginesAgree(
          {operations: [sign, conv(3, 3, stride), ...tail], activation: "sign", image},
          [1, 9],
        );
        assertEnginesAgree({operations: [conv(3, 3, stride), ...tail], activation: "relu", image}, [1]);
      }
    }
  });
}

test("all-zero and all-one masks equal their reference", () => {
  for (const keep of [0, 1]) {
    for (const activation of ["relu", "sign"] as const) {
      for (const operations of [
        [sign, conv(4, 3)],
        [sign, conv(4, 3), norm, sign],
        [conv(4, 3), norm],
      ]) {
        assertEnginesAgree({operations, activation, image: [5, 8, 65], keep});
      }
    }
  }
});

test("thousands of inputs a filter need wider counters, and lists that reach further", () => {
  for (const tail of [[], [norm, sign]] as Operation[][]) {
    for (const image of [
      [3, 3, 512],
      [8, 8, 512],
      [3, 45, 512],
    ] as ImageShape[]) {
      assertEnginesAgree({operations: [sign, conv(2, 3), ...tail], activation: "sign", image, keep: 1}, [1]);
    }
  }
});

test("a residual equals its reference: identity or projection, bits or reals", () => {
  const inner = (name: string, filters: number, stride: number): Operation =>
    ({...conv(filters, 3, stride), name}) as Operation;
  const named = (name: string): Operation => ({op: "batchnorm", name});
  for (const [filters, stride] of [
    [5, 1],
    [7, 2],
  ]) {
    const projection: Operation[] =
      stride === 1 ? [] : [{op: "conv", name: "p", filters, kernel: 1, stride, pad: 0}, named("p.bn")];
    const main = [inner("a", filters, stride), named("a.bn"), sign, inner("b", filters, 1), named("b.bn")];
    for (const after of [[sign], [], [sign, inner("c", 3, 1)]]) {
      for (const activation of ["relu", "sign"] as const) {
        const operations: Operation[] = [
          inner("s", 5, 1),
          sign,
          {op: "residual", main, shortcut: projection},
          ...after,
        ];
        assertEnginesAgree({operations, activation, image: [7, 10, 3]});
      }
    }
  }
});

test("pooling of any size, stride and padding equals its reference", () => {
  for (const [size, stride, pad] of [
    [3, 2, 1],
    [2, 1, 0],
    [3, 3, 0],
  ]) {
    const pool: Operation = {op: "maxpool", size, stride, pad};
    for (const operations of [
      [sign, pool],
      [pool, sign],
      [conv(3, 3), norm, pool, sign],
    ]) {
      assertEnginesAgree({operations, activation: "sign", image: [7, 9, 3]});
    }
  }
});

for (const arch of architectureNames) {
  test(`${arch}: the whole network equals its reference, 1/32 and 1/1`, () => {
    for (const activation of ["relu", "sign"] as const) {
      const deep = arch === "cifar-resnet110" || arch === "cifar-resnet56" || arch === "cifar-resnet44";
      const operations = operationsOf({arch, activation, width: deep ? 0.0625 : 0.125, classes: 4});
      assertEnginesAgree({operations, activation, image: deep ? [9, 12, 3] : [18, 16, 3]});
    }
  });
}

test("what is no image of the network is refused in one line", () => {
  const network = randomNetwork({operations: [conv(2, 3)], activation: "relu", image: [4, 4, 3]});
  for (const engine of ["wasm", "reference"] as const) {
    const inference = createInference(network, {engine, kernels});
    assert.throws(() => inference.logits(new Float32Array(47), 1), {
      name: "UserError",
      message: /1 images of 4×4×3 have 48 values; got 47/,
    });
    assert.throws(() => inference.logits(new Float32Array(0), 0), {name: "UserError", message: /count/});
  }
  assert.throws(() => createInference(network, {engine: "gpu" as never}), {
    name: "UserError",
    message: /unknown engine "gpu"/,
  });
  assert.throws(() => createInference(network), {name: "UserError", message: /kernels/});
});
