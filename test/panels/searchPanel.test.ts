import assert from "node:assert/strict";
import {before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {loadDataset} from "../../src/data/load";
import {searchPanel} from "../../src/panels/searchPanel";

const given = {arch: "digits", keepFraction: 0.2, width: 0.25, subset: 128, epochs: 1} as const;

before(() => useBackend("auto"));

test("a search is not held against itself, nor against what is no change", async () => {
  for (const against of [
    {},
    {gain: undefined},
    {gain: "mean-kept"},
    {keepFraction: 0.2, "optimizer.momentum": 0.9},
  ])
    await assert.rejects(searchPanel(given, {against}), {
      name: "UserError",
      message: /^against \{.*\} changes nothing: both searches would be one$/,
    });
  for (const against of [null, [], "gain", 3])
    await assert.rejects(searchPanel(given, {against: against as never}), {
      name: "UserError",
      message: /^against must be an object such as \{gain: "unit"\}; got/,
    });
});

test("what are no pictures is refused before a panel is shown, a promise of them by what it lacks", async () => {
  for (const [pictures, message] of [
    [loadDataset("mnist"), /got a promise of one: await it$/],
    [{}, /^pictures must be a data set, .* got \{\}$/],
    ["mnist", /got "mnist"$/],
  ] as const)
    await assert.rejects(searchPanel(given, {pictures: pictures as never}), {name: "UserError", message});
});
