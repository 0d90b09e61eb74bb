import assert from "node:assert/strict";
import {test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {type BackendName, backendInfo, backendNames, useBackend} from "../../src/backend/backend";
import {UserError} from "../../src/core/errors";

test("before a backend is chosen, backendInfo says what to do", () => {
  assert.throws(() => backendInfo(), {name: "RangeError", message: /await useBackend\("auto"\) first/});
});

test("an unknown backend is a UserError that lists the choices", async () => {
  for (const name of ["webgl", "toString"]) {
    await assert.rejects(useBackend(name as BackendName), error => {
      assert.ok(error instanceof UserError);
      assert.match(
        error.message,
        new RegExp(`unknown backend "${name}"; choose auto, tensorflow, webgpu, wasm, cpu`),
      );
      return true;
    });
  }
});

test("auto takes the native backend, or says why it does not", async () => {
  const info = await useBackend("auto");
  if (info.backend === "tensorflow") assert.equal(info.notice, undefined);
  else assert.match(info.notice ?? "", /computing in WebAssembly/);
  assert.ok(info.threads >= 1);
  assert.match(info.version, /^\d+\.\d+/);
});

for (const name of ["auto", "wasm", "cpu"] as const) {
  test(`after useBackend("${name}") it computes, and backendInfo names it`, async () => {
    const info = await useBackend(name);
    assert.ok(backendNames.includes(info.backend));
    assert.equal(tf.getBackend(), info.backend);
    assert.deepEqual(backendInfo(), info);
    const product = tf.tidy(() => tf.matMul([[1, 2]], [[3], [4]]));
    assert.deepEqual([...product.dataSync()], [11]);
    product.dispose();
  });
}
