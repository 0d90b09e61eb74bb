import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {after, test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {syntheticImages} from "../../src/bench/syntheticImages";
import {loadMnist} from "../../src/data/mnist";
import type {SearchRequest} from "../../src/page/searchMessages";
import {searchSpec} from "../../src/search/defaults";
import {type SearchOptions, type SearchResult, search} from "../../src/search/search";
import {ticketOf} from "../../src/search/ticketOf";
import {decodeTicket} from "../../src/ticket/decode";
import {encodeTicket} from "../../src/ticket/encode";
import {type InPage, lacksPage, openSearchingBrowser, type SeenInPage} from "./searchInPage";

const BATCH = 8;
const STEPS = 6;

const settings: SearchRequest["settings"] = {
  arch: "digits",
  width: 0.125,
  keepFraction: 0.4,
  batchSize: BATCH,
  epochs: 2,
  interimTestImages: 1,
};
const dataset = syntheticImages(BATCH * STEPS, [28, 28, 1]);

let browser: ReturnType<typeof openSearchingBrowser> | undefined;
after(async () => (await browser)?.close());

async function inPage(request: Partial<SearchRequest>, options?: InPage): Promise<SeenInPage> {
  browser ??= openSearchingBrowser();
  return (await browser).search({settings, dataset, ...request}, options);
}

/** The same search in Node, on WebAssembly, and its ticket. */
async function inNode(options: SearchOptions = {}): Promise<SearchResult & {ticket: number[]}> {
  await useBackend("wasm");
  const result = await search(searchSpec(settings), dataset, options);
  const ticket = Array.from(encodeTicket(ticketOf(result, dataset)));
  result.network.model.dispose();
  return {...result, ticket};
}

const root = join(__dirname, "..", "..");
const {peerDependencies} = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
/** Why WebGPU is in no page here, or false. */
const lacksWebgpu: string | false =
  !Object.keys(peerDependencies).every(name => existsSync(join(root, "node_modules", name))) &&
  "NO WEBGPU HERE: its packages were not installed when the page's script was bundled";

const given = {skip: lacksPage, timeout: 300_000};

test(
  "a search in a page's worker on WebAssembly is Node's to the last bit, its ticket too",
  given,
  async () => {
    const {result, steps, epochs, failed} = await inPage({backend: "wasm"});
    assert.equal(failed, undefined);
    const {scoresSha256, testAccuracy, ticket, epochs: records} = await inNode();
    assert.deepEqual(result, {scoresSha256, testAccuracy, ticket});
    assert.equal(steps.length, 2 * STEPS);
    assert.deepEqual(
      epochs.map(({loss}) => loss),
      records.map(({loss}) => loss),
    );
  },
);

test(
  "a search stopped in a page that was opened from disk ends with the ticket of its last step",
  given,
  async () => {
    const many = {...settings, epochs: 1000};
    const {result, failed} = await inPage({backend: "wasm", settings: many}, {fromDisk: true, stopAfter: 2});
    assert.equal(failed, undefined);
    const {stoppedAt, ticket, scoresSha256, testAccuracy} = result!;
    assert.ok(stoppedAt! >= 2 && stoppedAt! < 1000 * STEPS);
    assert.ok(testAccuracy >= 0 && testAccuracy <= 100);
    const enough = new AbortController();
    let steps = 0;
    const onStep = (): void => {
      steps++;
      if (steps === stoppedAt) enough.abort();
    };
    await useBackend("wasm");
    const options = {signal: enough.signal, keepUnfinished: true, onStep};
    const sameSteps = await search(searchSpec(many), dataset, options);
    assert.equal(scoresSha256, sameSteps.scoresSha256);
    assert.deepEqual(ticket, Array.from(encodeTicket(ticketOf(sameSteps, dataset))));
    assert.equal(decodeTicket(Uint8Array.from(ticket!)).provenance.interrupted, true);
    sameSteps.network.model.dispose();
  },
);

test("what does not fit ends a page's search in one line", given, async () => {
  const {failed} = await inPage({settings: {...settings, arch: "digit" as never}});
  assert.match(failed!, /^unknown architecture "digit"[^\n]*$/);
});

test("where the browser has WebGPU the same search computes there, and refuses an adapter in software unless asked", {
  ...given,
  skip: lacksPage || lacksWebgpu,
}, async () => {
  const {backend: usual, failed: refused} = await inPage({settings: {...settings, epochs: 0}});
  assert.equal(refused, undefined);
  if (usual!.backend !== "webgpu") {
    assert.equal(usual!.backend, "wasm");
    assert.match(usual!.notice!, /^the only WebGPU adapter is .*; computing in WebAssembly$/);
  }
  const {epochs, failed, backend} = await inPage({backend: "webgpu", software: true});
  assert.equal(failed, undefined);
  assert.equal(backend!.backend, "webgpu");
  const {epochs: expected} = await inNode();
  assert.equal(epochs.length, 2);
  epochs.forEach(({loss}, i) => {
    assert.ok(Math.abs(loss - expected[i].loss) < 0.05 * expected[i].loss, `${loss} for ${expected[i].loss}`);
  });
});

test("a search of the quickstart's length in a page ends within a point of Node's", {
  skip: lacksPage || (!process.env.MULTIPRIZE_LONG && "LONG: it runs with MULTIPRIZE_LONG=1"),
  timeout: 2 * 3_600_000,
}, async () => {
  const [whole, digits] = [{arch: "digits", keepFraction: 0.2, epochs: 12} as const, loadMnist()];
  const {result, backend, failed} = await inPage({settings: whole, dataset: digits});
  assert.equal(failed, undefined);
  const {backend: own} = await useBackend("auto");
  const {network, testAccuracy} = await search(searchSpec(whole), digits);
  network.model.dispose();
  console.log(`page, ${backend!.backend}: ${result!.testAccuracy} %; Node, ${own}: ${testAccuracy} %`);
  assert.ok(Math.abs(result!.testAccuracy - testAccuracy) <= 1);
});
