// The committed tickets, of real searches: real digits, and noise of a picture's size where the pictures are not at hand.
import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {argmax} from "../../src/core/argmax";
import {loadDataset} from "../../src/data/load";
import {
  compareEngines,
  LOGIT_TOLERANCE,
  relativeDifference,
  SIGN_TOLERANCE,
} from "../../src/evaluate/agreement";
import {compareSigns, signProbe} from "../../src/evaluate/signAgreement";
import {inferenceOf} from "../../src/infer/inferenceOf";
import {encodeTicket} from "../../src/ticket/encode";
import {readTicket} from "../../src/ticket/file";
import type {Ticket} from "../../src/ticket/ticket";
import {randomImages} from "./randomNetwork";

const folder = join(__dirname, "..", "..", "data", "tickets");
const tickets = readdirSync(folder)
  .filter(name => name.endsWith(".mpt"))
  .map(name => ({name, ticket: readTicket(join(folder, name))}));

before(() => useBackend("auto"));

/**
 * SHA-256, in part, of the logits of three images of noise. Sums run in one order and every step is rounded as IEEE 754
 * says, so they are the same on every machine; a new ticket gets a line, and a line changes only with the order of sums.
 */
const logitHashes: Readonly<Record<string, string>> = {
  "cifar-resnet18-relu-k0.2.mpt": "e443a973311b71a2",
  "cifar-resnet18-sign-k0.2.mpt": "08a27442904b1aea",
  "conv2-relu-k0.5.mpt": "4dc2edac7306a889",
  "conv2-sign-k0.2.mpt": "d70802e85f2a5e06",
  "conv4-relu-k0.2.mpt": "441a4c69565aa413",
  "conv4-sign-k0.2.mpt": "6b0a3064d86ba47e",
  "conv6-relu-k0.2.mpt": "df92e9187048af11",
  "conv6-sign-k0.2.mpt": "2188d37fb5412412",
  "conv8-relu-k0.1.mpt": "cb13bb6b83c26f31",
  "digits-relu-k0.2.mpt": "e5d88f4be11c30d5",
  "digits-sign-k0.2.mpt": "27cace740e51d0e8",
  "vgg-small-relu-k0.05.mpt": "3b49ff4398860af1",
  "vgg-small-relu-k0.2.mpt": "81b79ee6658162e0",
  "vgg-small-sign-k0.2.mpt": "3e4499ab3c2bdb3d",
};

for (const {name, ticket} of tickets) {
  test(`${name}: its bytes and its logits are those of the day it was made`, async () => {
    assert.ok(Buffer.from(encodeTicket(ticket)).equals(readFileSync(join(folder, name))), "other bytes");
    const logits = (await inferenceOf(ticket)).logits(randomImages(ticket.image, 3), 3);
    const hash = createHash("sha256").update(new Uint8Array(logits.buffer, 0, logits.byteLength));
    assert.equal(hash.digest("hex").slice(0, 16), logitHashes[name]);
  });

  test(`${name}: wasm is its reference to the last bit, and agrees with TensorFlow`, async () => {
    const image = randomImages(ticket.image, 1);
    const logits = (await inferenceOf(ticket)).logits(image, 1);
    const theirs = await tensorflow(ticket, image);
    assert.deepEqual(logits, theirs.reference);
    if (theirs.differing === undefined) {
      assert.equal(argmax(logits), argmax(theirs.logits));
      assert.ok(relativeDifference(logits, theirs.logits) < LOGIT_TOLERANCE);
    } else assert.ok(theirs.differing.largest < SIGN_TOLERANCE);
  });
}

const ofDigits = tickets.filter(({ticket}) => ticket.network.arch === "digits");
test("there are tickets of digits with either activation", () => {
  assert.deepEqual(ofDigits.map(({ticket}) => ticket.network.activation).sort(), ["relu", "sign"]);
});

for (const {name, ticket} of ofDigits) {
  test(`${name}: the accuracy in its header is that of wasm, and engines agree on the test set`, async () => {
    const digits = await loadDataset("mnist");
    const {evaluation, agreement} = await compareEngines(ticket, "wasm", "tensorflow", digits);
    assert.equal(evaluation.images, 2000);
    assert.ok(agreement.agrees, JSON.stringify(agreement));
    const differing = agreement.images - agreement.sameClass;
    assert.ok(
      Math.abs(evaluation.accuracy - Number(ticket.provenance.testAccuracy)) <= differing / 20 + 1e-9,
    );
  });
}

/** TensorFlow's logits, the reference's, and where signs differ, of one image. */
async function tensorflow(
  ticket: Ticket,
  image: Float32Array,
): Promise<ReturnType<typeof compareSigns> & {reference: Float32Array}> {
  const probe = signProbe(ticket);
  const {logits, signInputs} = probe.run(image, 1);
  probe.dispose();
  const {logits: reference, differing} = compareSigns(ticket, image, signInputs);
  return {logits, reference, differing};
}
