import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {pathToFileURL} from "node:url";
import {promisify} from "node:util";
import type {Browser, Page} from "playwright-core";
import {lacksChromium, openChromium} from "../chromium";

const root = join(__dirname, "..", "..");
const jupyter = join(root, ".venv", "bin", "jupyter");
const skip = lacksChromium || (!existsSync(jupyter) && "NO .venv: the set-up says why");
const run = promisify(execFile);
let browser: Browser;
let folder: string;

before(async () => {
  if (skip) return;
  browser = await openChromium();
  folder = mkdtempSync(join(tmpdir(), "multiprize-exported-"));
  const script = join(root, "scripts", "notebooks.mjs");
  await run(process.execPath, [script, "--html", folder, "00", "01", "21"], {cwd: root});
});

after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, {recursive: true, force: true});
});

test("exported pages have living figures, from disk, with nothing that fails to load", {
  skip,
  timeout: 120_000,
}, async () => {
  await assertAlive(pathToFileURL(join(folder, "00-quickstart.html")).href, 3);
});

test("… and over http, from another folder and under another path", {skip, timeout: 120_000}, async () => {
  await served(folder, "/some/where/", async address => assertAlive(`${address}21-the-gain.html`, 5));
});

test("an exported page's explorable moves, from disk and without a network", {
  skip,
  timeout: 60_000,
}, async () => {
  const context = await browser.newContext({offline: true});
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(folder, "01-what-is-a-ticket.html")).href);
  const gain = page.locator('[data-multiprize-explorable="gain"]');
  await gain.locator("[name=mean]").click();
  // The bottom of the parabola by hand: (8.4375 − 4 · 0.875²) / 8.4375.
  assert.equal(await gain.getAttribute("data-gain"), "0.875");
  assert.equal(Number(await gain.getAttribute("data-lost")).toFixed(12), (5.375 / 8.4375).toFixed(12));
  await context.close();
});

test("links lead from page to page where both are exported, the index to each", {
  skip,
  timeout: 60_000,
}, async () => {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(join(folder, "index.html")).href);
  const names = ["00-quickstart", "01-what-is-a-ticket", "21-the-gain"];
  const links = await page.locator(".list a").evaluateAll(all => all.map(a => a.getAttribute("href")));
  assert.deepEqual(
    links,
    names.map(name => `${name}.html`),
  );
  await page.locator(".list a").first().click();
  await page.locator('a[href="01-what-is-a-ticket.html"]').first().click();
  assert.match(page.url(), /01-what-is-a-ticket\.html$/);
  for (const name of names)
    assert.doesNotMatch(
      readFileSync(join(folder, `${name}.html`), "utf8"),
      /<a href="[^":]*\.(ipynb|md)[#"]/,
    );
  await page.close();
});

test("every internal link of every exported page leads somewhere: to a notebook that is there, or to a document's page", {
  skip,
}, async () => {
  const {brokenLinks} = (await import("../../scripts/site/links.mjs" as string)) as {
    brokenLinks: (folder: string) => string[];
  };
  assert.deepEqual(brokenLinks(folder), []);
  const read = (...path: string[]): string => readFileSync(join(folder, ...path), "utf8");
  assert.match(read("21-the-gain.html"), /<a href="docs\/glossary\.html"[^>]*>glossary and sources<\/a>/);
  assert.match(read("docs", "notebooks.html"), /<a href="\.\.\/21-the-gain\.html"><code>21-the-gain/);
  assert.doesNotMatch(read("docs", "notebooks.html"), /22-scores-and-their-gradient\.html/);
  const notation = read("docs", "notation.html");
  assert.ok(notation.match(/<math/g)!.length > 90, "its formulas are set");
  assert.doesNotMatch(notation, /\$\\|[\u{e000}\u{e001}]/u);
});

test("an exported page is light or dark as the reader's system is, and on paper light", {
  skip,
  timeout: 60_000,
}, async () => {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(join(folder, "01-what-is-a-ticket.html")).href);
  /** Of the first paragraph: its ink, or the first paper behind it that lets nothing through; 0 to 255. */
  const brightness = async (of: "color" | "background-color"): Promise<number> => {
    const colours = await page.evaluate(
      `(() => { const all = []; for (let at = document.querySelectorAll("p")[1]; at; at = at.parentElement)
        all.push(getComputedStyle(at).getPropertyValue("${of}")); return all; })()`,
    );
    const colour = (colours as string[]).find(each => each !== "rgba(0, 0, 0, 0)") ?? "rgb(255, 255, 255)";
    const [red, green, blue] = colour.match(/\d+/g)!.map(Number);
    return (red + green + blue) / 3;
  };
  for (const [media, scheme, dark] of [
    ["screen", "light", false],
    ["screen", "dark", true],
    ["print", "dark", false],
  ] as const) {
    await page.emulateMedia({media, colorScheme: scheme});
    const [ink, paper] = [await brightness("color"), await brightness("background-color")];
    assert.equal(paper < 60, dark, `${media}, ${scheme}: paper ${paper}`);
    assert.ok(Math.abs(ink - paper) > 150, `${media}, ${scheme}: ink ${ink} on ${paper}`);
  }
  await page.close();
});

test("a page that nbconvert makes by itself holds Plotly, and lives alone in a folder", {
  skip,
  timeout: 120_000,
}, async () => {
  const alone = mkdtempSync(join(tmpdir(), "multiprize-alone-"));
  try {
    copyFileSync(join(root, "notebooks", "00-quickstart.ipynb"), join(alone, "mine.ipynb"));
    await run(jupyter, ["nbconvert", "--log-level=ERROR", "--to", "html", "mine.ipynb"], {cwd: alone});
    rmSync(join(alone, "mine.ipynb"));
    assert.deepEqual(readdirSync(alone), ["mine.html"]);
    await assertAlive(pathToFileURL(join(alone, "mine.html")).href, 3, {online: true});
  } finally {
    rmSync(alone, {recursive: true});
  }
});

test("figures take the ink of the page: light on dark, dark on light, again when the theme turns", {
  skip,
  timeout: 60_000,
}, async () => {
  const file = join(folder, "dark.html");
  const dark = readFileSync(join(folder, "21-the-gain.html"), "utf8").replace(
    "</head>",
    "<style>body.night, body.night .jp-RenderedHTMLCommon {color: rgb(240, 240, 240); background: rgb(17, 17, 17)}</style></head>",
  );
  writeFileSync(file, dark.replace("<body", '<body data-turned="no"'));
  const page = await browser.newPage();
  await page.goto(pathToFileURL(file).href);
  const title = page.locator(".js-plotly-plot .gtitle").first();
  await title.waitFor();
  const ink = (): Promise<string> => title.evaluate(text => getComputedStyle(text).fill);
  const before = await ink();
  const [red] = before.match(/\d+/g)!.map(Number);
  assert.ok(red < 70, before);
  await page.evaluate(`document.body.classList.add("night")`);
  await page.waitForFunction(
    `getComputedStyle(document.querySelector(".js-plotly-plot .gtitle")).fill === "rgb(240, 240, 240)"`,
  );
  const paper = await page.evaluate(
    `getComputedStyle(document.querySelector(".js-plotly-plot .main-svg")).backgroundColor`,
  );
  assert.match(String(paper), /^rgba\(0, 0, 0, 0\)$/);
  await page.close();
});

test("the pointer on a mask says filter, row, column and sign", {skip, timeout: 60_000}, async () => {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(join(folder, "00-quickstart.html")).href);
  await page.locator(".js-plotly-plot").nth(2).waitFor();
  const mask = page.locator(".js-plotly-plot").filter({hasText: "32 filters"});
  const said = new Set<string>();
  await mask.scrollIntoViewIfNeeded();
  const box = await mask.locator(".nsewdrag").first().boundingBox();
  assert.ok(box);
  for (const share of [0.02, 0.2, 0.35, 0.5, 0.65, 0.8, 0.97]) {
    await page.mouse.move(box.x + share * box.width, box.y + share * box.height, {steps: 3});
    await page.waitForTimeout(150);
    for (const text of await page.locator(".hoverlayer .hovertext").allTextContents()) said.add(text);
  }
  assert.ok(said.size >= 3, [...said].join("; "));
  for (const text of said) assert.match(text, /^filter \d+, row [123], column [123]: (-1|0|1)$/);
  await page.close();
});

/** All figures are Plotly's, one answers the pointer, and nothing failed to load. */
async function assertAlive(address: string, figures: number, {online = false} = {}): Promise<void> {
  const page = await browser.newPage();
  const failed: string[] = [];
  page.on("requestfailed", request => failed.push(request.url()));
  page.on("response", response => response.status() >= 400 && failed.push(response.url()));
  await page.goto(address);
  await page
    .locator(".js-plotly-plot")
    .nth(figures - 1)
    .waitFor({timeout: 60_000});
  await hover(page);
  // nbconvert itself asks a network for its formulas' script.
  if (!online) assert.deepEqual(failed, []);
  await page.close();
}

/** Moves over a figure's points until one says what it is. */
async function hover(page: Page): Promise<void> {
  const figure = page.locator(".js-plotly-plot:has(.scatterlayer path)").first();
  await figure.scrollIntoViewIfNeeded();
  const box = await figure.locator(".nsewdrag").first().boundingBox();
  assert.ok(box);
  for (let share = 0.02; share < 1; share += 0.04) {
    for (const height of [0.2, 0.5, 0.8]) {
      await page.mouse.move(box.x + share * box.width, box.y + height * box.height, {steps: 2});
      await page.waitForTimeout(40);
      if ((await page.locator(".hoverlayer .hovertext").count()) > 0) return;
    }
  }
  assert.fail("no point of the figure answers the pointer");
}

async function served(files: string, path: string, task: (address: string) => Promise<void>): Promise<void> {
  const server: Server = createServer((request, response) => {
    const name = request.url?.startsWith(path) ? request.url.slice(path.length) : "";
    const known = readdirSync(files).includes(name);
    const type = name.endsWith(".js") ? "text/javascript" : "text/html";
    response.writeHead(known ? 200 : request.url === "/favicon.ico" ? 204 : 404, {"Content-Type": type});
    response.end(known ? readFileSync(join(files, name)) : undefined);
  });
  await new Promise<void>(resolve => void server.listen(0, "127.0.0.1", resolve));
  try {
    await task(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  } finally {
    server.close();
  }
}
