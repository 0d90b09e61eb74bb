import assert from "node:assert/strict";
import {before, type TestContext, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {argmax} from "../../src/core/argmax";
import {LOGIT_TOLERANCE, relativeDifference, SIGN_TOLERANCE} from "../../src/evaluate/agreement";
import {withPredictor} from "../../src/evaluate/predict";
import {compareSigns, signProbe} from "../../src/evaluate/signAgreement";
import {createInference} from "../../src/infer/inference";
import {loadKernels} from "../../src/infer/wasm/loadKernels";
import type {ArchitectureName} from "../../src/network/architectures";
import type {Ticket} from "../../src/ticket/ticket";
import {randomTicket} from "../ticket/randomTicket";
import {randomImages} from "./randomNetwork";

let kernels: WebAssembly.Module;
before(async () => {
  await useBackend("auto");
  kernels = await loadKernels();
});

const IMAGES = 12;
const networks: readonly (readonly [ArchitectureName, number])[] = [
  ["digits", 0.5],
  ["conv4", 0.25],
  ["conv2-no-bn", 0.25],
  ["vgg-small", 0.125],
  ["vgg-small-bn", 0.125],
  ["cifar-resnet18", 0.125],
];

/** Networks whose last layer sums signs, or their means. */
const exact: ReadonlySet<ArchitectureName> = new Set(["digits", "conv4", "conv2-no-bn", "cifar-resnet18"]);

const rowOf = (values: Float32Array, i: number): Float32Array => {
  const size = values.length / IMAGES;
  return values.slice(i * size, (i + 1) * size);
};

for (const [arch, width] of networks) {
  test(`${arch} 1/32: the same argmax as TensorFlow, logits within 1e-4 of the largest`, async () => {
    for (const keepFraction of [0.05, 0.3]) {
      const ticket = randomTicket({arch, width, keepFraction, batchNorm: "learned"});
      const images = randomImages(ticket.image, IMAGES);
      const logits = await withPredictor(ticket, "tensorflow", async predict => predict(images, IMAGES));
      const mine = createInference(ticket, {kernels}).logits(images, IMAGES);
      for (let i = 0; i < IMAGES; i++) {
        assert.equal(argmax(rowOf(mine, i)), argmax(rowOf(logits, i)));
        assert.ok(relativeDifference(rowOf(mine, i), rowOf(logits, i)) < LOGIT_TOLERANCE);
      }
    }
  });

  test(`${arch} 1/1: TensorFlow's signs differ only where their input is 0 but for rounding; else logits agree to ${exact.has(arch) ? "the last bit" : "1e-4"}`, t => {
    const ticket = randomTicket({arch, width, activation: "sign", keepFraction: 0.3, batchNorm: "learned"});
    assertSignsAgree(t, ticket);
  });
}

test("where equal pixels and balanced bits sum to zero, TensorFlow's signs are ours", t => {
  const ticket = randomTicket({arch: "vgg-small", width: 0.25, activation: "sign", keepFraction: 0.2});
  assertSignsAgree(t, ticket, image => image.map(x => Math.round(2 * x) / 2));
});

function assertSignsAgree(t: TestContext, ticket: Ticket, change = (image: Float32Array) => image): void {
  const images = change(randomImages(ticket.image, IMAGES));
  const probe = signProbe(ticket);
  const {logits, signInputs} = probe.run(images, IMAGES);
  probe.dispose();
  const wasm = createInference(ticket, {kernels}).logits(images, IMAGES);
  let differing = 0;
  let same = 0;
  for (let i = 0; i < IMAGES; i++) {
    const inputs = signInputs.map(input => rowOf(input, i));
    const {logits: reference, differing: first} = compareSigns(ticket, rowOf(images, i), inputs);
    assert.deepEqual(rowOf(wasm, i), reference);
    if (first === undefined) {
      same++;
      const theirs = rowOf(logits, i);
      assert.ok(relativeDifference(reference, theirs) < LOGIT_TOLERANCE);
      if (exact.has(ticket.network.arch)) assert.equal(relativeDifference(reference, theirs), 0);
    } else {
      differing += first.count;
      assert.ok(first.largest < SIGN_TOLERANCE, `a sign differs at ${first.largest} of its layer's rms`);
    }
  }
  t.diagnostic(`${differing} signs differ; ${same} of ${IMAGES} images have none`);
}
