import assert from "node:assert/strict";
import {after, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {startBackend} from "../../src/backend/startBackend";
import {UserError} from "../../src/core/errors";

after(() => tf.setBackend("cpu"));

test("a backend that starts is the one that computes", async () => {
  await startBackend("cpu");
  assert.equal(tf.getBackend(), "cpu");
});

test("one that does not start is an error with its reason, in one line, and nothing else is printed", async t => {
  const printed = t.mock.method(console, "warn", () => {});
  const broken: Record<string, () => tf.KernelBackend | Promise<tf.KernelBackend>> = {
    "broken at once": () => {
      throw new Error("no room for its memory\nsecond line");
    },
    "broken later": () => Promise.reject(new Error("no room for its memory\nsecond line")),
  };
  for (const [name, begin] of Object.entries(broken)) {
    tf.registerBackend(name, begin);
    await assert.rejects(startBackend(name), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(
        error.message,
        new RegExp(`^the backend ${name} does not start here: .*no room for its memory$`),
      );
      return true;
    });
    tf.removeBackend(name);
  }
  assert.equal(printed.mock.callCount(), 0);
});

test("one that nobody registered does not start either", async () => {
  await assert.rejects(startBackend("nowhere"), /^UserError: the backend nowhere does not start here: ./);
});
