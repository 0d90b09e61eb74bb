import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, type TestContext, test} from "node:test";
import * as tf from "@tensorflow/tfjs";
import {useBackend} from "../../src/backend/backend";
import {syntheticImages} from "../../src/bench/syntheticImages";
import {loadDataset} from "../../src/data/load";
import {cellsOf, distinct} from "../../src/experiments/define/experiment";
import {experimentNamed} from "../../src/experiments/define/experiments";
import {runCells} from "../../src/experiments/run/runCells";
import {networkOf} from "../../src/layers/ticketNetwork";
import {searchSpec} from "../../src/search/defaults";
import {search} from "../../src/search/search";
import {ticketOf} from "../../src/search/ticketOf";
import {decodeTicket} from "../../src/ticket/decode";
import {encodeTicket} from "../../src/ticket/encode";
import {heldMemory} from "../garbage";

before(() => useBackend("auto"));

const folder = mkdtempSync(join(tmpdir(), "multiprize-many-"));
after(() => rmSync(folder, {recursive: true, force: true}));

/** What an allocator may still move. One network of digits that stays adds 7.4 MB of arrays, nine 67. */
const SLACK = 40e6;
/** Two networks, which wait for a later collection. */
const ARRAY_SLACK = 16e6;

type Held = Awaited<ReturnType<typeof heldMemory>>;

/** No growth from the third of many to the last. */
function assertFlat(held: readonly Held[], t: TestContext): void {
  const [from, to] = [held[2], held[held.length - 1]];
  const arrays = to.arrays - from.arrays;
  const [before, after] = [from, to].map(
    ({arrays, resident}) =>
      `${(arrays / 1e6).toFixed(1)} MB of arrays, ${(resident / 1e6).toFixed(0)} resident`,
  );
  t.diagnostic(`after the third ${before}; after the last of ${held.length} ${after}`);
  assert.ok(arrays < ARRAY_SLACK, `arrays grew by ${arrays} bytes over ${held.length - 3} more`);
  const resident = to.resident - from.resident;
  assert.ok(resident < SLACK, `resident memory grew by ${resident} bytes over ${held.length - 3} more`);
  assert.equal(tf.memory().numTensors, 0);
}

const pictures = syntheticImages(16, [28, 28, 1]);

for (const [selection, count] of [
  ["layerwise", 30],
  ["global", 12],
] as const) {
  test(`${count} searches in one process, each network disposed of, hold no more than three (${selection})`, async t => {
    const held: Held[] = [];
    for (let seed = 0; seed < count; seed++) {
      const spec = searchSpec({arch: "digits", keepFraction: 0.5, epochs: 1, batchSize: 8, selection, seed});
      const {network} = await search(spec, pictures);
      for (const layer of network.masked) layer.mask();
      network.model.dispose();
      held.push(await heldMemory());
    }
    assertFlat(held, t);
  });
}

test("twenty networks of tickets in one process hold no more than three", async t => {
  const spec = searchSpec({arch: "digits", keepFraction: 0.5, epochs: 0});
  const result = await search(spec, pictures);
  const bytes = encodeTicket(ticketOf(result, pictures));
  result.network.model.dispose();
  const held: Held[] = [];
  for (let i = 0; i < 20; i++) {
    const {model} = networkOf(decodeTicket(bytes));
    tf.tidy(() => void model.predict(tf.zeros([1, 28, 28, 1])));
    model.dispose();
    held.push(await heldMemory());
  }
  assertFlat(held, t);
});

test("a run of twenty cells holds no more after the last than after the third", async t => {
  const names = ["initialisation", "depth"];
  const cells = distinct(names.flatMap(name => cellsOf(experimentNamed(name), "smoke"))).slice(0, 20);
  assert.equal(cells.length, 20);
  const held: Held[] = [];
  const places = {results: join(folder, "results"), runs: join(folder, "runs")};
  const dataset = await loadDataset("mnist");
  const provenance = {commit: "none", dirty: false, version: "0", host: "here", node: process.version};
  for (const cell of cells) {
    const [{result}] = await runCells([cell], {places, provenance, load: async () => dataset});
    assert.equal(result.outcome, "ran");
    held.push(await heldMemory());
  }
  assertFlat(held, t);
});

test("a network that is in use goes on predicting the same when another is disposed of", async () => {
  const spec = searchSpec({arch: "digits", keepFraction: 0.5, epochs: 0});
  const [stays, goes] = [await search(spec, pictures), await search(spec, pictures)];
  const images = tf.randomUniform([1, 28, 28, 1], -1, 1, "float32", 1);
  const logits = (): number[] =>
    tf.tidy(() => Array.from((stays.network.model.predict(images) as tf.Tensor).dataSync()));
  const first = logits();
  goes.network.model.dispose();
  assert.deepEqual(logits(), first);
  stays.network.model.dispose();
  images.dispose();
});
