import assert from "node:assert/strict";
import {copyFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {after, before, test} from "node:test";
import type {Browser, Page} from "playwright-core";
import {lacksChromium, openChromium} from "../chromium";
import {type Lab, lacksLab, openLab} from "../lab";

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
  const page = await opened("mine");
  await page.getByText("TypeScript (multiprize) | Idle").waitFor({timeout: 120_000});
  await page.locator(".jp-CodeCell .cm-content").first().click();
  await page.getByText("Run", {exact: true}).first().click();
  await page.getByText("Run All Cells", {exact: true}).first().click();
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
  await page.close();
});

for (const [theme, dark] of [
  ["light", false],
  ["dark", true],
] as const) {
  test(`in a fresh session, ${theme}, the figures of trusted notebooks live, in an ink that is read`, {
    skip,
    timeout: 300_000,
  }, async () => {
    for (const name of published) {
      const page = await opened(name);
      await page.locator(".jp-Notebook").first().waitFor({timeout: 120_000});
      await setTheme(page, dark);
      await trust(page);
      await page.locator(".js-plotly-plot .gtitle").first().waitFor({timeout: 120_000});
      const [red] = await page
        .locator(".js-plotly-plot .gtitle")
        .first()
        .evaluate(text => getComputedStyle(text).fill.match(/\d+/g)!.map(Number));
      assert.ok(dark ? red > 180 : red < 80, `${name}: ink ${red}`);
      await page.close();
    }
  });
}

async function opened(name: string): Promise<Page> {
  const page = await browser!.newPage({viewport: {width: 1300, height: 900}});
  await page.goto(`${lab!.address(`${name}.ipynb`)}&reset`);
  await page.locator(".jp-NotebookPanel").first().waitFor({timeout: 120_000});
  return page;
}

/** By JupyterLab's own command, which its page keeps to itself but for this menu. */
async function setTheme(page: Page, dark: boolean): Promise<void> {
  const now = await page.evaluate(`document.body.dataset.jpThemeLight === "false"`);
  if (now === dark) return;
  await page.getByText("Settings", {exact: true}).first().click();
  await page.getByText("Theme", {exact: true}).first().hover();
  await page
    .getByText(`JupyterLab ${dark ? "Dark" : "Light"}`, {exact: true})
    .first()
    .click();
  await page.waitForFunction(`document.body.dataset.jpThemeLight === "${dark ? "false" : "true"}"`);
}

async function trust(page: Page): Promise<void> {
  // The prompt, not the middle of a cell: there may be a link.
  await page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").first().click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift+C");
  await page.locator("#modal-command-palette input, .lm-CommandPalette-input").first().fill("trust notebook");
  await page.keyboard.press("Enter");
  const confirm = page.locator(".jp-Dialog button.jp-mod-accept");
  await confirm.click({timeout: 5000}).catch(() => {});
}
