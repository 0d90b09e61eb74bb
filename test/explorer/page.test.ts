import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {pathToFileURL} from "node:url";
import type {Browser, Page} from "playwright-core";
import {loadMnist} from "../../src/data/mnist";
import {type Changes, unchanged} from "../../src/explorer/model/changes";
import {Explorer} from "../../src/explorer/model/explorer";
import {packPictures, unpackPictures} from "../../src/explorer/model/packed";
import {loadKernels} from "../../src/infer/wasm/loadKernels";
import {decodeTicket} from "../../src/ticket/decode";
import {encodeTicket} from "../../src/ticket/encode";
import {lacksChromium, openChromium} from "../chromium";

const root = join(__dirname, "..", "..");
const site = mkdtempSync(join(tmpdir(), "multiprize-site-"));
const skip =
  lacksChromium || (!existsSync(join(root, "dist", "plotly.min.js")) && "not set up: npm run setup");
const relu = readFileSync(join(root, "data", "tickets", "with-ranks", "digits-relu-k0.2-ranks.mpt"));
const sign = readFileSync(join(root, "data", "tickets", "digits-sign-k0.2.mpt"));

let browser: Browser;
let page: Page;
const asked: string[] = [];
const failed: string[] = [];

before(async () => {
  if (skip) return;
  const parts = ["--without", "notebooks", "api", "experiments", "--out", site];
  const made = spawnSync(process.execPath, [join(root, "scripts", "site.mjs"), ...parts], {encoding: "utf8"});
  assert.equal(made.status, 0, made.stderr);
  browser = await openChromium();
  page = await browser.newPage({viewport: {width: 1280, height: 900}});
  page.on("request", request => asked.push(request.url()));
  // Leaving a page ends what it still waits for.
  page.on("requestfailed", request => {
    const why = request.failure()?.errorText ?? "";
    if (why !== "net::ERR_ABORTED") failed.push(`${request.url()}: ${why}`);
  });
  page.on("pageerror", error => failed.push(error.message));
});
after(async () => {
  await browser?.close();
  rmSync(site, {recursive: true, force: true});
});

const address = (name: string): string => pathToFileURL(join(site, name)).href;

/** Opens the explorer in a state, and waits until its pictures are counted. */
async function explore(state = ""): Promise<void> {
  await page.goto("about:blank");
  await page.goto(address("explorer.html") + state);
  await counted();
}

const counted = (): Promise<unknown> =>
  page.waitForSelector(".sliders[data-right][data-busy=false]", {timeout: 60_000});

async function data(selector: string): Promise<Record<string, string>> {
  return page.$eval(selector, box => ({...(box as HTMLElement).dataset}) as Record<string, string>);
}

/** What the library counts in Node for the same changes. */
async function inNode(bytes: Uint8Array, changes: Changes): Promise<[right: string, differ: string]> {
  const explorer = new Explorer(await loadKernels());
  explorer.open("a.mpt", bytes);
  explorer.use(unpackPictures(packPictures(loadMnist(), {train: 200, test: 500})));
  const {right, differ} = await explorer.accuracy(changes);
  return [`${right}`, `${differ}`];
}

async function inPage(): Promise<[string, string]> {
  const {right, differ} = await data(".sliders");
  return [right, differ];
}

/** Moves a slider to its n-th place, as a hand would: its event is all that the page gets. */
async function move(name: string, place: number): Promise<void> {
  await page.$eval(
    `input[name=${name}]`,
    (input, to) => {
      (input as HTMLInputElement).value = `${to}`;
      input.dispatchEvent(new Event("input", {bubbles: true}));
    },
    place,
  );
  await counted();
}

test("from disk, every slider counts what the library counts in Node", {skip, timeout: 300_000}, async () => {
  await explore();
  assert.deepEqual(await inPage(), await inNode(relu, unchanged));
  const moves: [string, number, Partial<Changes>][] = [
    ["keepFraction", 2, {keepFraction: 0.1}],
    ["gain", 9, {gain: 2}],
    ["flipped", 7, {flipped: 0.1}],
    ["redrawn", 9, {redrawn: 0.2}],
    ["noise", 4, {noise: 0.2}],
  ];
  for (const [name, place, change] of moves) {
    await page.click(".undo");
    await counted();
    await move(name, place);
    assert.deepEqual(await inPage(), await inNode(relu, {...unchanged, ...change}), name);
  }
  const {noise} = Object.fromEntries(
    new URL(page.url()).hash
      .slice(1)
      .split("&")
      .map(pair => pair.split("=")),
  );
  assert.equal(noise, "0.2");
});

test("an address brings its state: stale statistics under another gain", {
  skip,
  timeout: 120_000,
}, async () => {
  await explore("#ticket=digits-sign-k0.2&gain=5&batchnorm=stored");
  assert.deepEqual(await inPage(), await inNode(sign, {...unchanged, gain: 5, batchNorm: "stored"}));
  await page.click("input[name=batchNorm]");
  await counted();
  assert.deepEqual(await inPage(), await inNode(sign, {...unchanged, gain: 5}));
});

test("a digit is drawn, and answered while it is drawn", {skip, timeout: 120_000}, async () => {
  await explore();
  await page.click("text=Clear");
  const box = (await (await page.$(".pad"))!.boundingBox())!;
  const to = (x: number, y: number): Promise<void> => page.mouse.move(box.x + x, box.y + y, {steps: 6});
  await to(70, 60);
  await page.mouse.down();
  await to(210, 60);
  await to(140, 230);
  await page.waitForFunction(`document.querySelector(".answer").dataset.says === "7"`, undefined, {
    timeout: 30_000,
  });
  await page.mouse.up();
  assert.match((await page.textContent(".says"))!, /^The network says 7, \d/);
  assert.ok(!page.url().includes("example"), "a drawing is no example");
});

test("zoomed down to a weight, its numbers are the library's", {skip, timeout: 120_000}, async () => {
  await explore("#ticket=digits-relu-k0.2-ranks&layer=fc2&weight=40");
  await page.waitForFunction(`Number(document.querySelector(".map").dataset.cell) > 11`, undefined, {
    timeout: 30_000,
  });
  await page.waitForSelector(".weight[data-added]");
  const explorer = new Explorer(await loadKernels());
  explorer.open("a.mpt", relu);
  const picture = {width: 28, height: 28, data: loadMnist().test.images.subarray(0, 784)};
  const facts = await explorer.weight(picture, {layer: "fc2", index: 40}, unchanged);
  const shown = await data(".weight");
  assert.equal(Number(shown.added), facts.added.values[0]);
  assert.equal(Number(shown.sum), facts.sum[0]);
  const kept = facts.sign !== 0;
  assert.match((await page.textContent("[data-fact=sign]"))!, kept ? /^[+−], kept/ : /^pruned/);
  assert.match((await page.textContent("[data-fact=rank]"))!, /largest \d+ %/);
  await page.focus(".map");
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(`document.querySelector("input[name=weight]").value === "41"`);
});

test("another ticket is opened without a word about a weight that it lacks", {
  skip,
  timeout: 120_000,
}, async () => {
  await explore("#ticket=digits-relu-k0.2&layer=fc2&weight=40");
  await page.waitForSelector(".weight[data-added]");
  await page.evaluate(`
    window.said = [];
    new MutationObserver(() => {
      const text = document.querySelector(".message").textContent;
      if (text !== "") window.said.push(text);
    }).observe(document.querySelector(".message"), {childList: true});`);
  await page.selectOption("select[name=ticket]", "vgg-small-relu-k0.2");
  await page.waitForFunction(`document.querySelector("select[name=layer]").value === "conv1"`);
  await page.waitForFunction(`document.querySelector("[data-fact=where]").textContent.startsWith("conv1,")`);
  assert.deepEqual(await page.evaluate("window.said"), []);
});

test("a file that is damaged, none, or hostile gives a message and runs nothing", {
  skip,
  timeout: 120_000,
}, async () => {
  await explore();
  const evil = `<img src=x onerror="window.ran=1">`;
  const ticket = decodeTicket(sign);
  const classNames = ticket.classNames.map(name => `${evil}${name}`);
  const provenance = {...ticket.provenance, dataset: evil};
  const files: [string, Uint8Array, RegExp][] = [
    ["torn.mpt", sign.subarray(0, 900), /./],
    [`${evil}.mpt`, new TextEncoder().encode("<script>window.ran=1</script>"), /not a ticket/],
  ];
  const input = (await page.$("input[accept='.mpt']"))!;
  for (const [name, bytes, message] of files) {
    await input.setInputFiles({name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes)});
    await page.waitForFunction(`document.querySelector(".message").textContent !== ""`);
    assert.match((await page.textContent(".message"))!, message);
    await page.$eval(".message", each => each.replaceChildren());
  }
  const hostile = Buffer.from(encodeTicket({...ticket, classNames, provenance}));
  await input.setInputFiles({name: `${evil}.mpt`, mimeType: "application/octet-stream", buffer: hostile});
  await page.waitForFunction(`document.querySelector(".ticketfacts").textContent.includes("onerror")`);
  await page.waitForFunction(`document.querySelector(".spoken").textContent.includes("onerror")`);
  assert.equal(await page.$("main img"), null);
  assert.equal(await page.evaluate("window.ran"), undefined);
});

test("a search in the page, stopped, leaves a ticket that is open, and of which Node counts the same", {
  skip,
  timeout: 180_000,
}, async () => {
  await explore();
  await page.click("button[name=search]");
  await page.waitForFunction(`/step [3-9]/.test(document.querySelector(".findone").textContent)`);
  await page.click("button[name=stop]");
  await page.waitForSelector(".findone[data-state=found]", {timeout: 60_000});
  await page.waitForFunction(
    `document.querySelector(".ticketfacts").textContent.startsWith("found-seed-0.mpt: digits × 0.5")`,
  );
  await counted();
  const [saved] = await Promise.all([page.waitForEvent("download"), page.click("a.save")]);
  const [right] = await inNode(readFileSync(await saved.path()), unchanged);
  assert.equal((await inPage())[0], right);
  assert.equal(Math.round(5 * Number((await data(".findone")).accuracy)), Number(right));
});

test("front page and explorer have no serious fault of accessibility, in light and dark", {
  skip,
  timeout: 120_000,
}, async () => {
  const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  for (const name of ["index.html", "explorer.html"]) {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({colorScheme});
      if (name === "explorer.html") await explore();
      else await page.goto(address(name));
      await page.evaluate(axe);
      const found = (await page.evaluate(`axe.run({preload: false}).then(({violations}) => violations
        .filter(({impact}) => impact === "serious" || impact === "critical")
        .map(({id, nodes}) => id + ": " + nodes.map(node => node.target).join(", ")))`)) as string[];
      assert.deepEqual(found, [], `${name}, ${colorScheme}`);
    }
  }
});

test("the search field finds sections, and no page asked for what is not there or elsewhere", {
  skip,
  timeout: 60_000,
}, async () => {
  await page.goto(address("index.html"));
  await page.fill("input[type=search]", "webgpu adapter");
  await page.waitForSelector(".site-search li a");
  await page.click(".site-search li a");
  await page.waitForURL(/docs\/webgpu\.html/);
  assert.deepEqual(failed, []);
  assert.deepEqual(
    asked.filter(each => !/^(file|blob|data|about):/.test(each)),
    [],
  );
});
