// The committed tickets, of real searches: real digits, and noise of a picture's size where the pictures are not at hand.
import assert from "node:assert/strict";
import {readdirSync} from "node:fs";
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
import {readTicket} from "../../src/ticket/file";
import type {Ticket} from "../../src/ticket/ticket";
import {randomImages} from "./randomNetwork";

const folder = join(__dirname, "..", "..", "data", "tickets");
const tickets = readdirSync(folder)
  .filter(name => name.endsWith(".mpt"))
  .map(name => ({name, ticket: readTicket(join(folder, name))}));

before(() => useBackend("auto"));

for (const {name, ticket} of tickets) {
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
