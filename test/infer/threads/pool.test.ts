import assert from "node:assert/strict";
import {test} from "node:test";
import {inferenceOf} from "../../../src/infer/inferenceOf";
import {inferencePool} from "../../../src/infer/threads/inferencePool";
import {randomTicket} from "../../ticket/randomTicket";
import {randomImages} from "../randomNetwork";

test("several threads give the logits of one, whatever the batch, calls at once included", async () => {
  for (const activation of ["relu", "sign"] as const) {
    const ticket = randomTicket({activation, width: 0.25, batchNorm: "learned"});
    const one = await inferenceOf(ticket);
    const pool = await inferencePool(ticket, 3);
    const batches = [1, 8, 41].map(count => ({count, images: randomImages(ticket.image, count, count)}));
    const answers = await Promise.all(batches.map(({images, count}) => pool.logits(images, count)));
    batches.forEach(({images, count}, i) => {
      assert.deepEqual(answers[i], one.logits(images, count));
    });
    await pool.close();
  }
});

test("a pool refuses what is no image, and goes on", async () => {
  const ticket = randomTicket({width: 0.25});
  await assert.rejects(inferencePool(ticket, 0), {name: "UserError", message: /threads/});
  const thread = "thread.mjs";
  await assert.rejects(inferencePool(ticket, 2, {thread}), {name: "UserError", message: /web pages/});
  const pool = await inferencePool(ticket, 2);
  await assert.rejects(pool.logits(new Float32Array(3), 1), {name: "UserError", message: /28×28×1/});
  assert.equal((await pool.logits(randomImages(ticket.image, 2), 2)).length, 20);
  await pool.close();
});

test("a closed pool rejects, and finishes what it was asked for before", async () => {
  const ticket = randomTicket({width: 0.25});
  const pool = await inferencePool(ticket, 2);
  const images = randomImages(ticket.image, 9);
  const asked = pool.logits(images, 9);
  await pool.close();
  assert.equal((await asked).length, 90);
  await assert.rejects(pool.logits(images, 9), {name: "UserError", message: /the pool is closed/});
  await pool.close();
});
