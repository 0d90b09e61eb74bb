import assert from "node:assert/strict";
import {test} from "node:test";
import type {ArchitectureName} from "../../src/network/architectures";
import {counts} from "./counts";

const convolutions = [1728, 36_864, 73_728, 147_456, 294_912, 589_824, 1_179_648, 2_359_296];
const convNets: [ArchitectureName, number, number][] = [
  ["conv2", 2, 4_194_304],
  ["conv4", 4, 2_097_152],
  ["conv6", 6, 1_048_576],
  ["conv8", 8, 524_288],
];
for (const [arch, depth, fc1] of convNets) {
  test(`${arch}, layer by layer: ${depth} convolutions, then dense layers of ${fc1}, 65536 and 2560 weights`, () => {
    assert.deepEqual(
      counts(arch, 0.5).layers.map(layer => layer.weights),
      [...convolutions.slice(0, depth), fc1, 65_536, 2560],
    );
  });
}

const perLayer: [ArchitectureName, number, number, [string, number, number][]][] = [
  [
    "vgg-small",
    1,
    0.05,
    [
      ["conv1", 3456, 173],
      ["conv2", 147_456, 7373],
      ["conv3", 294_912, 14_746],
      ["conv4", 589_824, 29_492],
      ["conv5", 1_179_648, 58_983],
      ["conv6", 2_359_296, 117_965],
      ["fc1", 81_920, 4096],
    ],
  ],
  [
    "vgg-small-bn",
    1.25,
    0.25,
    [
      ["conv1", 4320, 1080],
      ["conv2", 230_400, 57_600],
      ["conv3", 460_800, 115_200],
      ["conv4", 921_600, 230_400],
      ["conv5", 1_843_200, 460_800],
      ["conv6", 3_686_400, 921_600],
      ["fc1", 102_400, 25_600],
    ],
  ],
  [
    "cifar-resnet18",
    1,
    0.2,
    [
      ["stem", 1728, 346],
      ["l1.0.conv1", 36_864, 7373],
      ["l1.0.conv2", 36_864, 7373],
      ["l1.1.conv1", 36_864, 7373],
      ["l1.1.conv2", 36_864, 7373],
      ["l2.0.shortcut", 8192, 1639],
      ["l2.0.conv1", 73_728, 14_746],
      ["l2.0.conv2", 147_456, 29_492],
      ["l2.1.conv1", 147_456, 29_492],
      ["l2.1.conv2", 147_456, 29_492],
      ["l3.0.shortcut", 32_768, 6554],
      ["l3.0.conv1", 294_912, 58_983],
      ["l3.0.conv2", 589_824, 117_965],
      ["l3.1.conv1", 589_824, 117_965],
      ["l3.1.conv2", 589_824, 117_965],
      ["l4.0.shortcut", 131_072, 26_215],
      ["l4.0.conv1", 1_179_648, 235_930],
      ["l4.0.conv2", 2_359_296, 471_860],
      ["l4.1.conv1", 2_359_296, 471_860],
      ["l4.1.conv2", 2_359_296, 471_860],
      ["fc", 5120, 1024],
    ],
  ],
];
for (const [arch, width, keep, expected] of perLayer) {
  test(`${arch} at width ${width}, layer by layer, weights and kept at ${keep}`, () => {
    assert.deepEqual(
      new Set(counts(arch, keep, width).layers.map(layer => `${layer.name} ${layer.weights} ${layer.kept}`)),
      new Set(expected.map(each => each.join(" "))),
    );
  });
}

test("VGG-Small 1.25 keeps 864, 46080, 92160, … at 20 per cent", () => {
  assert.deepEqual(
    counts("vgg-small-bn", 0.2, 1.25).layers.map(layer => layer.kept),
    [864, 46_080, 92_160, 184_320, 368_640, 737_280, 20_480],
  );
});
