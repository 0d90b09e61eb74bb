import assert from "node:assert/strict";
import {test} from "node:test";
import {changed} from "../../src/search/changed";
import {searchSpec} from "../../src/search/defaults";
import {rows} from "../../src/search/settings";

const given = {arch: "digits", keepFraction: 0.2} as const;

test("a path changes one part, whatever stands before or after it, and leaves the others", () => {
  const whole = {optimizer: {name: "sgd", momentum: 0.8, weightDecay: 0.01}};
  for (const changes of [
    {...whole, "optimizer.momentum": 0.5},
    {"optimizer.momentum": 0.5, ...whole},
  ])
    assert.deepEqual(
      changed(given, changes),
      searchSpec({...given, optimizer: {name: "sgd", momentum: 0.5, weightDecay: 0.01}}),
    );
});

test("a path that leads to no setting is refused with the nearest that does, and changes nothing in silence", () => {
  const paths = rows.flatMap(({part, path}) => (part === undefined ? [] : [path]));
  for (const path of [
    "optimizer.momentum.x",
    "gain.x",
    "gian.x",
    "__proto__.x",
    "constructor.name",
    "optimizer..",
    ".",
  ])
    assert.throws(
      () => changed(given, {[path]: 0.5}),
      (error: Error) =>
        error.name === "UserError" &&
        error.message.startsWith(`a spec has no "${path}"`) &&
        paths.every(each => error.message.includes(each)),
      path,
    );
  assert.throws(() => changed(given, {"optimiser.momentum": 0.5}), /did you mean optimizer\.momentum\?/);
  assert.throws(() => changed(given, {"optimizer.": 0.5}), /optimizer has no ""; it has name, momentum/);
});
