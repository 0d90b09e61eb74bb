import assert from "node:assert/strict";
import {test} from "node:test";
import {architectureNames, architectures, operationsOf} from "../../src/network/architectures";
import {everyOperation} from "../../src/network/geometry";
import {
  activate,
  conv3x3,
  dense,
  flatten,
  globalAverage,
  halve,
  type ImageShape,
  norm,
  type Operation,
  relu,
} from "../../src/network/operations";
import {settled} from "../../src/network/settle";

const conv = conv3x3("c", 3);
const last = dense("d", 2);

/** What `settled` says of each layer with weights, by name. */
function marks(operations: readonly Operation[], image: ImageShape = [4, 4, 3]): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const {operation} of everyOperation(settled(operations, image, "sign"), image)) {
    if (operation.op === "conv") found[operation.name] = operation.beforeSign ?? false;
    if (operation.op === "dense") found[operation.name] = operation.inputStep;
  }
  return found;
}

test("a convolution right before a sign has sums near 0 settled, of images and of signs alike", () => {
  assert.deepEqual(marks([conv, activate]), {c: true});
  assert.deepEqual(marks([activate, conv, activate]), {c: true});
  assert.deepEqual(marks([conv, norm("c"), activate]), {c: false});
  assert.deepEqual(marks([conv]), {c: false});
});

test("behind a pooling only of signs: of other inputs a maximum of sums is no sum near 0", () => {
  assert.deepEqual(marks([activate, conv, halve, activate]), {c: true});
  assert.deepEqual(marks([conv, halve, activate]), {c: false});
  assert.deepEqual(marks([activate, conv, halve, norm("c"), activate]), {c: false});
});

test("signs have step 1, pooled, behind a ReLU and flattened too; their mean over 16 pixels 1/16", () => {
  assert.deepEqual(marks([activate, flatten, last]), {d: 1});
  assert.deepEqual(marks([activate, halve, relu, flatten, last]), {d: 1});
  assert.deepEqual(marks([activate, globalAverage, last]), {d: 1 / 16});
  assert.deepEqual(marks([activate, halve, globalAverage, last], [8, 8, 3]), {d: 1 / 16});
});

test("images, ReLUs of them, means of them, sums, and means over 49 pixels have none", () => {
  assert.deepEqual(marks([flatten, last]), {d: undefined});
  assert.deepEqual(marks([relu, flatten, last]), {d: undefined});
  assert.deepEqual(marks([globalAverage, last]), {d: undefined});
  assert.deepEqual(marks([activate, globalAverage, last], [7, 7, 3]), {d: undefined});
  assert.deepEqual(marks([activate, norm("n"), flatten, last]), {d: undefined});
  const block: Operation = {op: "residual", main: [activate], shortcut: []};
  assert.deepEqual(marks([activate, block, flatten, last]), {d: undefined});
});

test("a dense layer whose sums a batch norm sees first has none settled; one before a sign has", () => {
  const first = dense("a", 4);
  assert.deepEqual(marks([activate, flatten, first, activate, last]), {a: 1, d: 1});
  assert.deepEqual(marks([activate, flatten, first, norm("a"), activate, last]), {a: undefined, d: 1});
});

test("within a residual branch a convolution is settled as elsewhere, by what flows into the block", () => {
  const block: Operation = {
    op: "residual",
    main: [conv3x3("m", 3), activate, conv3x3("n", 3)],
    shortcut: [conv3x3("s", 3), {op: "maxpool", size: 1, stride: 1, pad: 0}, activate],
  };
  assert.deepEqual(marks([activate, block]), {m: true, n: false, s: true});
  assert.deepEqual(marks([block]), {m: true, n: false, s: false});
});

test("every architecture with ReLUs is left as it is; with signs the logits of all but ReLU tails are exact", () => {
  const exact: string[] = [];
  for (const arch of architectureNames) {
    const {image} = architectures[arch];
    const real = operationsOf({arch, activation: "relu"});
    assert.deepEqual(settled(real, image, "relu"), real);
    const binary = settled(operationsOf({arch, activation: "sign"}), image, "sign");
    assert.deepEqual(settled(binary, image, "sign"), binary, "marking twice is marking once");
    const logits = binary.at(-1);
    if (logits?.op === "dense" && logits.inputStep !== undefined) exact.push(`${arch} ${logits.inputStep}`);
  }
  // VGG-Small ends in a ReLU; ImageNet's global mean is over 7·7 pixels, which is no power of two.
  const flat = [
    "digits",
    "conv2",
    "conv4",
    "conv6",
    "conv8",
    "conv2-bn",
    "conv8-bn",
    "conv2-no-bn",
    "conv8-no-bn",
  ];
  assert.deepEqual(exact, [
    ...flat.map(arch => `${arch} 1`),
    ...[`cifar-resnet18 ${1 / 16}`, `cifar-resnet20 ${1 / 64}`, `cifar-resnet32 ${1 / 64}`],
    ...[`cifar-resnet44 ${1 / 64}`, `cifar-resnet56 ${1 / 64}`, `cifar-resnet110 ${1 / 64}`],
  ]);
});
