import assert from "node:assert/strict";
import {test} from "node:test";
import {printable, printableLine} from "../../src/core/printable";

test("what steers a terminal is written out, and all other text stays", () => {
  assert.equal(printable("a\x1b[2J\x07\r\x9b1m\tb"), "a\\x1b[2J\\x07\\x0d\\x9b1m\\x09b");
  assert.equal(printable("\u202egnp.exe\u2066\u2028"), "\\u202egnp.exe\\u2066\\u2028");
  assert.equal(printable("Zürich 96.5 % → 中文 🎟\nnext"), "Zürich 96.5 % → 中文 🎟\nnext");
});

test("as one line a text has its ends of lines written out, too", () => {
  assert.equal(printableLine("a\nb.mpt: ok\r\n\x1b[1m"), "a\\x0ab.mpt: ok\\x0d\\x0a\\x1b[1m");
});
