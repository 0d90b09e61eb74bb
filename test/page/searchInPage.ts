import {existsSync, readdirSync, readFileSync} from "node:fs";
import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {join} from "node:path";
import type {Page} from "playwright-core";
import type {BackendInfo} from "../../src/backend/backend";
import type {Dataset} from "../../src/data/dataset";
import type {PageSearchResult, SearchRequest} from "../../src/page/searchMessages";
import type {EpochRecord} from "../../src/search/position";
import type {StepProgress} from "../../src/search/progress";
import {lacksChromium, openChromium} from "../chromium";

const dist = join(__dirname, "..", "..", "dist", "page");

/** Why searches in a page are skipped here, or false. */
export const lacksPage: string | false =
  lacksChromium || (!existsSync(join(dist, "searchWorker.mjs")) && "not set up: npm run setup");

/** What a page has seen of a search, and how it ended. */
export interface SeenInPage {
  readonly backend?: BackendInfo;
  readonly steps: readonly StepProgress[];
  readonly epochs: readonly EpochRecord[];
  readonly result?: Omit<PageSearchResult, "ticket"> & {readonly ticket?: number[]};
  readonly failed?: string;
}

export interface InPage {
  /** Aborts after so many steps. */
  readonly stopAfter?: number;
  /** A page opened from disk, which may fetch nothing; over http otherwise. */
  readonly fromDisk?: boolean;
}

/** In the page: sources come as text where it may fetch nothing, pictures as base64. */
const start = `async ({request, pictures, stopAfter, sources}) => {
  const bytes = text => Uint8Array.from(atob(text), each => each.charCodeAt(0));
  const script = text => URL.createObjectURL(new Blob([text], {type: "text/javascript"}));
  for (const part of ["train", "test"])
    for (const what of ["images", "labels"]) request.dataset[part][what] = bytes(pictures[part][what]);
  const {searchInWorker} = await import(sources ? script(sources.client) : "/searchInWorker.mjs");
  const worker = new Worker(sources ? script(sources.worker) : "/searchWorker.mjs");
  const seen = window.seen = {steps: [], epochs: []};
  const stop = new AbortController();
  searchInWorker(worker, request, {
    signal: stop.signal,
    onBackend: backend => { seen.backend = backend; },
    onStep: step => { if (seen.steps.push(step) === stopAfter) stop.abort(); },
    onEpoch: epoch => seen.epochs.push(epoch),
  }).then(
    ({ticket, ...rest}) => { seen.result = {...rest, ...(ticket && {ticket: Array.from(ticket)})}; },
    error => { seen.failed = error.message; },
  );
}`;

function serve(): Server {
  const types: Record<string, string> = {
    js: "text/javascript",
    mjs: "text/javascript",
    wasm: "application/wasm",
  };
  const names = new Set(readdirSync(dist));
  return createServer(({url = "/"}, response) => {
    const name = url.slice(1);
    const known = names.has(name);
    const type = name === "" ? "text/html" : (types[name.split(".").at(-1)!] ?? "text/plain");
    response.writeHead(known || name === "" ? 200 : 404, {"content-type": type});
    response.end(known ? readFileSync(join(dist, name)) : "<!doctype html>");
  });
}

/** What a page needs that may fetch nothing, and the request that says where the binaries are. */
function fromText(): {sources: object; wasmFiles: Record<string, string>} {
  const text = (name: string): string => readFileSync(join(dist, name), "utf8");
  const binaries = readdirSync(dist).filter(name => name.endsWith(".wasm"));
  const address = (name: string): string =>
    `data:application/wasm;base64,${readFileSync(join(dist, name)).toString("base64")}`;
  return {
    sources: {client: text("searchInWorker.mjs"), worker: text("searchWorker.mjs")},
    wasmFiles: Object.fromEntries(binaries.map(name => [name, address(name)])),
  };
}

/** A Chromium whose pages search, each search in a page and worker of its own. */
export interface SearchingBrowser {
  search(request: SearchRequest, options?: InPage): Promise<SeenInPage>;
  close(): Promise<void>;
}

/** WebGPU is on, in software where there is no GPU. */
export async function openSearchingBrowser(): Promise<SearchingBrowser> {
  const server = serve();
  await new Promise<void>(listening => server.listen(0, "127.0.0.1", listening));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const browser = await openChromium(["--enable-unsafe-webgpu"]);
  return {
    async search({dataset, ...request}, {stopAfter, fromDisk = false} = {}) {
      const tab = await browser.newPage();
      await tab.goto(fromDisk ? `file://${join(__dirname, "empty.html")}` : address);
      const {sources, wasmFiles} = fromDisk ? fromText() : {};
      const asked = {...request, ...(wasmFiles && {wasmFiles}), dataset: bare(dataset)};
      const given = {request: asked, pictures: inText(dataset), stopAfter, sources};
      await tab.evaluate(`(${start})(${JSON.stringify(given)})`);
      const seen = await untilEnded(tab);
      await tab.close();
      return seen;
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}

async function untilEnded(tab: Page): Promise<SeenInPage> {
  const ended = (): unknown => {
    const {result, failed} = (window as never as {seen: SeenInPage}).seen;
    return result ?? failed;
  };
  await tab.waitForFunction(ended, undefined, {timeout: 0, polling: 100});
  return tab.evaluate(() => (window as never as {seen: SeenInPage}).seen);
}

function bare({train, test, ...rest}: Dataset): object {
  return {...rest, train: {count: train.count}, test: {count: test.count}};
}

function inText({train, test}: Dataset): object {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
  const part = ({images, labels}: Dataset["train"]): object => ({images: text(images), labels: text(labels)});
  return {train: part(train), test: part(test)};
}
