import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {crc32} from "../../src/core/crc32";
import {architectures, operationsOf} from "../../src/network/architectures";
import {layerShapes} from "../../src/network/shapes";
import {decodeTicket} from "../../src/ticket/decode";
import {encodeTicket} from "../../src/ticket/encode";
import {TicketError} from "../../src/ticket/ticketError";
import {randomTicket} from "./randomTicket";

const file = encodeTicket(
  randomTicket({arch: "digits", activation: "sign", width: 0.125, signs: "stored", fractions: [0.1, 0.5]}),
);

/** Refused with a TicketError, or read; anything else fails. */
function isRefused(bytes: Uint8Array): boolean {
  try {
    decodeTicket(bytes);
    return false;
  } catch (error) {
    assert.ok(error instanceof TicketError, String((error as Error).stack));
    assert.match(error.message, /^[^\n]{5,200}$/);
    return true;
  }
}

/** The same bytes with a length and a checksum that fit, as an attacker would write them. */
function resealed(bytes: Uint8Array): Uint8Array {
  const sealed = bytes.slice();
  const view = new DataView(sealed.buffer);
  if (sealed.length < 20) return sealed;
  view.setUint32(12, sealed.length, true);
  view.setUint32(sealed.length - 4, crc32(sealed.subarray(0, -4)), true);
  return sealed;
}

test("crc32 is zlib's: its check value", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

test("a file cut off at any length is refused", () => {
  for (let length = 0; length < file.length; length++)
    assert.ok(isRefused(file.subarray(0, length)), `${length}`);
});

const position = fc.integer({min: 0, max: file.length - 1});
const damage = fc.oneof(
  fc.record({kind: fc.constant("change" as const), at: position, by: fc.integer({min: 1, max: 255})}),
  fc.record({kind: fc.constant("insert" as const), at: position, by: fc.integer({min: 0, max: 255})}),
  fc.record({kind: fc.constant("delete" as const), at: position, by: fc.constant(0)}),
);

function damaged({kind, at, by}: {kind: "change" | "insert" | "delete"; at: number; by: number}): Uint8Array {
  const [before, after] = [[...file.subarray(0, at)], [...file.subarray(at)]];
  if (kind === "change") after[0] ^= by;
  if (kind === "insert") after.unshift(by);
  if (kind === "delete") after.shift();
  return Uint8Array.from([...before, ...after]);
}

test("10,000 changed, inserted and deleted bytes are all noticed", () => {
  fc.assert(
    fc.property(damage, each => assert.ok(isRefused(damaged(each)))),
    {numRuns: 10_000, seed: 3},
  );
});

test("2,000 damages under a checksum that fits end in a ticket or a named error", () => {
  fc.assert(
    fc.property(damage, each => void isRefused(resealed(damaged(each)))),
    {numRuns: 2000, seed: 4},
  );
});

/** The file with another header, everything else as it was, the checksum fitting. */
function withHead(head: string): Uint8Array {
  const bytes = new TextEncoder().encode(head);
  const length = new DataView(file.buffer).getUint32(20, true);
  const whole = Uint8Array.from([...file.subarray(0, 24), ...bytes, ...file.subarray(24 + length)]);
  new DataView(whole.buffer).setUint32(20, bytes.length, true);
  return resealed(whole);
}

const head = new TextDecoder().decode(file.subarray(24, 24 + new DataView(file.buffer).getUint32(20, true)));

test("headers with any value in any place end in a ticket or a named error", () => {
  const parsed = JSON.parse(head) as Record<string, unknown>;
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(1e300, -1, 0, 2 ** 31, "", "__proto__", null, [], {}),
    fc.double(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...paths(parsed)), value, (path, each) => {
      isRefused(withHead(JSON.stringify(replaced(parsed, path, each))));
    }),
    {numRuns: 2000, seed: 5},
  );
});

test("what is wrong is said", () => {
  const says = (bytes: Uint8Array, message: RegExp): void =>
    assert.throws(() => decodeTicket(bytes), {name: "TicketError", message});
  const changed = (at: number, byte: number): Uint8Array => file.map((old, i) => (i === at ? byte : old));
  says(new Uint8Array(0), /empty/);
  says(new TextEncoder().encode("no ticket at all, but a text"), /not a ticket file/);
  says(changed(8, 2), /version 2; this program reads version 1/);
  says(file.subarray(0, 1000), /cut off: 1000 of \d+ bytes are there/);
  says(Uint8Array.from([...file, 1, 2]), /2 bytes follow its end/);
  says(changed(500, file[500] ^ 1), /checksum does not fit/);
  says(resealed(changed(16, 0x78)), /a section "xead" that this program does not know/);
  says(withHead("{"), /the header is no JSON/);
  says(withHead("[]"), /the header must be an object/);
  says(withHead(head.replace('"digits"', '"lenet"')), /unknown architecture "lenet"/);
  says(withHead(head.replace('"width":0.125', '"width":1e9')), /layers are not those of digits/);
  says(withHead(head.replace('"stored"', '"guessed"')), /generator of signs/);
  says(
    withHead(head.replace(/"provenance":.*/, `"provenance":{"a":${"[".repeat(99)}${"]".repeat(99)}}}`)),
    /nested too deep/,
  );
  says(withHead(head.replace(/"provenance":.*/, `"provenance":${"[".repeat(3e5)}`)), /no JSON/);
});

test("a small file cannot make its reader reserve much: what it claims is checked against its size first", () => {
  const network = {arch: "resnet50", activation: "sign", width: 2, classes: 10} as const;
  const {image} = architectures[network.arch];
  const {layers, batchNorms} = layerShapes(operationsOf(network), image);
  const large = {
    ...JSON.parse(head),
    ...{network, image, batchNorms, fractions: undefined},
    normalisation: {mean: [0, 0, 0], sd: [1, 1, 1]},
    layers: layers.map(({name, shape}) => ({name, shape})),
  };
  const before = process.memoryUsage().arrayBuffers;
  assert.throws(() => decodeTicket(withHead(JSON.stringify(large))), {
    message: /\d{8,} weights in \d+ bytes; a file has/,
  });
  assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 20);
});

function paths(value: unknown, prefix: string[] = []): string[][] {
  if (value === null || typeof value !== "object") return [prefix];
  return [prefix, ...Object.entries(value).flatMap(([key, each]) => paths(each, [...prefix, key]))];
}

function replaced(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}
