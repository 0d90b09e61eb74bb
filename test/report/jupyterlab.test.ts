import assert from "node:assert/strict";
import {type ChildProcess, spawn} from "node:child_process";
import {once} from "node:events";
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {join, relative} from "node:path";
import {createInterface} from "node:readline";
import {after, before, test} from "node:test";
import type {Browser, Page} from "playwright-core";
import {lacksChromium, openChromium} from "../chromium";

const root = join(__dirname, "..", "..");
const lab = join(root, ".venv", "bin", "jupyter-lab");
const skip = lacksChromium || (!existsSync(lab) && "NO JUPYTERLAB: set-up made no .venv");

/** Cells that draw, and cells that take their time before and after. */
const cells = [
  'import {lineFigure, showFigure} from "multiprize";',
  "await new Promise(resolve => setTimeout(resolve, 1500));",
  `await showFigure(lineFigure({title: "A line", x: {title: "x"}, y: {title: "y"}, series: [{name: "a", x: [1, 2], y: [3, 4]}]}))`,
  "await new Promise(resolve => setTimeout(resolve, 3000)); console.log('the last cell has ended')",
];

// Inside the project: the kernel finds the package from the notebook's folder upwards.
let folder: string;
let server: ChildProcess;
let browser: Browser;
let address: string;

before(async () => {
  if (skip) return;
  const places = join(root, "data", "cache");
  mkdirSync(places, {recursive: true});
  folder = mkdtempSync(join(places, "lab-"));
  const kernelspec = {name: "tslab", display_name: "TypeScript (multiprize)", language: "typescript"};
  const code = (source: string): object => ({
    ...{cell_type: "code", execution_count: null, metadata: {}, outputs: [], source},
  });
  const notebook = {cells: cells.map(code), metadata: {kernelspec}, nbformat: 4, nbformat_minor: 4};
  writeFileSync(join(folder, "mine.ipynb"), JSON.stringify(notebook));
  for (const name of ["00-quickstart", "11-depth-and-weights-kept", "21-the-gain"])
    copyFileSync(join(root, "notebooks", `${name}.ipynb`), join(folder, `${name}.ipynb`));
  browser = await openChromium();
  address = await startLab();
});

after(async () => {
  await browser?.close();
  if (server) {
    const ended = once(server, "exit");
    server.kill("SIGTERM");
    await ended;
  }
  if (folder) rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 100});
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
    for (const name of ["00-quickstart", "11-depth-and-weights-kept", "21-the-gain"]) {
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
  const page = await browser.newPage({viewport: {width: 1300, height: 900}});
  await page.goto(`${address}${relative(root, folder)}/${name}.ipynb?token=test&reset`);
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

/** Starts JupyterLab apart from the user's own settings; gives the address of its files once it answers. */
async function startLab(): Promise<string> {
  const own = Object.fromEntries(
    ["CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"].map(name => [`JUPYTER_${name}`, join(folder, name)]),
  );
  const settings = {
    JUPYTERLAB_SETTINGS_DIR: join(folder, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(folder, "spaces"),
  };
  const options = ["--no-browser", "--port=0", "--ip=127.0.0.1", "--allow-root", "--ServerApp.token=test"];
  server = spawn(lab, [...options, `--notebook-dir=${root}`], {
    cwd: root,
    env: {...process.env, ...own, ...settings, JUPYTER_PREFER_ENV_PATH: "1"},
    stdio: ["ignore", "ignore", "pipe"],
  });
  for await (const line of createInterface({input: server.stderr as NodeJS.ReadableStream})) {
    const port = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
    if (port === undefined) continue;
    // What it says later must still be read, or it would wait for ever.
    server.stderr?.resume();
    return `http://127.0.0.1:${port}/lab/tree/`;
  }
  throw new Error("JupyterLab did not start");
}
