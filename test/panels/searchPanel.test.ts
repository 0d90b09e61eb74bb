import assert from "node:assert/strict";
import {before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {loadDataset} from "../../src/data/load";
import {Pace} from "../../src/panels/pace";
import type {LayerFacts} from "../../src/panels/panelState";
import {searchPanel} from "../../src/panels/searchPanel";
import {SteeredSearch} from "../../src/panels/steeredSearch";
import {searchSpec} from "../../src/search/defaults";

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

test("what a panel shows of the layers when its search has ended is of the last step, however seldom it looked before", async () => {
  const spec = searchSpec({...given, epochs: 2, batchSize: 16});
  const pictures = await loadDataset("mnist");
  const end = async (show: (side: SteeredSearch) => void): Promise<readonly LayerFacts[]> => {
    const side = new SteeredSearch("one", spec, new Pace(1), show);
    await side.run(pictures, new AbortController().signal);
    side.result?.network.model.dispose();
    assert.equal(side.state().step, 16);
    return side.state().layers;
  };
  const always = await end(side => side.watch.again());
  const seldom = await end(({watch}) => {
    // The first look alone comes by its time.
    if (watch.layers.length > 0) Object.defineProperty(watch, "due", {value: false});
  });
  const rounded = (layers: readonly LayerFacts[]): object[] =>
    layers.map(({name, newSinceStart, r}) => ({name, new: newSinceStart.toFixed(3), r: r.toPrecision(2)}));
  assert.deepEqual(rounded(seldom), rounded(always));
});
