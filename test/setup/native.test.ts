import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";
import {loadNative, NativeUnavailable} from "../../src/backend/native";

const setUp = existsSync(join(__dirname, "..", "..", ".native", "native.json"));

test("loadNative registers TensorFlow's library, or says in one line that it is not set up", () => {
  if (setUp) {
    assert.match(loadNative().tensorflow, /^\d+\.\d+\.\d+$/);
    assert.equal(loadNative(), loadNative());
    return;
  }
  assert.throws(loadNative, (error: unknown) => {
    assert.ok(error instanceof NativeUnavailable);
    assert.match(error.message, /^[^\n]*npm run setup`$/);
    return true;
  });
});
