import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {promisify} from "node:util";
import {JSDOM} from "jsdom";
import type {Browser, Page} from "playwright-core";
import {lacksChromium, openChromium} from "../chromium";
import {type Lab, lacksLab, openLab} from "../lab";
import {LabNotebook} from "../labNotebook";

const skip = lacksChromium || lacksLab;
const nbconvert = join(__dirname, "..", "..", ".venv", "bin", "jupyter-nbconvert");
const width = 'arch: "digits", width: 0.5, subset: 4000, epochs: 400, seed: 0';

const sources = [
  'import {searchPanel, useBackend} from "multiprize"; await useBackend("auto");',
  `const [one] = await searchPanel({${width}});
console.log(JSON.stringify({moves: one.moves, ended: one.result.interruptedAt, steered: one.result.steered}));`,
  `const two = await searchPanel({${width}}, {against: {gain: "unit"}});`,
  `console.log(two.map(({title, result}) => title + " " + result.interruptedAt).join(", "));`,
  `import {ablationPanel} from "multiprize/experiments";
const places = {results: PLACES + "/results", runs: PLACES + "/runs"};
const setting = {width: 0.25, subset: 256, epochs: 3, interimTestImages: 100};
const found = await ablationPanel("gain", {values: ["unit"], seeds: 40, setting: setting, places: places});
console.log("cells " + found.map(({cell}) => cell.spec.gain + " " + cell.spec.keepFraction).slice(0, 2).join(", "));`,
];

let lab: Lab | undefined;
let browser: Browser | undefined;
let file = "";

before(async () => {
  if (skip) return;
  lab = await openLab(folder => {
    file = join(folder, "panel.ipynb");
    const kernelspec = {name: "tslab", display_name: "TypeScript (multiprize)", language: "typescript"};
    const cells = sources.map((source, i) => ({
      ...{cell_type: "code", id: `cell-${i}`, execution_count: null, metadata: {}, outputs: []},
      source: source.replaceAll("PLACES", JSON.stringify(join(folder, "records"))),
    }));
    writeFileSync(file, JSON.stringify({cells, metadata: {kernelspec}, nbformat: 4, nbformat_minor: 5}));
    return [];
  });
  browser = await openChromium();
});

after(async () => {
  await browser?.close();
  await lab?.close();
});

test("a knob that is turned in the page turns the search while its cell runs; paused, it steps one by one; an interrupt leaves a picture, which is saved, exported, and there when the notebook is opened after its kernel's end; then the cell runs anew", {
  skip,
  timeout: 300_000,
}, async () => {
  const notebook = await started(1);
  const {page} = notebook;
  const panel = page.locator('[data-panel="live"]');
  await panel.waitFor({timeout: 120_000});
  const side = panel.locator(".multiprize-side");
  const step = async (): Promise<number> => Number(await side.getAttribute("data-step"));
  await until(async () => (await step()) > 20);
  await panel.locator("td").first().waitFor();

  await panel.locator('[name="keepFraction"]').fill("0.03");
  await until(async () =>
    /^3\.\d %$/.test(await panel.locator("tbody tr").first().locator("td").nth(1).innerText()),
  );
  assert.match(await notebook.cell(1).locator(".jp-InputPrompt").innerText(), /\*/);
  await panel.getByText("Steered by hand").waitFor();

  await panel.getByRole("button", {name: "Pause"}).click();
  await panel.getByRole("button", {name: "Go on"}).waitFor();
  let held = -1;
  await until(async () => {
    const now = await step();
    const same = now === held;
    held = now;
    await page.waitForTimeout(300);
    return same;
  });
  await panel.getByRole("button", {name: "One step"}).click();
  await until(async () => (await step()) === held + 1);
  await page.waitForTimeout(500);
  assert.equal(await step(), held + 1);
  await panel.locator('[name="gain"]').selectOption("unit");
  await panel.getByRole("button", {name: "Go on"}).click();
  await until(async () => (await step()) > held + 20);
  await shot(page, "steered");

  await notebook.interrupt();
  await notebook.ran(1);
  const said = notebook.cell(1).locator(".jp-OutputArea pre").last();
  const {moves, ended, steered} = JSON.parse(await said.innerText());
  assert.deepEqual(
    moves.map(({name, value}: {name: string; value: unknown}) => [name, value]),
    [
      ["keepFraction", 0.03],
      ["gain", "unit"],
    ],
  );
  assert.ok(moves[1].step === held + 2, "paused before the step that the gain acts from");
  assert.ok(ended > held + 20);
  assert.equal(steered, true);
  await notebook.command("docmanager:save");
  const kinds = (): string => Object.keys(saved()?.cells[1].outputs[0]?.data ?? {}).join(" ");
  await until(async () => kinds() === "image/svg+xml text/html text/plain");
  assert.equal(saved()?.metadata.widgets, undefined);
  await shot(page, "ended");

  const exported = file.replace(/ipynb$/, "html");
  const converted = promisify(execFile)(nbconvert, ["--to", "html", file]);
  await notebook.shutdown();
  await notebook.load(lab!.address("panel.ipynb"));
  const picture = notebook.cell(1).locator(".jp-OutputArea svg").first();
  await picture.waitFor();
  await shot(page, "reopened");
  await notebook.idle();
  await notebook.run(0);
  await notebook.ran(0);
  await notebook.run(1);
  await until(async () => (await step()) > 2);
  assert.equal(await picture.count(), 0);
  await panel.getByRole("button", {name: "Stop"}).click();
  await picture.waitFor();
  await notebook.close();

  await converted;
  const {document} = new JSDOM(readFileSync(exported, "utf8")).window;
  assert.ok(
    document.querySelector('.jp-OutputArea img[src^="data:image/svg+xml"]'),
    "nbconvert's page has it",
  );
  assert.equal(document.querySelector('script[type$="widget-view+json"]'), null);
});

test("two searches go step for step, each with its own knobs; a page loaded anew has them still; Stop ends both, and they are seen as they ended", {
  skip,
  timeout: 300_000,
}, async () => {
  const notebook = await started(2);
  const {page} = notebook;
  const sides = page.locator('[data-panel="live"] .multiprize-side');
  const steps = async (): Promise<number[]> =>
    (await sides.evaluateAll(all => all.map(each => Number(each.dataset.step)))) as number[];
  await until(async () => (await steps()).length === 2 && (await steps()).every(step => step > 10));
  await page.getByRole("button", {name: "Pause"}).click();
  await page.getByRole("button", {name: "Go on"}).waitFor();
  await until(async () => {
    const [a, b] = await steps();
    return a === b;
  });
  await sides.nth(1).locator('[name="keepFraction"]').fill("0.1");
  await page.getByRole("button", {name: "One step"}).click();
  const kept = (i: number): Promise<string> =>
    sides.nth(i).locator("tbody tr").nth(1).locator("td").nth(1).innerText();
  await until(async () => (await kept(1)) === "10.0 %");
  assert.equal(await kept(0), "50.0 %");
  await shot(page, "two");

  // From within the panel too.
  await page.keyboard.press("Control+s");
  const beneath = (): string => JSON.stringify(saved()?.cells[2].outputs ?? []);
  await until(async () => beneath().includes("widget-view"));
  assert.match(beneath(), /run this cell in JupyterLab/, "for pages without widgets");
  await notebook.load(lab!.address("panel.ipynb"));
  await until(async () => (await kept(1).catch(() => "")) === "10.0 %");
  await page.getByRole("button", {name: "Go on"}).click();
  await page.getByRole("button", {name: "Pause"}).waitFor();
  await page.getByRole("button", {name: "Stop"}).click();
  // JupyterLab gives what a cell shows to the page that ran it: this one, loaded since, keeps the panel as it ended.
  const ended = page.locator('[data-panel="ended"]');
  await ended.getByText("It has ended").waitFor();
  assert.equal(await ended.locator('[name="keepFraction"]').first().isDisabled(), true);
  assert.equal(await ended.locator("tbody tr").nth(1).isVisible(), true);
  await shot(page, "ended-anew");
  await notebook.close();
});

test("a kernel's restart is seen: the panel says so, and its controls are off", {
  skip,
  timeout: 300_000,
}, async () => {
  const notebook = await started(1);
  const {page} = notebook;
  await page.locator('[data-panel="live"]').waitFor({timeout: 120_000});
  await notebook.restart();
  const dead = page.locator('[data-panel="dead"]');
  await dead.getByText("The kernel is gone").waitFor({timeout: 120_000});
  assert.equal(await dead.locator('[name="keepFraction"]').isDisabled(), true);
  await notebook.idle();
  assert.equal(await dead.getByText("The kernel is gone").count(), 1);
  await notebook.close();
});

test("an ablation's lines grow; another knob begins in its place, a wrong value is told, and Stop leaves the record set", {
  skip,
  timeout: 300_000,
}, async () => {
  const notebook = await started(4);
  const {page} = notebook;
  const panel = page.locator('[data-panel="live"]');
  const facts = (): Promise<string[]> => panel.locator("tr td:first-child").allInnerTexts();
  await until(async () => (await facts()).join() === "unit");
  await panel.locator('[name="knob"]').selectOption("keepFraction");
  await panel.locator('[name="values"]').fill("3");
  await panel.getByRole("button", {name: "Run these"}).click();
  await panel.getByText("keepFraction must be").waitFor();
  await panel.locator('[name="values"]').fill("0.5, 0.05");
  await panel.getByRole("button", {name: "Run these"}).click();
  await until(async () => (await facts()).join() === "0.5,0.05");
  await until(async () => /±/.test(await panel.locator("tr").nth(1).innerText()));
  await shot(page, "ablation");
  await panel.getByRole("button", {name: "Stop"}).click();
  await notebook.ran(4);
  await page.getByText("cells mean-kept 0.2, mean-kept 0.5").waitFor({timeout: 20_000});
  await shot(page, "ablation-ended");
  await notebook.close();
});

/** The notebook's file; nothing while the server writes it, which it does in place. */
function saved(): {cells: {outputs: {data?: object}[]}[]; metadata: {widgets?: object}} | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** The notebook in a page of its own: its first cell has run, cell `n` runs. */
async function started(n: number): Promise<LabNotebook> {
  const notebook = await LabNotebook.open(browser!, lab!, "panel.ipynb", {width: 1400, height: 1200});
  await notebook.idle();
  await notebook.run(0);
  await notebook.ran(0);
  await notebook.run(n);
  return notebook;
}

async function until(enough: () => Promise<boolean>, ms = 90_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await enough())) {
    assert.ok(Date.now() < end, `in vain for ${ms / 1000} s: ${enough}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env.MULTIPRIZE_SHOTS;
  if (folder) await page.screenshot({path: join(folder, `panel-${name}.png`)});
}
