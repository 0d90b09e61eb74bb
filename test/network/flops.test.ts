import assert from "node:assert/strict";
import {test} from "node:test";
import {
  type ArchitectureName,
  architectureNames,
  architectures,
  operationsOf,
} from "../../src/network/architectures";
import {modelFlops} from "../../src/network/cost";
import {conv1x1, conv3x3, dense, flatten, globalAverage, halve} from "../../src/network/operations";
import {layerShapes} from "../../src/network/shapes";

function flopsOf(arch: ArchitectureName): {forward: number; step: number} {
  return modelFlops(operationsOf({arch, activation: "relu"}), architectures[arch].image);
}

test("a convolution is 2·k²·c·f FLOPs an output pixel, and the first passes no gradient to the image", () => {
  // 3·3·3·8 multiply-adds at each of 4·4 pixels
  assert.deepEqual(modelFlops([conv3x3("a", 8)], [4, 4, 3]), {forward: 2 * 216 * 16, step: 2 * 2 * 216 * 16});
});

test("a dense layer is 2·in·out FLOPs, three times that a step behind another layer", () => {
  const operations = [flatten, dense("a", 5), dense("b", 2)];
  assert.deepEqual(modelFlops(operations, [2, 2, 3]), {forward: 2 * (60 + 10), step: 2 * (2 * 60 + 3 * 10)});
});

test("stride 2, poolings and the global mean leave fewer pixels to the layers behind", () => {
  const operations = [conv3x3("a", 4, 2), halve, conv1x1("b", 6, 1), globalAverage, dense("c", 10)];
  // a: 3·3·1·4 at 4·4 pixels; b: 4·6 at 2·2; c: 6·10
  const [a, b, c] = [36 * 16, 24 * 4, 60];
  assert.deepEqual(modelFlops(operations, [8, 8, 1]), {
    forward: 2 * (a + b + c),
    step: 2 * (2 * a + 3 * (b + c)),
  });
});

test("a residual block counts both of its ways, each from the block's input", () => {
  const main = [conv3x3("a", 8, 2), conv3x3("b", 8)];
  const shortcut = [conv1x1("c", 8, 2)];
  const block = {op: "residual", main, shortcut} as const;
  // at 2·2 pixels: 9·4·8, 9·8·8 and 4·8; then 8·8·10 behind the block's 2·2·8
  const [a, b, c, d] = [288 * 4, 576 * 4, 32 * 4, 32 * 10];
  const {forward, step} = modelFlops([block, flatten, dense("d", 10)], [4, 4, 4]);
  assert.equal(forward, 2 * (a + b + c + d));
  // a and c see the image itself
  assert.equal(step, 2 * (2 * (a + c) + 3 * (b + d)));
});

test("Conv2 and Conv4 are the sums of their layers", () => {
  const conv2 = [1728 * 1024, 36_864 * 1024, 4_194_304, 65_536, 2560];
  const conv4 = [1728 * 1024, 36_864 * 1024, 73_728 * 256, 147_456 * 256, 2_097_152, 65_536, 2560];
  for (const [arch, layers] of [
    ["conv2", conv2],
    ["conv4", conv4],
  ] as const) {
    const forward = 2 * layers.reduce((sum, layer) => sum + layer, 0);
    assert.deepEqual(flopsOf(arch), {forward, step: 3 * forward - 2 * layers[0]});
  }
});

test("VGG-Small is the sum of its layers", () => {
  const layers = [
    3456 * 1024,
    147_456 * 1024,
    294_912 * 256,
    589_824 * 256,
    1_179_648 * 64,
    2_359_296 * 64,
    81_920,
  ];
  assert.equal(flopsOf("vgg-small").forward, 2 * layers.reduce((sum, layer) => sum + layer, 0));
});

test("ResNet-18 for CIFAR is the sum of its stages", () => {
  const stage1 = 4 * 36_864 * 1024;
  const stage2 = (73_728 + 3 * 147_456 + 8192) * 256;
  const stage3 = (294_912 + 3 * 589_824 + 32_768) * 64;
  const stage4 = (1_179_648 + 3 * 2_359_296 + 131_072) * 16;
  const {forward, step} = flopsOf("cifar-resnet18");
  assert.equal(forward, 2 * (1728 * 1024 + stage1 + stage2 + stage3 + stage4 + 5120));
  assert.equal(step, 3 * forward - 2 * 1728 * 1024);
});

test("the activation changes no FLOPs", () => {
  for (const arch of ["conv6", "vgg-small", "cifar-resnet20", "digits"] as const) {
    const {image} = architectures[arch];
    assert.deepEqual(modelFlops(operationsOf({arch, activation: "sign"}), image), flopsOf(arch));
  }
});

test("a layer's weights, each at its places, make the forward FLOPs of every architecture", () => {
  for (const arch of architectureNames) {
    const {layers} = layerShapes(operationsOf({arch, activation: "relu"}), architectures[arch].image);
    const products = layers.reduce((sum, {weights, places}) => sum + weights * places, 0);
    assert.equal(2 * products, flopsOf(arch).forward, arch);
  }
});
