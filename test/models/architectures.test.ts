import assert from "node:assert/strict";
import {test} from "node:test";
import {UserError} from "../../src/core/errors";
import {fnv1a} from "../../src/core/random";
import {
  type ArchitectureName,
  architectureNames,
  architectures,
  operationsOf,
} from "../../src/models/architectures";
import {layerShapes} from "../../src/models/layerShapes";
import type {Activation, Operation} from "../../src/models/operations";

const activations: readonly Activation[] = ["relu", "sign"];

/** The operations in words: "act" is the network's activation, "relu" always a ReLU. */
function words(operations: readonly Operation[]): string {
  const word = (operation: Operation): string => {
    switch (operation.op) {
      case "dense":
        return "fc";
      case "batchnorm":
        return "bn";
      case "activation":
        return "act";
      case "maxpool":
        return "pool";
      case "residual":
        return `(${words(operation.main)} + ${words(operation.shortcut)})`;
      default:
        return operation.op;
    }
  };
  return operations.map(word).join(" ");
}
const order = (arch: ArchitectureName, activation: Activation): string =>
  words(operationsOf({arch, activation}));
const times = (n: number, text: string): string => new Array(n).fill(text).join(" ");

const convNets: [ArchitectureName, number][] = [
  ["conv2", 1],
  ["conv4", 2],
  ["conv6", 3],
  ["conv8", 4],
];
for (const [arch, blocks] of convNets) {
  test(`${arch} with relu has an activation after every layer but the last, and no batch norm`, () => {
    const convolutions = times(blocks, "conv act conv act pool");
    assert.equal(order(arch, "relu"), `${convolutions} flatten fc act fc act fc`);
  });
  test(`${arch} with sign has batch norm before every activation, and pools before the second of a block`, () => {
    const convolutions = times(blocks, "conv bn act conv pool bn act");
    assert.equal(order(arch, "sign"), `${convolutions} flatten fc bn act fc bn act fc`);
  });
}

test("VGG-Small with relu has two activations only: after the first convolution and the last block", () => {
  const inner = "conv conv pool bn";
  assert.equal(order("vgg-small", "relu"), `conv act conv pool bn ${inner} ${inner} relu flatten fc`);
});

test("VGG-Small with sign has batch norm only after poolings, and ends in a ReLU", () => {
  const block = "conv act conv pool bn";
  assert.equal(order("vgg-small", "sign"), `${block} act ${block} act ${block} relu flatten fc`);
});

test("VGG-Small BN has batch norm before every activation, and ends in a ReLU", () => {
  const block = "conv bn act conv pool bn";
  for (const activation of activations) {
    assert.equal(order("vgg-small-bn", activation), `${block} act ${block} act ${block} relu flatten fc`);
  }
});

test("a CIFAR ResNet: stem, basic blocks with projections where the shape changes, global mean, dense layer", () => {
  const plain = "(conv bn act conv bn + ) act";
  const projected = "(conv bn act conv bn + conv bn) act";
  const stage = `${projected} ${plain}`;
  const expected = `conv bn act ${plain} ${plain} ${stage} ${stage} ${stage} avgpool fc`;
  for (const activation of activations) assert.equal(order("cifar-resnet18", activation), expected);
  const depths: [ArchitectureName, number][] = [
    ["cifar-resnet20", 3],
    ["cifar-resnet32", 5],
    ["cifar-resnet44", 7],
    ["cifar-resnet56", 9],
    ["cifar-resnet110", 18],
  ];
  for (const [arch, blocks] of depths) {
    const later = `${projected} ${times(blocks - 1, plain)}`;
    assert.equal(order(arch, "relu"), `conv bn act ${times(blocks, plain)} ${later} ${later} avgpool fc`);
  }
});

test("the first block of the later stages halves the image: strides 1, 2, 2, 2, also in the projection", () => {
  const strides = operationsOf({arch: "cifar-resnet18", activation: "relu"}).flatMap(operation =>
    operation.op === "residual"
      ? [...operation.main, ...operation.shortcut].flatMap(each =>
          each.op === "conv" ? [`${each.name} ${each.stride}`] : [],
        )
      : [],
  );
  const halving = strides.filter(each => each.endsWith(" 2"));
  assert.deepEqual(
    halving,
    [2, 3, 4].flatMap(stage => [`l${stage}.0.conv1 2`, `l${stage}.0.shortcut 2`]),
  );
});

test("layer names are unique within every network, and no two names of any network share a random stream", () => {
  const all = new Set<string>();
  for (const arch of architectureNames) {
    for (const activation of activations) {
      const {layers, batchNorms} = layerShapes(operationsOf({arch, activation}), architectures[arch].image);
      const names = [...layers, ...batchNorms].map(({name}) => name);
      assert.equal(new Set(names).size, names.length, arch);
      for (const {name} of layers) all.add(name);
    }
  }
  assert.ok(all.size > 112);
  const streams = [...all].flatMap(name =>
    ["signs", "magnitudes", "scores", "score signs"].map(what => `${name}/${what}`),
  );
  const hashes = new Set(streams.map(fnv1a));
  assert.equal(hashes.size, streams.length);
});

test("a width multiplies every layer but the last, truncated", () => {
  const shapes = (arch: ArchitectureName, width: number): (readonly number[])[] =>
    layerShapes(operationsOf({arch, activation: "sign", width}), architectures[arch].image).layers.map(
      ({shape}) => shape,
    );
  assert.deepEqual(shapes("conv2", 0.3), [
    [3, 3, 3, 19],
    [3, 3, 19, 19],
    [16 * 16 * 19, 76],
    [76, 76],
    [76, 10],
  ]);
  for (const arch of architectureNames) assert.equal(shapes(arch, 1.7).at(-1)?.at(-1), 10);
});

test("the number of classes is the last layer's, and 10 unless given", () => {
  for (const arch of architectureNames) {
    for (const classes of [undefined, 3]) {
      const operations = operationsOf({arch, activation: "relu", classes});
      const last = operations.at(-1);
      assert.ok(last?.op === "dense");
      assert.equal(last.units, classes ?? 10);
    }
  }
});

test("other image sizes do, as long as every pooling and stride has something left", () => {
  const dense = (height: number, width: number, channels: number): readonly number[] | undefined =>
    layerShapes(operationsOf({arch: "conv4", activation: "relu"}), [height, width, channels]).layers.find(
      ({name}) => name === "fc1",
    )?.shape;
  assert.deepEqual(dense(28, 28, 1), [7 * 7 * 128, 256]);
  assert.deepEqual(dense(64, 48, 3), [16 * 12 * 128, 256]);
  assert.deepEqual(dense(5, 4, 3), [128, 256]);
  const resnet = layerShapes(operationsOf({arch: "cifar-resnet20", activation: "relu"}), [28, 20, 1]);
  assert.deepEqual(resnet.layers.at(-1)?.shape, [64, 10]);
});

test("too small an image is refused with the layer that has nothing left", () => {
  const of = (arch: ArchitectureName, size: number) => () =>
    layerShapes(operationsOf({arch, activation: "relu"}), [size, size, 3]);
  for (const [arch, size] of [
    ["conv4", 3],
    ["conv8", 15],
    ["vgg-small", 7],
  ] as const) {
    assert.throws(of(arch, size), {
      name: "RangeError",
      message: /the image is too small for this network: max-pooling meets a side of 1/,
    });
    assert.ok(of(arch, size + 1)().layers.length > 0);
  }
});

function refuses(options: object, message: RegExp): void {
  assert.throws(
    () => operationsOf({arch: "conv2", activation: "relu", ...options}),
    error => {
      assert.ok(error instanceof UserError, `${error}`);
      assert.match(error.message, message);
      return true;
    },
  );
}

test("an unknown architecture or activation is a UserError that lists the choices", () => {
  for (const arch of ["resnet18", "toString"]) {
    refuses({arch}, new RegExp(`unknown architecture "${arch}"; choose ${architectureNames.join(", ")}`));
  }
  refuses({activation: "tanh"}, /unknown activation "tanh"; choose relu \(MPT-1\/32\) or sign \(MPT-1\/1\)/);
});

test("a width that is not a positive number, or leaves a layer without channels, is a UserError", () => {
  for (const width of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    refuses({width}, new RegExp(`width must be a positive number, got ${width}`));
  }
  for (const arch of architectureNames)
    refuses({arch, width: 0.001}, /width 0.001 leaves layer .* without channels/);
});

test("a number of classes that is not a whole number of at least 1 is a UserError", () => {
  for (const classes of [0, -1, 2.5]) refuses({classes}, new RegExp(`classes must be .*, got ${classes}`));
});
