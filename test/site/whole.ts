// node --import tsx test/site/whole.ts [folder]: the whole site as `npm run site` wrote it, in Chromium without a network,
// from disk and over http: requests, links, figures, explorables, and axe-core on every kind of page. It takes minutes.
import {existsSync, readdirSync, readFileSync, statSync} from "node:fs";
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import {extname, join, resolve} from "node:path";
import {pathToFileURL} from "node:url";
import type {Browser, Page} from "playwright-core";
import {openChromium} from "../chromium";

const folder = resolve(process.argv[2] ?? "dist/site");
const all = readdirSync(folder, {recursive: true, encoding: "utf8"});
const pages = all.filter(name => name.endsWith(".html"));
/** TypeDoc makes some hundred pages of six kinds. */
const reference = (name: string): boolean => name.startsWith("api/") && name.split("/").length > 2;
const visited = pages.filter((name, i) => !reference(name) || i % 40 === 0);
const kinds = [
  ...["index.html", "explorer.html", "tickets.html", "experiments.html", "teach.html", "notebooks.html"],
  ...["docs/index.html", "docs/notation.html", "docs/ablations.html", "api/index.html"],
  ...["notebooks", "experiments", "tickets"].flatMap(each =>
    pages.filter(name => name.startsWith(`${each}/`)).slice(0, 2),
  ),
  ...pages.filter(reference).slice(0, 2),
  "notebooks/20-turn-a-knob.html",
].filter(name => pages.includes(name));
const types: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const faults = new Set<string>();

async function main(): Promise<void> {
  const server = createServer(({url}, response) => {
    const file = join(folder, decodeURIComponent(new URL(url!, "http://a").pathname.replace(/^\/at\//, "/")));
    const there = existsSync(file) && statSync(file).isFile();
    response.writeHead(there ? 200 : 404, {
      "content-type": types[extname(file)] ?? "application/octet-stream",
    });
    response.end(there ? readFileSync(file) : "");
  }).listen(0);
  const http = `http://127.0.0.1:${(server.address() as AddressInfo).port}/at/`;
  const browser = await openChromium();
  try {
    const {brokenLinks} = (await import("../../scripts/site/links.mjs" as string)) as {
      brokenLinks: (folder: string) => string[];
    };
    for (const link of brokenLinks(folder)) faults.add(`link ${link}`);
    for (const base of [pathToFileURL(`${folder}/`).href, http]) await visit(browser, base);
    await accessible(browser);
    const bytes = all
      .map(name => statSync(join(folder, name)))
      .reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0);
    console.log(`${pages.length} pages, ${(bytes / 1e6).toFixed(1)} MB in all`);
    await firstLoad(browser, http);
  } finally {
    await browser.close();
    server.close();
  }
  for (const fault of faults) console.log(`FAULT ${fault}`);
  process.exitCode = faults.size > 0 ? 1 : 0;
}

/** A page that says what went wrong in it, and reaches nothing but where it is from. */
async function pageOf(browser: Browser, base: string, size = {width: 1280, height: 900}): Promise<Page> {
  const page = await (
    await browser.newContext({viewport: size, offline: base.startsWith("file:")})
  ).newPage();
  const where = (): string => page.url().replace(base, "");
  page.on("request", request => {
    if (!request.url().startsWith(base) && !/^(data|blob|about):/.test(request.url()))
      faults.add(`${where()} asks ${request.url()}`);
  });
  page.on("response", response => {
    if (response.status() >= 400) faults.add(`${where()}: ${response.status()} ${response.url()}`);
  });
  page.on("requestfailed", request => {
    if (request.failure()?.errorText !== "net::ERR_ABORTED")
      faults.add(`${where()}: failed ${request.url()}`);
  });
  page.on("pageerror", error => faults.add(`${where()}: ${error.message}`));
  page.on("console", message => {
    if (message.type() === "error") faults.add(`${where()} says ${message.text()}`);
  });
  return page;
}

async function visit(browser: Browser, base: string): Promise<void> {
  const page = await pageOf(browser, base);
  let [figures, explorables] = [0, 0];
  for (const name of visited) {
    await page.goto(base + name, {waitUntil: "load"});
    // Each figure brings its own script.
    const expected =
      readFileSync(join(folder, name), "utf8").split("window.multiprizeLooked = true").length - 1;
    if (expected > 0)
      await page
        .waitForFunction(
          `document.querySelectorAll(".js-plotly-plot .main-svg").length >= ${expected}`,
          undefined,
          {timeout: 60_000},
        )
        .catch(() => faults.add(`${base}${name}: not all of its ${expected} figures are alive`));
    figures += expected;
    explorables += await explored(page, name);
    const wide = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    if (wide > 1) faults.add(`${name}: ${wide} px wider than 1280`);
  }
  console.log(
    `${base.slice(0, 5)}: ${visited.length} pages visited, ${figures} figures alive, ${explorables} explorables moved`,
  );
  await page.context().close();
}

/** Moves the first knob of every explorable of a page: what it draws must change. */
async function explored(page: Page, name: string): Promise<number> {
  const boxes = page.locator("[data-multiprize-explorable], [data-multiprize-playground]");
  const count = await boxes.count();
  for (let i = 0; i < count; i++) {
    const box = boxes.nth(i);
    const shown = (): Promise<string> =>
      box.evaluate(
        each =>
          each.innerHTML +
          JSON.stringify({...(each as HTMLElement).dataset}) +
          [...each.querySelectorAll("canvas")].map(canvas => canvas.toDataURL()).join(),
      );
    const before = await shown();
    const slider = box.locator("input[type=range]:enabled").first();
    const button = box.locator("button:enabled").first();
    if ((await slider.count()) > 0)
      await slider.evaluate(each => {
        const input = each as HTMLInputElement;
        input.value = input.value === input.max ? input.min : input.max;
        for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, {bubbles: true}));
      });
    else await button.click();
    await page.waitForTimeout(300);
    if ((await shown()) === before) faults.add(`${name}: explorable ${i + 1} does not move`);
  }
  return count;
}

/** TypeDoc's own tree of names has links within what unfolds: that one is left to it. */
async function accessible(browser: Browser): Promise<void> {
  const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  const base = pathToFileURL(`${folder}/`).href;
  for (const size of [
    {width: 1280, height: 900},
    {width: 390, height: 844},
  ]) {
    const page = await pageOf(browser, base, size);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({colorScheme});
      for (const name of kinds) {
        await page.goto(base + name);
        if (name === "explorer.html") await page.waitForSelector("[data-answered]", {timeout: 60_000});
        await page.waitForTimeout(300);
        const shots = process.env.MULTIPRIZE_SHOTS;
        if (shots)
          await page.screenshot({
            path: join(shots, `${name.replace(/\W/g, "-")}-${size.width}-${colorScheme}.png`),
          });
        await page.evaluate(axe);
        const found = (await page.evaluate(`axe.run({preload: false}).then(({violations}) => violations
          .filter(({id, impact}) => (impact === "serious" || impact === "critical") && !(id === "nested-interactive" && ${name.startsWith("api/")}))
          .map(({id, nodes}) => id + " (" + nodes.length + "): " + nodes.slice(0, 3).map(node => node.target).join(", ")))`)) as string[];
        for (const each of found) faults.add(`axe ${name} ${size.width} ${colorScheme}: ${each}`);
        const wide = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
        if (wide > 1) faults.add(`${name}: ${wide} px wider than ${size.width}`);
      }
    }
    await page.context().close();
  }
  console.log(`axe-core: ${kinds.length} pages, light and dark, 1280 and 390 px`);
}

async function firstLoad(browser: Browser, http: string): Promise<void> {
  const page = await pageOf(browser, http);
  const bodies: Promise<Buffer>[] = [];
  page.on("response", response => bodies.push(response.body()));
  await page.goto(`${http}index.html`, {waitUntil: "networkidle"});
  const bytes = (await Promise.all(bodies)).reduce((sum, {length}) => sum + length, 0);
  console.log(
    `front page's first load: ${bodies.length} requests, ${(bytes / 1000).toFixed(0)} kB uncompressed`,
  );
  await page.context().close();
}

main();
