import assert from "node:assert/strict";
import {test} from "node:test";
import {everySeconds} from "../../src/cli/stepLine";

test("a log hears of a search once in five minutes", () => {
  let now = 0;
  const isDue = everySeconds(300, () => now);
  const heard = Array.from({length: 16}, (_, minute) => {
    now = 60_000 * minute;
    return isDue() ? minute : -1;
  }).filter(minute => minute >= 0);
  assert.deepEqual(heard, [5, 10, 15]);
});
