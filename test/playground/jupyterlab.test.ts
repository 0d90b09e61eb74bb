import assert from "node:assert/strict";
import {type ChildProcess, spawn} from "node:child_process";
import {once} from "node:events";
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join, relative} from "node:path";
import {createInterface} from "node:readline";
import {after, before, test} from "node:test";
import type {Browser, Page} from "playwright-core";
import {lacksChromium, openChromium} from "../chromium";
import {close, search} from "./expected";

const root = join(__dirname, "..", "..");
const lab = join(root, ".venv", "bin", "jupyter-lab");
const lacking = lacksChromium || (!existsSync(lab) && "NO JUPYTERLAB: set-up made no .venv");

// Inside the project: the kernel finds the package from the notebook's folder upwards.
const places = join(root, "data", "cache");
let folder: string;
let server: ChildProcess;
let browser: Browser;
let page: Page;

before(async () => {
  if (lacking) return;
  mkdirSync(places, {recursive: true});
  folder = mkdtempSync(join(places, "lab-"));
  writeFileSync(join(folder, "widget.ipynb"), JSON.stringify(widgetNotebook()));
  const url = await startLab();
  browser = await openChromium();
  page = await browser.newPage();
  await page.goto(url);
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

test("in JupyterLab the widget appears when its cell is run, and its sliders search as the library does", {
  skip: lacking,
  timeout: 300_000,
}, async () => {
  const cell = page.locator(".jp-CodeCell").first();
  await kernelReady();
  await cell.locator(".cm-content").click();
  await page.keyboard.press("Shift+Enter");
  const widget = page.locator("[data-multiprize-playground]");
  await widget.waitFor({timeout: 60_000});
  const state = async (): Promise<[number, number]> => [
    Number(await widget.getAttribute("data-step")),
    Number(await widget.getAttribute("data-loss")),
  ];
  const steps = async (n: number): Promise<void> => {
    for (let i = 0; i < n; i++) await widget.locator("[name=step]").click();
  };
  await steps(10);
  close(await state(), search({}, 10));
  await slide("keepFraction", 0.2);
  await steps(10);
  close(await state(), search({keepFraction: 0.2}, 10));
  await widget.locator("[name=gain]").selectOption("unit");
  await widget.locator("[name=fan]").selectOption("none");
  await steps(5);
  close(await state(), search({keepFraction: 0.2, gain: "unit", fan: "none"}, 5));
  await slide("learningRate", 0);
  await steps(3);
  const [step] = await state();
  assert.equal(step, 8, "the learning rate is turned while the search goes on");
});

/** Before its kernel answers, running a cell asks which kernel to take. A page that missed the answer is opened anew. */
async function kernelReady(): Promise<void> {
  const ready = page.getByText("TypeScript (multiprize) | Idle");
  const seen = await ready.waitFor({timeout: 60_000}).then(
    () => true,
    () => false,
  );
  if (seen) return;
  await page.reload();
  await ready.waitFor({timeout: 60_000});
}

async function slide(name: string, value: number): Promise<void> {
  await page.locator(`[data-multiprize-playground] [name=${name}]`).fill(String(value));
}

/** The cells of notebook 20 that show the widget, and nothing else. */
function widgetNotebook(): unknown {
  const whole = JSON.parse(readFileSync(join(root, "notebooks", "20-turn-a-knob.ipynb"), "utf8"));
  const shows = ({source}: {source: string[]}): boolean => source.join("").includes("showPlayground(");
  const cells = whole.cells
    .filter((cell: {cell_type: string; source: string[]}) => cell.cell_type === "code" && shows(cell))
    .map((cell: object) => ({...cell, outputs: [], execution_count: null}));
  assert.equal(cells.length, 1, "notebook 20 shows the widget in one cell");
  return {...whole, cells};
}

/** Starts JupyterLab apart from the user's own settings; gives the notebook's address once it answers. */
async function startLab(): Promise<string> {
  const own = Object.fromEntries(
    ["CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"].map(name => [`JUPYTER_${name}`, join(folder, name)]),
  );
  const options = ["--no-browser", "--port=0", "--ip=127.0.0.1", "--allow-root", "--ServerApp.token=test"];
  server = spawn(lab, [...options, `--notebook-dir=${root}`], {
    cwd: root,
    env: {...process.env, ...own, JUPYTER_PREFER_ENV_PATH: "1"},
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: string[] = [];
  for await (const line of createInterface({input: server.stderr as NodeJS.ReadableStream})) {
    said.push(line);
    const port = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
    if (port === undefined) continue;
    // What it says later must still be read, or it would wait for ever.
    server.stderr?.resume();
    return `http://127.0.0.1:${port}/lab/tree/${relative(root, folder)}/widget.ipynb?token=test`;
  }
  throw new Error(`JupyterLab did not start: ${said.slice(-5).join("\n")}`);
}
