import assert from "node:assert/strict";
import {before, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {UserError} from "../../src/core/errors";
import {gainRules} from "../../src/core/gain";
import {keepCount} from "../../src/core/mask";
import type {Dataset} from "../../src/data/dataset";
import {loadDataset} from "../../src/data/load";
import {provenance} from "../../src/experiments/records/provenance";
import {recordOf} from "../../src/experiments/records/recordOf";
import {searchSpec} from "../../src/search/defaults";
import {type SearchResult, search} from "../../src/search/search";
import type {Moment, Steering} from "../../src/search/steering";
import {ticketOf} from "../../src/search/ticketOf";

const spec = searchSpec({arch: "digits", width: 0.25, subset: 192, epochs: 2, seed: 3});
const steps = 6;

let digits: Dataset;
let plain: SearchResult;

before(async () => {
  await useBackend("auto");
  digits = await loadDataset("mnist");
  plain = await search(spec, digits);
});

const steered = (beforeStep: Steering["beforeStep"], own = spec): Promise<SearchResult> =>
  search(own, digits, {steering: {beforeStep}});

test("a search that is watched and left alone is the same to the last bit, and no steered one", async () => {
  let seen = 0;
  const result = await steered(() => {
    seen++;
  });
  assert.equal(seen, steps);
  assert.equal(result.scoresSha256, plain.scoresSha256);
  assert.deepEqual(
    result.epochs.map(({loss}) => loss),
    plain.epochs.map(({loss}) => loss),
  );
  assert.ok(!("steered" in result));
});

test("gone back to where an epoch began, it takes the same way again to the last bit", async () => {
  let back = 0;
  const result = await steered(moment => {
    const {step} = moment.position;
    if ((step !== 2 && step !== 5) || back >= 2) return;
    back++;
    moment.back();
    assert.equal(moment.position.step, step < 3 ? 0 : 3);
    assert.equal(moment.position.batch, 0);
  });
  assert.equal(back, 2);
  assert.equal(result.scoresSha256, plain.scoresSha256);
  assert.deepEqual(
    result.epochs.map(({loss}) => loss),
    plain.epochs.map(({loss}) => loss),
  );
  assert.equal(result.steered, true);
});

test("a share, a gain and its factor act from the very next step on", async () => {
  const at: {kept: number[]; gains: number[]}[] = [];
  const look = ({network}: Moment): void => {
    at.push({
      kept: network.masked.map(layer => layer.kept()),
      gains: network.masked.map(layer => layer.gain()),
    });
  };
  const result = await steered(moment => {
    if (moment.position.step === 2) moment.set({keepFraction: 0.1, gain: "unit", outputGain: 0.5});
    look(moment);
  });
  const {masked} = result.network;
  const sizes = masked.map(layer => layer.mask().length);
  assert.deepEqual(
    at[1].kept,
    sizes.map(n => keepCount(n, 0.5)),
  );
  assert.deepEqual(
    at[2].kept,
    sizes.map(n => keepCount(n, 0.1)),
  );
  for (const [i, layer] of masked.entries()) {
    const shape = layer.variables().weights.shape;
    const fanIn = sizes[i] / shape.at(-1)!;
    const unit = gainRules.unit(layer.weightValues(), layer.mask(), {
      keepFraction: 0.1,
      fanIn,
      selection: "layerwise",
    });
    const factor = i === masked.length - 1 ? 0.5 : 1;
    assert.ok(Math.abs(at[2].gains[i] - factor * unit) < 1e-6);
    assert.ok(Math.abs(at[1].gains[i] - unit) > 1e-3);
    // What the forward pass multiplies by, native or not.
    const used = layer.effectiveValues().find(value => value !== 0)!;
    assert.ok(Math.abs(Math.abs(used) - factor * unit) < 1e-6);
  }
  assert.notEqual(result.scoresSha256, plain.scoresSha256);
});

test("the forward pass of the next step has the turned gain", async () => {
  const losses: number[] = [];
  let before = 0;
  await search({...spec, epochs: 1}, digits, {
    steering: {
      beforeStep: moment => {
        if (moment.position.step === 1) moment.set({outputGain: 100});
      },
    },
    onStep: ({loss, batch}) => {
      losses.push(loss * batch - before);
      before = loss * batch;
    },
  });
  assert.ok(losses[0] < 10 && losses[1] > 10 * losses[0], `${losses}`);
});

test("at a learning rate of 0 nothing moves any more", async () => {
  const seen: Float32Array[] = [];
  await steered(
    moment => {
      if (moment.position.step === 1) moment.set({learningRate: 0});
      seen.push(moment.network.masked[0].scoreValues().slice());
    },
    {...spec, optimizer: {name: "sgd"}},
  );
  assert.notDeepEqual(seen[1], seen[0]);
  for (const later of seen.slice(2)) assert.deepEqual(later, seen[1]);
});

test("a value that leaves no network is refused in one line, and everything stays as it was", async () => {
  const result = await steered(moment => {
    const before = moment.network.masked.map(layer => layer.gain());
    for (const wrong of [
      {keepFraction: 0},
      {keepFraction: Number.NaN},
      {learningRate: -1},
      {gain: "none"},
      {gain: "learned"},
      {keepFraction: 1e-9},
    ])
      assert.throws(
        () => moment.set(wrong as never),
        (error: Error) => !error.message.includes("\n") && error.message !== "",
      );
    assert.deepEqual(
      moment.network.masked.map(layer => layer.gain()),
      before,
    );
  });
  assert.equal(result.scoresSha256, plain.scoresSha256);
  assert.ok(!("steered" in result));
});

test("a steered search has no checkpoint and no record, and its ticket says so", async () => {
  const steering: Steering = {
    beforeStep: moment => {
      if (moment.position.step === 1) moment.set({keepFraction: 0.25});
    },
  };
  await assert.rejects(search(spec, digits, {steering, checkpoint: {directory: "never"}}), UserError);
  const result = await search(spec, digits, {steering});
  const run = {dataset: "mnist" as const, spec};
  await assert.rejects(recordOf(run, result, digits, await provenance()), /steered/);
  const ticket = ticketOf(result, digits);
  assert.equal(ticket.provenance.steered, true);
  assert.equal(ticket.selection.keepFraction, 0.25);
  assert.ok(!("steered" in ticketOf(plain, digits).provenance));
});
