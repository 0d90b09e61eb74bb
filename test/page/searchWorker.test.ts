import assert from "node:assert/strict";
import {existsSync, readdirSync, readFileSync} from "node:fs";
import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {join} from "node:path";
import {test} from "node:test";
import {useBackend} from "../../src/backend/backend";
import {syntheticImages} from "../../src/bench/syntheticImages";
import type {SearchReport, SearchRequest} from "../../src/page/searchWorker";
import {searchSpec} from "../../src/search/defaults";
import {search} from "../../src/search/search";
import {ticketOf} from "../../src/search/ticketOf";
import {encodeTicket} from "../../src/ticket/encode";
import {lacksChromium, openChromium} from "../chromium";

const root = join(__dirname, "..", "..");
const dist = join(root, "dist", "page");
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
const pictures = syntheticImages(BATCH * STEPS, [28, 28, 1]);

/** Runs a search in a worker and keeps what it reports. */
const page = `<!doctype html><script>
  window.reports = [];
  window.start = async request => {
    const bytes = async name => new Uint8Array(await (await fetch(name)).arrayBuffer());
    for (const part of ["train", "test"]) {
      request.dataset[part].images = await bytes(part + ".images");
      request.dataset[part].labels = await bytes(part + ".labels");
    }
    const worker = new Worker("searchWorker.js");
    worker.onmessage = ({data}) => {
      if (data.ticket) data.ticket = Array.from(data.ticket);
      window.reports.push(data);
    };
    worker.onerror = ({message}) => window.reports.push({kind: "failed", message});
    worker.postMessage(request);
  };
</script>`;

function serve(): Server {
  const files = new Map<string, Uint8Array | string>([["", page]]);
  for (const name of readdirSync(dist)) files.set(name, readFileSync(join(dist, name)));
  for (const part of ["train", "test"] as const) {
    files.set(`${part}.images`, pictures[part].images);
    files.set(`${part}.labels`, pictures[part].labels);
  }
  const types: Record<string, string> = {"": "text/html", js: "text/javascript", wasm: "application/wasm"};
  return createServer(({url = "/"}, response) => {
    const name = url.slice(1);
    const file = files.get(name);
    const type = types[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    response.writeHead(file === undefined ? 404 : 200, {"content-type": type});
    response.end(file);
  });
}

/** All that a worker reports of a search, until it is done or has failed. */
async function searchInPage(
  request: Pick<SearchRequest, "backend" | "software">,
  flags: readonly string[] = [],
): Promise<SearchReport[]> {
  const server = serve();
  await new Promise<void>(listening => server.listen(0, "127.0.0.1", listening));
  const browser = await openChromium(flags);
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const bare = (part: "train" | "test") => ({count: pictures[part].count});
    const dataset = {...pictures, train: bare("train"), test: bare("test")};
    await tab.evaluate(given => (window as never as {start(given: object): Promise<void>}).start(given), {
      ...request,
      settings,
      dataset,
    });
    const ended = () =>
      (window as never as {reports: {kind: string}[]}).reports.some(
        ({kind}) => kind === "done" || kind === "failed",
      );
    await tab.waitForFunction(ended, undefined, {timeout: 280_000});
    return await tab.evaluate(() => (window as never as {reports: SearchReport[]}).reports);
  } finally {
    await browser.close();
    server.close();
  }
}

const skip = lacksChromium || (!existsSync(join(dist, "searchWorker.js")) && "not set up: npm run setup");

test("a search in a page's worker on WebAssembly is Node's to the last bit, its ticket too", {
  skip,
  timeout: 300_000,
}, async () => {
  const reports = await searchInPage({backend: "wasm"});
  await useBackend("wasm");
  const losses: number[] = [];
  const result = await search(searchSpec(settings), pictures, {onEpoch: ({loss}) => losses.push(loss)});
  const done = reports.at(-1);
  assert.equal(done?.kind, "done", JSON.stringify(done));
  assert.ok(done?.kind === "done");
  assert.equal(done.scoresSha256, result.scoresSha256);
  assert.equal(done.testAccuracy, result.testAccuracy);
  assert.deepEqual(Uint8Array.from(done.ticket!), encodeTicket(ticketOf(result, pictures)));
  assert.equal(reports.filter(({kind}) => kind === "step").length, 2 * STEPS);
  assert.deepEqual(
    reports.flatMap(report => (report.kind === "epoch" ? [report.epoch.loss] : [])),
    losses,
  );
  result.network.model.dispose();
});

test("where the browser has WebGPU the same search computes there, and refuses an adapter in software unless asked", {
  skip:
    skip ||
    (!existsSync(join(root, "node_modules", "@tensorflow", "tfjs-backend-webgpu")) && "NO WEBGPU HERE"),
  timeout: 600_000,
}, async () => {
  const flags = ["--enable-unsafe-webgpu"];
  const refused = (await searchInPage({backend: "webgpu"}, flags)).at(-1);
  if (refused?.kind === "failed") assert.match(refused.message, /WebGPU/);
  const reports = await searchInPage({backend: "webgpu", software: true}, flags);
  const done = reports.at(-1);
  assert.equal(done?.kind, "done", JSON.stringify(done));
  await useBackend("wasm");
  const losses: number[] = [];
  const {network} = await search(searchSpec(settings), pictures, {onEpoch: ({loss}) => losses.push(loss)});
  network.model.dispose();
  const found = reports.flatMap(report => (report.kind === "epoch" ? [report.epoch.loss] : []));
  assert.equal(found.length, 2);
  for (const [i, loss] of found.entries())
    assert.ok(Math.abs(loss - losses[i]) < 0.05 * losses[i], `${found} for ${losses}`);
});
