import assert from "node:assert/strict";
import {test} from "node:test";
import {currentScreen} from "../../src/report/screen";

test("a process that is no kernel has a terminal for its screen", () => {
  assert.equal(currentScreen().kind, "terminal");
});

test("in a kernel a bundle is shown in all its forms, and the second with an id is an update", () => {
  const path = "/anywhere/node_modules/tslab/dist/jupyter.js";
  const sent: [message: object, update: boolean][] = [];
  const kernel = {lastWriteDisplayData: (message: object, update: boolean) => sent.push([message, update])};
  require.cache[path] = {exports: kernel} as NodeJS.Module;
  try {
    const screen = currentScreen();
    assert.equal(screen.kind, "notebook");
    screen.show({"text/html": "<b>1</b>", "text/plain": "1"}, "id");
    screen.show({"text/plain": "2"}, "id");
    assert.deepEqual(sent, [
      [
        {data: {"text/html": "<b>1</b>", "text/plain": "1"}, metadata: {}, transient: {display_id: "id"}},
        false,
      ],
      [{data: {"text/plain": "2"}, metadata: {}, transient: {display_id: "id"}}, true],
    ]);
  } finally {
    delete require.cache[path];
  }
});
