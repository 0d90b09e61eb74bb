import assert from "node:assert/strict";
import {test} from "node:test";
import {currentScreen} from "../../src/report/screen";
import {showTable} from "../../src/report/show";

const rows = [{setting: "k <1", points: 2}];

/** What showTable writes where a notebook's cell stands in for the terminal. */
function shown(options?: {readonly folded?: string}): Record<string, string> {
  const bundles: {data: Record<string, string>}[] = [];
  const path = "/tslab/dist/jupyter.js";
  require.cache[path] = {
    exports: {lastWriteDisplayData: (message: {data: Record<string, string>}) => bundles.push(message)},
  } as unknown as NodeJS.Module;
  try {
    assert.equal(currentScreen().kind, "notebook");
    showTable(rows, undefined, options);
  } finally {
    delete require.cache[path];
  }
  assert.equal(bundles.length, 1);
  return bundles[0]!.data;
}

test("a folded table stands in the page under its line, and a terminal shows it as ever", () => {
  const [open, folded] = [shown(), shown({folded: "all of k < 1"})];
  const table = open["text/html"]!;
  assert.match(table, /^<table>/);
  assert.equal(folded["text/html"], `<details><summary>all of k &#60; 1</summary>\n${table}\n</details>`);
  assert.equal(folded["text/plain"], open["text/plain"]);
});
