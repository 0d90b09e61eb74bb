import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {test} from "node:test";
import {pathToFileURL} from "node:url";
import {playgroundHtml} from "../../src/playground/show";
import {lacksChromium, openChromium} from "../chromium";
import {close, lastChange, search} from "./expected";

/** Turns the knobs as a reader would and writes down what each search came to, or what went wrong. */
const reader = `
  const found = [];
  const box = document.querySelector("[data-multiprize-playground]");
  const control = name => box.querySelector("[name=" + name + "]");
  const steps = n => { for (let i = 0; i < n; i++) control("step").click(); };
  const turn = (name, value) => {
    control(name).value = value;
    control(name).dispatchEvent(new Event(control(name).type === "range" ? "input" : "change"));
  };
  const note = () => found.push([Number(box.dataset.step), Number(box.dataset.loss)]);
  const tell = () => { window.answer = found; };
  onerror = message => { found.push(message); tell(); };
  addEventListener("load", () => {
    steps(10); note();
    found.push([Number(box.dataset.promised), Number(box.dataset.came), box.querySelectorAll(".multiprize-panels svg").length]);
    turn("keepFraction", 0.2); steps(10); note();
    turn("gain", "unit"); turn("gainFactor", 0.3); steps(10); note();
    turn("fan", "none"); turn("points", "spiral"); steps(10); note();
    turn("learningRate", 0); steps(10); note();
    control("reset").click(); note();
    control("play").click();
    setTimeout(() => { control("play").click(); found.push(Number(box.dataset.step) > 1 ? "played" : "stood"); tell(); }, 400);
  });`;

/** As JupyterLab puts an output into its page: as markup first, then each script made anew. */
const asJupyterLab = (html: string): string => `<script>
  const output = document.createElement("div");
  output.innerHTML = ${JSON.stringify(html).replace(/</g, "\\u003c")};
  document.body.append(output);
  for (const old of output.querySelectorAll("script")) {
    const script = document.createElement("script");
    script.textContent = old.textContent;
    old.replaceWith(script);
  }</script>`;

for (const [name, body] of [
  ["an exported page", (html: string) => html],
  ["JupyterLab's way of showing an output", asJupyterLab],
] as const) {
  test(`opened from disk in Chromium, ${name} searches as the library does`, {
    skip: lacksChromium,
    timeout: 120_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "multiprize-page-"));
    const browser = await openChromium();
    try {
      const file = join(folder, "page.html");
      writeFileSync(
        file,
        `<!doctype html><meta charset="utf-8"><body>${body(playgroundHtml())}<script>${reader}</script></body>`,
      );
      const context = await browser.newContext({offline: true});
      const page = await context.newPage();
      await page.goto(pathToFileURL(file).href);
      const answer = await page.waitForFunction("window.answer", undefined, {timeout: 60_000});
      const [a, change, b, c, d, rate, again, played] = (await answer.jsonValue()) as number[][] as [
        number,
        number,
        number?,
      ][];
      const turned = {keepFraction: 0.2, gain: "unit", gainFactor: 10 ** 0.3} as const;
      close(a, search({}, 10));
      const {promised, came} = lastChange(10);
      assert.ok(Math.abs(change[0] - promised) < 1e-9 && Math.abs(change[1] - came) < 1e-9, `${change}`);
      assert.equal(change[2], 2, "the scores, and promise against fact");
      close(b, search({keepFraction: 0.2}, 10));
      close(c, search(turned, 10));
      const last = {...turned, fan: "none", points: "spiral"} as const;
      close(d, search(last, 10));
      assert.equal(rate[0], 20, "the learning rate is turned while the search goes on");
      close(again, search(last, 0));
      assert.equal(played, "played");
    } finally {
      await browser.close();
      rmSync(folder, {recursive: true, force: true});
    }
  });
}
