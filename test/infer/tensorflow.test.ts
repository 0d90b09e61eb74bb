import assert from "node:assert/strict";
import {before, type TestContext, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {createInference, type Engine} from "../../src/infer/inference";
import {loadKernels} from "../../src/infer/loadKernels";
import {networkOfTicket} from "../../src/infer/network";
import {type Activations, referenceLogits} from "../../src/infer/reference";
import type {ArchitectureName} from "../../src/models/architectures";
import {networkOf} from "../../src/ticket/networkOf";
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
  ["vgg-small", 0.125],
  ["vgg-small-bn", 0.125],
  ["cifar-resnet18", 0.125],
];

/** Logits of the TensorFlow network, and what its signs are taken of, in the order that they are. */
function tensorflow(
  ticket: Ticket,
  images: Float32Array,
): {logits: Float32Array; signInputs: Float32Array[]} {
  const {model} = networkOf(ticket);
  const signs = model.layers
    .filter(layer => layer.getClassName() === "BinaryActivation")
    .sort((a, b) => a.id - b.id);
  const outputs = [...signs.map(layer => layer.input as tf.SymbolicTensor), model.outputs[0]];
  const whole = tf.model({inputs: model.inputs, outputs});
  const values = tf.tidy(() => {
    const x = tf.tensor4d(images, [IMAGES, ...ticket.image]);
    return [whole.predict(x)].flat().map(value => tf.keep(value));
  });
  const [logits, ...signInputs] = values.map(value => value.dataSync() as Float32Array).reverse();
  tf.dispose(values);
  model.dispose();
  return {logits, signInputs: signInputs.reverse()};
}

/** Largest |a − b| of image i, relative to the largest |b|. */
function relativeError(a: Float32Array, b: Float32Array): number {
  const difference = a.map((value, i) => Math.abs(value - b[i]));
  return difference.reduce((x, y) => Math.max(x, y)) / b.reduce((x, y) => Math.max(x, Math.abs(y)), 0);
}

const argmax = (row: Float32Array): number => row.indexOf(row.reduce((a, b) => Math.max(a, b)));
const rowOf = (values: Float32Array, i: number): Float32Array => {
  const size = values.length / IMAGES;
  return values.slice(i * size, (i + 1) * size);
};

for (const [arch, width] of networks) {
  test(`${arch} 1/32: the same argmax as TensorFlow, logits within 1e-4 of the largest`, () => {
    for (const keepFraction of [0.05, 0.3]) {
      const ticket = randomTicket({arch, width, keepFraction, batchNorm: "learned"});
      const images = randomImages(ticket.image, IMAGES);
      const {logits} = tensorflow(ticket, images);
      const mine = createInference(ticket, {kernels}).logits(images, IMAGES);
      for (let i = 0; i < IMAGES; i++) {
        assert.equal(argmax(rowOf(mine, i)), argmax(rowOf(logits, i)));
        assert.ok(relativeError(rowOf(mine, i), rowOf(logits, i)) < 1e-4);
      }
    }
  });

  test(`${arch} 1/1: TensorFlow's signs differ only where their input is 0 but for rounding; else logits agree to 1e-4`, t => {
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
  const {logits, signInputs} = tensorflow(ticket, images);
  const network = networkOfTicket(ticket);
  const wasm = createInference(network, {engine: "wasm" satisfies Engine, kernels}).logits(images, IMAGES);
  let differing = 0;
  let same = 0;
  for (let i = 0; i < IMAGES; i++) {
    const signs: Activations[] = [];
    const reference = referenceLogits(network, rowOf(images, i), input => signs.push(input));
    assert.deepEqual(rowOf(wasm, i), reference);
    const differences = signs.map(({values}, s) => differingSigns(values, rowOf(signInputs[s], i)));
    // Behind the first layer that differs the inputs do, too.
    const first = differences.find(places => places.count > 0);
    if (first === undefined) {
      same++;
      assert.ok(relativeError(reference, rowOf(logits, i)) < 1e-4);
    } else {
      differing += first.count;
      assert.ok(first.largest < 1e-5, `a sign differs at ${first.largest} of its layer's rms`);
    }
  }
  t.diagnostic(`${differing} signs differ; ${same} of ${IMAGES} images have none`);
}

/** How many signs differ, and the largest |input| there over the rms of all inputs. */
function differingSigns(mine: Float32Array, theirs: Float32Array): {count: number; largest: number} {
  const rms = Math.sqrt(theirs.reduce((sum, x) => sum + x * x, 0) / theirs.length);
  let count = 0;
  let largest = 0;
  mine.forEach((x, j) => {
    if (x < 0 !== theirs[j] < 0) {
      count++;
      largest = Math.max(largest, Math.abs(x) / rms, Math.abs(theirs[j]) / rms);
    }
  });
  return {count, largest};
}
