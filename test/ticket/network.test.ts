import assert from "node:assert/strict";
import {before, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {Stream} from "../../src/core/random";
import type {Dataset} from "../../src/data/dataset";
import type {Network} from "../../src/layers/build";
import {networkOf} from "../../src/layers/ticketNetwork";
import {searchSpec} from "../../src/search/defaults";
import {search} from "../../src/search/search";
import type {SearchSpec} from "../../src/search/spec";
import {ticketOf} from "../../src/search/ticketOf";
import {atKeepFraction} from "../../src/ticket/atKeepFraction";
import {decodeTicket} from "../../src/ticket/decode";
import {encodeTicket} from "../../src/ticket/encode";
import {maskOf} from "../../src/ticket/ticket";
import {fewDigits} from "../digits";
import {randomTicket} from "./randomTicket";

let digits: Dataset;
before(async () => {
  await useBackend("auto");
  digits = await fewDigits(320, 200);
});

const spec = (given: Partial<SearchSpec> = {}): SearchSpec =>
  searchSpec({arch: "digits", width: 0.25, epochs: 2, seed: 3, keepFraction: 0.3, ...given});

function logitsOf({model}: Network, [height, width, channels]: readonly number[]): Float32Array {
  const random = new Stream(1, "images");
  const images = Float32Array.from(
    {length: 50 * height * width * channels},
    (_, i) => 4 * random.uniform(i) - 2,
  );
  const input = tf.tensor4d(images, [50, height, width, channels]);
  const output = model.predictOnBatch(input) as tf.Tensor;
  const logits = output.dataSync() as Float32Array;
  tf.dispose([input, output]);
  return logits;
}

const cases: Record<string, Partial<SearchSpec>> = {
  "MPT-1/32": {},
  "MPT-1/32 of a global threshold": {selection: "global"},
  "MPT-1/1": {activation: "sign"},
  "MPT-1/1 with learned batch norm": {activation: "sign", batchNorm: "learned"},
  "positive weights": {weights: "unsigned-constant"},
  "a gain of one": {gain: "one"},
  "a learned gain": {gain: "learned"},
  "signed scores": {ranking: "signed"},
};
for (const [name, given] of Object.entries(cases)) {
  test(`${name}: a network out of the file predicts what the searched one does`, async () => {
    const result = await search(spec(given), digits);
    const ticket = decodeTicket(encodeTicket(ticketOf(result, digits)));
    const again = networkOf(ticket);
    const [searched, read] = [result.network, again].map(network => logitsOf(network, ticket.image));
    const largest = searched.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const worst = searched.reduce((most, x, i) => Math.max(most, Math.abs(x - read[i])), 0);
    assert.ok(worst <= 1e-6 * largest, `${worst} of ${largest}`);
    assert.equal(ticket.signs.kind, name === "positive weights" ? "positive" : "seed");
    assert.equal(ticket.provenance.testAccuracy, result.testAccuracy);
    for (const network of [result.network, again]) network.model.dispose();
  });
}

test("layers and batch norms of a ResNet find their places, shortcuts too", () => {
  for (const arch of ["cifar-resnet18", "resnet50"] as const) {
    const ticket = randomTicket({arch, width: 0.07, activation: "sign", batchNorm: "learned"});
    const network = networkOf(ticket);
    for (const [l, layer] of network.masked.entries()) {
      const {name, shape, signs, gain} = ticket.layers[l];
      assert.deepEqual([layer.name, layer.variables().weights.shape], [name, shape]);
      assert.deepEqual(
        layer.effectiveValues(),
        Float32Array.from(signs, sign => gain * sign),
      );
    }
    for (const [b, layer] of network.batchNorms.entries()) {
      const {name, gamma, variance} = ticket.batchNorms[b];
      assert.equal(layer.name, name);
      const {gamma: live, runningVariance} = layer.variables();
      assert.deepEqual([live!.dataSync(), runningVariance.dataSync()], [gamma, variance]);
    }
    network.model.dispose();
  }
});

test("weights that are not the seed's have their signs stored", async () => {
  const result = await search(spec({weights: (i, c) => (i % 3 === 0 ? 1 : -1) * c.sd}), digits);
  const ticket = ticketOf(result, digits);
  assert.deepEqual(ticket.signs, {kind: "stored"});
  assert.deepEqual(decodeTicket(encodeTicket(ticket)), ticket);
  result.network.model.dispose();
});

test("real weights and weights of 0 make no ticket", async () => {
  for (const method of ["edge-popup", "dense"] as const) {
    const given = method === "dense" ? {keepFraction: undefined} : {};
    const result = await search(spec({method, epochs: 0, ...given}), digits);
    assert.throws(() => ticketOf(result, digits), {name: "TicketError", message: /leaves real weights/});
    result.network.model.dispose();
  }
  const zeros = await search(spec({weights: "bernoulli", epochs: 0}), digits);
  assert.throws(() => ticketOf(zeros, digits), {message: /weight \d+ of layer conv1 is 0 and has no sign/});
  zeros.network.model.dispose();
});

for (const [name, given] of Object.entries({
  "a ticket": {},
  "a ticket of signed scores with learned gains": {gain: "learned", ranking: "signed"},
} satisfies Record<string, Partial<SearchSpec>>)) {
  test(`${name} with ranks moves to exactly the masks and signs of a selection at another keep fraction`, async () => {
    const fractions = [0.1, 0.3, 0.6];
    const result = await search(spec(given), digits);
    const bytes = encodeTicket(ticketOf(result, digits, {fractions}));
    for (const keepFraction of fractions) {
      const moved = atKeepFraction(decodeTicket(bytes), keepFraction);
      const other = await search(spec({...given, epochs: 0, keepFraction, fan: "none"}), digits);
      for (const [l, layer] of other.network.masked.entries()) {
        const {scores} = layer.variables();
        scores!.assign(tf.tensor(result.network.masked[l].scoreValues(), scores!.shape));
        assert.deepEqual(maskOf(moved.layers[l]), layer.mask());
      }
      if (keepFraction === 0.3) {
        for (const [l, {signs, gain}] of ticketOf(result, digits).layers.entries()) {
          assert.deepEqual(moved.layers[l].signs, signs);
          assert.ok(Math.abs(moved.layers[l].gain - gain) <= 1e-6 * gain);
        }
      }
      assert.equal(moved.provenance.testAccuracy, undefined);
      assert.ok(encodeTicket(moved).length < bytes.length);
      other.network.model.dispose();
    }
    assert.throws(() => atKeepFraction(decodeTicket(bytes), 0.2), {
      message: /keep fractions 0.1, 0.3, 0.6, not 0.2/,
    });
    result.network.model.dispose();
  });
}
