import assert from "node:assert/strict";
import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {after, before, test} from "node:test";
import type {Browser} from "playwright-core";
import {lacksChromium, openChromium} from "../chromium";
import {type Lab, lacksLab, openLab} from "../lab";
import {LabNotebook} from "../labNotebook";
import {close, search} from "./expected";

const skip = lacksChromium || lacksLab;

let lab: Lab | undefined;
let browser: Browser | undefined;

before(async () => {
  if (skip) return;
  lab = await openLab(folder => {
    writeFileSync(join(folder, "widget.ipynb"), JSON.stringify(widgetNotebook()));
    return [];
  });
  browser = await openChromium();
});

after(async () => {
  await browser?.close();
  await lab?.close();
});

test("in JupyterLab the widget appears when its cell is run, and its sliders search as the library does", {
  skip,
  timeout: 300_000,
}, async () => {
  const notebook = await LabNotebook.open(browser!, lab!, "widget.ipynb", {width: 1280, height: 900});
  const {page} = notebook;
  await notebook.idle();
  await notebook.run(0);
  const widget = page.locator("[data-multiprize-playground]");
  await widget.waitFor({timeout: 60_000});
  const state = async (): Promise<[number, number]> => [
    Number(await widget.getAttribute("data-step")),
    Number(await widget.getAttribute("data-loss")),
  ];
  const steps = async (n: number): Promise<void> => {
    for (let i = 0; i < n; i++) await widget.locator("[name=step]").click();
  };
  const slide = (name: string, value: number): Promise<void> =>
    widget.locator(`[name=${name}]`).fill(String(value));
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
  const rate = widget.locator("[name=learningRate]");
  await rate.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.equal(
    Number(await rate.inputValue()),
    2 * Number(await rate.getAttribute("step")),
    "keys reach the slider",
  );
  assert.ok(await rate.evaluate(slider => slider === document.activeElement), "and the focus stays");
  const saved = page.waitForResponse(
    response => response.request().method() === "PUT" && response.url().includes("/api/contents/"),
  );
  await page.keyboard.press("Control+s");
  assert.ok((await saved).ok(), "with Ctrl a key is the notebook's");
  await rate.focus();
  await page.keyboard.press("ArrowRight");
  const inSteps = Number(await rate.inputValue()) / Number(await rate.getAttribute("step"));
  assert.equal(Math.round(inSteps), 3, "and afterwards keys reach the slider");
});

/** The cells of notebook 20 that show the widget, and nothing else. */
function widgetNotebook(): unknown {
  const whole = JSON.parse(
    readFileSync(join(__dirname, "..", "..", "notebooks", "20-turn-a-knob.ipynb"), "utf8"),
  );
  const shows = ({source}: {source: string[]}): boolean => source.join("").includes("showPlayground(");
  const cells = whole.cells
    .filter((cell: {cell_type: string; source: string[]}) => cell.cell_type === "code" && shows(cell))
    .map((cell: object) => ({...cell, outputs: [], execution_count: null}));
  assert.equal(cells.length, 1, "notebook 20 shows the widget in one cell");
  return {...whole, cells};
}
