import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";
import {runInNewContext} from "node:vm";
import {onnxOf} from "../../src/export/onnx";
import {pytorchOf} from "../../src/export/pytorch";
import {tfjsOf} from "../../src/export/tfjs";
import {inferenceOf} from "../../src/infer/inferenceOf";
import {networkOf} from "../../src/layers/ticketNetwork";
import {decodeTicket} from "../../src/ticket/decode";
import {encodeTicket} from "../../src/ticket/encode";

const bytes = readFileSync(join(__dirname, "..", "..", "data", "tickets", "digits-relu-k0.2.mpt"));
const ticket = decodeTicket(bytes);

test("what is no ticket is refused in a line that says what it is and what gives one", async () => {
  const takers: ((value: never) => unknown)[] = [
    ...[
      onnxOf,
      tfjsOf,
      pytorchOf,
      encodeTicket,
      networkOf,
      (value: never) => inferenceOf(value, "reference"),
    ],
  ];
  for (const take of takers)
    for (const [value, said] of [
      [null, /got null$/],
      [undefined, /got undefined$/],
      ["digits.mpt", /got the text "digits.mpt": readTicket reads a file$/],
      [bytes, /got a value of Uint8Array$/],
      [Promise.resolve(ticket), /got a promise: await it$/],
      [{}, /got \{\}$/],
    ] as const)
      await assert.rejects(async () => take(value as never), {
        name: "UserError",
        message: new RegExp(`^a ticket is what readTicket or decodeTicket gives; ${said.source}`),
      });
});

test("a ticket's bytes are bytes, of whatever realm, and nothing else", () => {
  const whole = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const foreign = runInNewContext("new Uint8Array(buffer)", {buffer: whole}) as Uint8Array;
  assert.equal(foreign instanceof Uint8Array, false);
  assert.deepEqual(decodeTicket(foreign), ticket);
  for (const [value, said] of [
    [whole, /got a value of ArrayBuffer: give new Uint8Array\(it\)$/],
    ["digits.mpt", /got the text "digits.mpt": readTicket reads a file$/],
    [Promise.resolve(bytes), /got a promise: await it$/],
    [[...bytes.subarray(0, 3)], /got \[\d+,\d+,\d+\]$/],
    [null, /got null$/],
  ] as const)
    assert.throws(() => decodeTicket(value as never), {name: "UserError", message: said});
});

test("a storage of signs that is none is refused with those that are", () => {
  assert.throws(() => onnxOf(ticket, {storage: "int2" as never}), {
    name: "UserError",
    message: 'unknown storage of signs "int2" (did you mean int8?); choose int8, int4',
  });
});
