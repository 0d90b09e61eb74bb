import assert from "node:assert/strict";
import {test} from "node:test";
import {fnv1a} from "../../src/core/random";
import {
  type ArchitectureName,
  architectureNames,
  architectures,
  operationsOf,
} from "../../src/network/architectures";
import type {Activation, Operation} from "../../src/network/operations";
import {layerShapes} from "../../src/network/shapes";

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

test("conv2-bn and conv8-bn have the sign nets' order under either activation", () => {
  for (const [arch, plain] of [
    ["conv2-bn", "conv2"],
    ["conv8-bn", "conv8"],
  ] as const)
    for (const activation of activations) assert.equal(order(arch, activation), order(plain, "sign"));
});

test("conv2-no-bn and conv8-no-bn have their nets' order under either activation, less the batch norms", () => {
  for (const [arch, plain] of [
    ["conv2-no-bn", "conv2"],
    ["conv8-no-bn", "conv8"],
  ] as const) {
    for (const activation of activations)
      assert.equal(order(arch, activation), order(plain, activation).replaceAll(" bn", ""));
  }
});

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

test("an ImageNet ResNet pools behind the stem's ReLU, or before its sign; a wide one before either", () => {
  const plain = "(conv bn act conv bn + ) act";
  const projected = "(conv bn act conv bn + conv bn) act";
  const later = (blocks: number): string => `${projected} ${times(blocks - 1, plain)}`;
  const body18 = `${plain} ${plain} ${times(3, later(2))}`;
  const body34 = `${times(3, plain)} ${later(4)} ${later(6)} ${later(3)}`;
  const stems = {relu: "conv bn act pool", sign: "conv bn pool act"};
  for (const activation of activations) {
    const wideStem = "conv bn pool act";
    assert.equal(order("resnet18", activation), `${stems[activation]} ${body18} avgpool fc`);
    assert.equal(order("resnet34", activation), `${stems[activation]} ${body34} avgpool fc`);
    assert.equal(order("wide-resnet18", activation), `${wideStem} ${body18} avgpool fc`);
    assert.equal(order("wide-resnet34", activation), `${wideStem} ${body34} avgpool fc`);
  }
});

test("ResNet-50 has bottlenecks, the first of every stage with a projection, and so has the wide one", () => {
  const main = "conv bn act conv bn act conv bn";
  const stage = (blocks: number): string =>
    `(${main} + conv bn) act ${times(blocks - 1, `(${main} + ) act`)}`;
  const body = [3, 4, 6, 3].map(stage).join(" ");
  for (const arch of ["resnet50", "wide-resnet50"] as const) {
    assert.equal(order(arch, "relu"), `conv bn act pool ${body} avgpool fc`);
    assert.equal(order(arch, "sign"), `conv bn pool act ${body} avgpool fc`);
  }
});

test("ImageNet shapes, layer by layer: a bottleneck halves in its 3×3, a wide one is wider within alone", () => {
  const shapes = (arch: ArchitectureName): Map<string, string> =>
    new Map(
      layerShapes(operationsOf({arch, activation: "sign"}), architectures[arch].image).layers.map(
        ({name, shape}) => [name, shape.join("×")],
      ),
    );
  const pick = (arch: ArchitectureName, ...names: string[]): (string | undefined)[] =>
    names.map(name => shapes(arch).get(name));
  const block = ["l2.0.conv1", "l2.0.conv2", "l2.0.conv3", "l2.0.shortcut", "fc"];
  const outer = ["1×1×256×512", "2048×1000"];
  assert.deepEqual(pick("resnet50", ...block), ["1×1×256×128", "3×3×128×128", "1×1×128×512", ...outer]);
  assert.deepEqual(pick("wide-resnet50", ...block), ["1×1×256×256", "3×3×256×256", "1×1×256×512", ...outer]);
  const basic = ["stem", "l1.0.conv1", "l2.0.conv1", "l4.1.conv2", "fc"];
  const stem = ["7×7×3×64", "3×3×64×64"];
  assert.deepEqual(pick("resnet34", ...basic), [...stem, "3×3×64×128", "3×3×512×512", "512×1000"]);
  assert.deepEqual(pick("wide-resnet34", ...basic), [...stem, "3×3×64×192", "3×3×768×768", "768×1000"]);
  const strided = operationsOf({arch: "resnet50", activation: "relu"}).flatMap(operation =>
    operation.op === "residual"
      ? operation.main.flatMap(each => (each.op === "conv" && each.stride === 2 ? [each.name] : []))
      : [],
  );
  assert.deepEqual(strided, ["l2.0.conv2", "l3.0.conv2", "l4.0.conv2"]);
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

test("titles tell networks apart, and networks for the same data see the same images", () => {
  const all = Object.values(architectures);
  assert.equal(new Set(all.map(({title}) => title)).size, all.length);
  const images = new Map(all.map(({dataset, image}) => [dataset, image]));
  for (const {title, dataset, image} of all) assert.deepEqual(image, images.get(dataset), title);
});
