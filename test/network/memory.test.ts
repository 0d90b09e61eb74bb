import assert from "node:assert/strict";
import {test} from "node:test";
import {type ArchitectureName, architectures, operationsOf} from "../../src/network/architectures";
import {type TrainingMemory, trainingMemory} from "../../src/network/cost";

const memory = (arch: ArchitectureName, images: number): TrainingMemory =>
  trainingMemory(operationsOf({arch, activation: "relu"}), architectures[arch].image, images);

test("Conv2 puts out 279,562 values an image: two convolutions and their ReLUs, a pooling, three dense layers", () => {
  const values = 4 * 32 * 32 * 64 + 16 * 16 * 64 + 4 * 256 + 10;
  assert.equal(memory("conv2", 1).activationBytes, 4 * values);
  assert.equal(memory("conv2", 1).weightBytes, 4 * 4_300_992);
});

test("a residual block's sum and its projection are counted", () => {
  const stem = 3 * 32 * 32 * 16;
  const block = (side: number, channels: number, projected: boolean): number =>
    side * side * channels * (5 + 2 + (projected ? 2 : 0));
  const stage = (side: number, channels: number, first: boolean): number =>
    block(side, channels, !first) + 2 * block(side, channels, false);
  const values = stem + stage(32, 16, true) + stage(16, 32, false) + stage(8, 64, false) + 64 + 10;
  assert.equal(memory("cifar-resnet20", 1).activationBytes, 4 * values);
});

test("the peak grows evenly with the images, from what the weights need", () => {
  const [none, one, ten] = [0, 1, 10].map(images => memory("resnet18", images).peakBytes);
  assert.ok(none > 4 * 11_678_912);
  assert.ok(Math.abs(ten - none - 10 * (one - none)) < 1);
});

/** Peak resident memory less that before the network, of two steps of a search (SGD, float32, two cores). */
const measured: [ArchitectureName, number, number][] = [
  ["resnet18", 4, 733e6],
  ["resnet18", 16, 1687e6],
  ["wide-resnet50", 2, 3196e6],
  ["wide-resnet50", 8, 5589e6],
];
for (const [arch, images, bytes] of measured) {
  test(`the peak of ${arch} on ${images} images is told to a tenth`, () => {
    assert.ok(Math.abs(memory(arch, images).peakBytes / bytes - 1) < 0.1);
  });
}
