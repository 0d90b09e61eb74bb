import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import {test} from "node:test";
import fc from "fast-check";
import {binaryEntropy} from "../../src/core/entropy";
import {decodeTicket} from "../../src/ticket/decode";
import {encodeTicket} from "../../src/ticket/encode";
import {unpackSections} from "../../src/ticket/sections";
import {maskOf} from "../../src/ticket/ticket";
import {TicketError} from "../../src/ticket/ticketError";
import {type RandomTicketOptions, randomTicket} from "./randomTicket";
import {slowlyRead} from "./slowReader";

const anyTicket: fc.Arbitrary<RandomTicketOptions> = fc.record({
  arch: fc.constantFrom("digits", "conv2", "vgg-small", "vgg-small-bn", "cifar-resnet20"),
  activation: fc.constantFrom("relu", "sign"),
  width: fc.double({min: 0.065, max: 0.15, noNaN: true}),
  classes: fc.integer({min: 1, max: 12}),
  keepFraction: fc.double({min: 0.01, max: 1, noNaN: true}),
  seed: fc.integer({min: 0, max: 0xffffffff}),
  signs: fc.constantFrom("seed", "positive", "stored"),
  batchNorm: fc.constantFrom("none", "frozen", "learned", "bias"),
  fractions: fc.constantFrom(undefined, [0.1, 0.2, 0.5], [1]),
});

test("decode gives back what encode was given, and encoding that gives the same bytes", () => {
  fc.assert(
    fc.property(anyTicket, options => {
      const ticket = randomTicket(options);
      const bytes = encodeTicket(ticket);
      const decoded = decodeTicket(bytes);
      assert.deepEqual(decoded, ticket);
      assert.deepEqual(encodeTicket(decoded), bytes);
    }),
    {numRuns: 60, seed: 2},
  );
});

test("a reader written from the specification alone reads the same", () => {
  for (const arch of ["digits", "cifar-resnet20"] as const) {
    const ticket = randomTicket({arch, activation: "sign", width: 0.3, batchNorm: "learned"});
    const {head, masks, gains, batchNorms} = slowlyRead(encodeTicket(ticket));
    assert.deepEqual(head.network, ticket.network);
    ticket.layers.forEach((layer, l) => {
      assert.deepEqual(masks[l], [...maskOf(layer)]);
      assert.equal(gains[l], layer.gain);
    });
    ticket.batchNorms.forEach(({mean, variance, gamma, beta}, b) => {
      assert.deepEqual(batchNorms[b], [...mean, ...variance, ...gamma!, ...beta!]);
    });
  }
});

for (const {arch, keepFraction, bound} of [
  {arch: "vgg-small", keepFraction: 0.05, bound: 166_700},
  {arch: "cifar-resnet18", keepFraction: 0.2, bound: 1_007_500},
] as const) {
  test(`${arch} at k = ${keepFraction}: masks within 1 % of n·H(k) bits and 64 bytes a layer`, () => {
    const ticket = randomTicket({arch, keepFraction});
    const weights = ticket.layers.reduce((sum, {signs}) => sum + signs.length, 0);
    const entropyBytes = (weights * binaryEntropy(keepFraction)) / 8;
    assert.ok(Math.abs(entropyBytes / bound - 1) < 0.001, `${entropyBytes} bytes of entropy`);
    const bytes = encodeTicket(ticket);
    const maskBytes = unpackSections(bytes).get("mask")!.length;
    assert.ok(
      maskBytes <= 1.01 * entropyBytes + 64 * ticket.layers.length,
      `${maskBytes} of ${entropyBytes}`,
    );
    const decoded = decodeTicket(bytes);
    assert.ok(decoded.layers.every(({signs}, l) => sha256(signs) === sha256(ticket.layers[l].signs)));
  });
}

test("units that keep more than others cost less: the contexts follow them", () => {
  const ticket = randomTicket({keepFraction: 0.2});
  const uneven = {...ticket.layers[2], signs: ticket.layers[2].signs.slice()};
  const outputs = uneven.shape[1];
  uneven.signs.forEach((_, i) => {
    if (i % outputs < outputs / 2) uneven.signs[i] = 0;
  });
  const layers = ticket.layers.map((layer, l) => (l === 2 ? uneven : layer));
  const [n, kept] = [uneven.signs.length, uneven.signs.filter(sign => sign !== 0).length];
  const saved = encodeTicket(ticket).length - encodeTicket({...ticket, layers}).length;
  assert.ok(saved > (0.95 * ((n / 2) * binaryEntropy((2 * kept) / n))) / 8, `${saved} bytes`);
});

test("a mask of all ones or none costs next to nothing", () => {
  const ticket = randomTicket({arch: "vgg-small", signs: "positive", keepFraction: 1});
  const empty = {
    ...ticket,
    layers: ticket.layers.map(layer => ({...layer, signs: layer.signs.map(() => 0)})),
  };
  for (const each of [ticket, empty]) {
    const bytes = encodeTicket(each);
    assert.ok(unpackSections(bytes).get("mask")!.length < 64 * ticket.layers.length);
    assert.deepEqual(decodeTicket(bytes).layers[0].signs, each.layers[0].signs);
  }
});

test("a ticket that contradicts itself is refused", () => {
  const ticket = randomTicket({width: 0.25, activation: "sign"});
  const [first, ...others] = ticket.layers;
  const refused = (change: object, message: RegExp): void =>
    assert.throws(() => encodeTicket({...ticket, ...change}), {name: "TicketError", message});
  refused({classNames: ["a"]}, /1 names of 10 classes/);
  refused({network: {...ticket.network, width: 0.5}}, /layers are not those of digits/);
  refused({layers: others}, /layers are not those of digits/);
  refused({layers: [{...first, gain: 0.1}, ...others]}, /gain of layer conv1 is no float32: 0.1/);
  refused(
    {layers: [{...first, signs: first.signs.map(s => -s)}, ...others]},
    /is not the seed's: store the signs/,
  );
  refused({layers: [{...first, signs: first.signs.map(() => 2)}, ...others]}, /neither −1, 0 nor 1/);
  refused({batchNorm: {mode: "learned", epsilon: 1e-5}}, /batch norm conv1.bn lacks γ and β/);
  refused({selection: {kind: "layerwise", keepFraction: 0}}, /keepFraction/);
  refused({normalisation: {mean: [0.5], sd: [0]}}, /positive sd/);
  assert.ok(new TicketError("") instanceof Error);
});

function sha256(signs: Int8Array): string {
  return createHash("sha256").update(signs).digest("hex");
}
