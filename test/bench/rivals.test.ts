import assert from "node:assert/strict";
import {test} from "node:test";
import {denseModel} from "../../src/bench/denseModel";
import {channelsFirst, onnxRuntime} from "../../src/bench/onnxRuntime";
import {rangesOf} from "../../src/bench/ranges";
import {ternaryCsc} from "../../src/bench/ternaryCsc";
import {argmax} from "../../src/core/argmax";
import {createInference} from "../../src/infer/inference";
import type {BinaryNetwork} from "../../src/infer/network";
import {loadKernels} from "../../src/infer/wasm/loadKernels";
import {type ArchitectureName, operationsOf} from "../../src/network/architectures";
import {randomImages, randomNetwork} from "../infer/randomNetwork";

const names: readonly ArchitectureName[] = ["conv2", "vgg-small", "vgg-small-bn", "cifar-resnet20"];

function networkOf(arch: ArchitectureName, activation: "relu" | "sign" = "relu"): BinaryNetwork {
  const operations = operationsOf({arch, activation, width: 0.25});
  return randomNetwork({operations, activation, image: [16, 16, 3]});
}

/** The largest difference, as a share of the largest logit. */
function apart(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  const largest = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0) / largest;
}

for (const arch of names) {
  test(`sparse ternary columns give the engine's logits of ${arch} but for the order of sums`, async () => {
    const network = networkOf(arch);
    const images = randomImages(network.image, 2);
    const kernels = await loadKernels();
    const ours = createInference(network, {kernels}).logits(images, 2);
    assert.ok(apart(ours, ternaryCsc(network, kernels).logits(images, 2)) < 1e-5);
  });

  test(`the dense rival of ${arch} computes its logits in float32, and near them in bytes`, async () => {
    const runtime = (await onnxRuntime("onnxruntime-web"))!;
    const network = networkOf(arch);
    const images = randomImages(network.image, 8);
    const kernels = await loadKernels();
    const ours = createInference(network, {kernels}).logits(images, 8);
    const logitsOf = async (bytes: Uint8Array): Promise<Float32Array> => {
      const model = await runtime.load(bytes, network.image);
      const logits = (await model.run(channelsFirst(images, network.image), 8)).slice();
      await model.release();
      return logits;
    };
    assert.ok(apart(ours, await logitsOf(denseModel(network))) < 1e-5);
    const rounded = await logitsOf(denseModel(network, rangesOf(network, kernels, images, 8)));
    // Batch norms of random slopes make rounding grow from layer to layer.
    assert.ok(apart(ours, rounded) < (arch === "cifar-resnet20" ? 0.3 : 0.05));
    const classes = ours.length / 8;
    const classOf = (logits: Float32Array, i: number) =>
      argmax(logits.subarray(i * classes, (i + 1) * classes));
    const same = Array.from({length: 8}, (_, i) => classOf(ours, i) === classOf(rounded, i));
    assert.ok(same.filter(Boolean).length >= 6, `${same}`);
    assert.notDeepEqual(rounded, ours);
  });
}

test("sums of whole numbers are the same to the last bit, whatever the order of a sparse ternary column", async () => {
  const drawn = networkOf("conv2");
  const layers = new Map([...drawn.layers].map(([name, layer]) => [name, {...layer, gain: 0.25}]));
  const network = {...drawn, layers};
  const images = randomImages(network.image, 2).map(value => Math.round(8 * value));
  const kernels = await loadKernels();
  const ours = createInference(network, {engine: "reference", onNotice: () => {}}).logits(images, 2);
  assert.deepEqual(ternaryCsc(network, kernels).logits(images, 2), ours);
  assert.ok(ours.some(value => value !== 0));
});

test("binary activations have no float rival of this kind", async () => {
  const network = networkOf("conv2", "sign");
  const kernels = await loadKernels();
  assert.throws(() => ternaryCsc(network, kernels), {name: "UserError", message: /real activations/});
  assert.throws(() => denseModel(network), {name: "UserError", message: /real activations/});
});
