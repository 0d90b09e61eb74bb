import assert from "node:assert/strict";
import {copyFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {after, before, test} from "node:test";
import type {Browser, Page} from "playwright-core";
import {lacksChromium, openChromium} from "../chromium";
import {type Lab, lacksLab, openLab} from "../lab";
import {LabNotebook} from "../labNotebook";

const notebooks = join(__dirname, "..", "..", "notebooks");
const skip = lacksChromium || lacksLab;

/** Cells that draw, and cells that take their time before and after. */
const cells = [
  'import {lineFigure, showFigure} from "multiprize";',
  "await new Promise(resolve => setTimeout(resolve, 1500));",
  `await showFigure(lineFigure({title: "A line", x: {title: "x"}, y: {title: "y"}, series: [{name: "a", x: [1, 2], y: [3, 4]}]}))`,
  "await new Promise(resolve => setTimeout(resolve, 3000)); console.log('the last cell has ended')",
];

const published = ["00-quickstart", "11-depth-and-weights-kept", "21-the-gain"];

let lab: Lab | undefined;
let browser: Browser | undefined;

before(async () => {
  if (skip) return;
  lab = await openLab(folder => {
    const kernelspec = {name: "tslab", display_name: "TypeScript (multiprize)", language: "typescript"};
    const code = (source: string): object => ({
      ...{cell_type: "code", execution_count: null, metadata: {}, outputs: [], source},
    });
    const notebook = {cells: cells.map(code), metadata: {kernelspec}, nbformat: 4, nbformat_minor: 4};
    writeFileSync(join(folder, "mine.ipynb"), JSON.stringify(notebook));
    for (const name of published)
      copyFileSync(join(notebooks, `${name}.ipynb`), join(folder, `${name}.ipynb`));
    return published.map(name => `${name}.ipynb`);
  });
  browser = await openChromium();
});

after(async () => {
  await browser?.close();
  await lab?.close();
});

test("under Run All the lab says Busy until the last cell has ended, and the figure lives", {
  skip,
  timeout: 300_000,
}, async () => {
  const notebook = await opened("mine");
  const {page} = notebook;
  await notebook.idle();
  await notebook.command("notebook:run-all-cells");
  const ended = page.getByText("the last cell has ended", {exact: true});
  await page.getByText("TypeScript (multiprize) | Busy").waitFor({timeout: 120_000});
  // Between two cells the line may say Idle for a moment; it must not stay so.
  let [idle, longest] = [0, 0];
  while ((await ended.count()) === 0) {
    const running = (await page.locator(".jp-InputPrompt").allTextContents()).join(" ").includes("*");
    const isIdle = (await page.getByText("TypeScript (multiprize) | Idle").count()) > 0;
    idle = running && isIdle ? idle + 1 : 0;
    longest = Math.max(longest, idle);
    await page.waitForTimeout(100);
  }
  assert.ok(longest < 5, `Idle at ${longest} looks in a row while a cell is at [*]`);
  await page.getByText("TypeScript (multiprize) | Idle").waitFor({timeout: 60_000});
  await page.locator(".js-plotly-plot .gtitle").getByText("A line").waitFor({timeout: 60_000});
  await notebook.close();
});

test("in a fresh session, light or dark, the figures of trusted notebooks live, in an ink that is read and follows the theme", {
  skip,
  timeout: 300_000,
}, async () => {
  let dark = false;
  for (const name of published) {
    const notebook = await opened(name);
    const {page} = notebook;
    assert.equal(await isDark(page), dark);
    await inkIsRead(page, dark);
    dark = !dark;
    await setTheme(notebook, dark);
    await inkIsRead(page, dark);
    await notebook.close();
  }
});

test("the lab's server has Plotly where figures ask for it first, and puts it into the pages that it exports", {
  skip,
  timeout: 120_000,
}, async () => {
  const notebook = new URL(lab!.address("00-quickstart.ipynb"));
  const served = await fetch(new URL("/static/plotly.min.js", notebook));
  assert.equal(served.status, 200);
  const plotly = await served.text();
  notebook.pathname = notebook.pathname.replace("/lab/tree/", "/nbconvert/html/");
  const exported = await fetch(notebook);
  assert.equal(exported.status, 200);
  assert.ok((await exported.text()).includes(plotly.slice(0, 500)));
});

const opened = (name: string): Promise<LabNotebook> =>
  LabNotebook.open(browser!, lab!, `${name}.ipynb`, {width: 1300, height: 900});

const isDark = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>(`document.body.dataset.jpThemeLight === "false"`);

/** The next page opens with it. */
async function setTheme(notebook: LabNotebook, dark: boolean): Promise<void> {
  await notebook.command("apputils:change-theme", {theme: `JupyterLab ${dark ? "Dark" : "Light"}`});
  await notebook.page.waitForFunction(`document.body.dataset.jpThemeLight === "${!dark}"`);
}

/** Waits until the first figure's title is light on dark, or dark on light. */
async function inkIsRead(page: Page, dark: boolean): Promise<void> {
  const title = page.locator(".js-plotly-plot .gtitle").first();
  await title.waitFor({timeout: 120_000});
  const red = (): Promise<number> =>
    title.evaluate(text => Number(getComputedStyle(text).fill.match(/\d+/)![0]));
  const until = Date.now() + 30_000;
  while (dark ? (await red()) <= 180 : (await red()) >= 80) {
    assert.ok(Date.now() < until, `ink ${await red()} on ${dark ? "dark" : "light"}`);
    await page.waitForTimeout(100);
  }
}
