// node --import tsx test/panels/measure.ts: how long a slider's move takes to the running search and back to the page,
// and what a panel costs the search, in turns. Of use on a machine that does nothing else.
import {writeFileSync} from "node:fs";
import {loadavg} from "node:os";
import {join} from "node:path";
import {openChromium} from "../chromium";
import {openLab} from "../lab";
import {LabNotebook} from "../labNotebook";

const spec = 'arch: "digits", width: 0.5, subset: 4000, seed: 0, interimTestImages: 100';
const sources = [
  'import {loadDataset, search, searchPanel, useBackend} from "multiprize"; await useBackend("auto"); const digits = await loadDataset("mnist"); const spec = {SPEC} as const;',
  "await searchPanel({...spec, epochs: 400});",
  `const rates: Record<string, number[]> = {alone: [], panel: []};
const timed = async (name, epochs, task) => { const began = performance.now(); await task(epochs); rates[name].push(63 * epochs / (performance.now() - began) * 1000); };
import {searchSpec} from "multiprize";
for (let i = 0; i < 3; i++) {
  await timed("alone", 12, epochs => search(searchSpec({...spec, epochs: epochs}), digits, {signal: new AbortController().signal}));
  await timed("panel", 12, epochs => searchPanel({...spec, epochs: epochs}));
}
console.log("rates " + JSON.stringify(rates));`,
].map(source => source.replace("{SPEC}", `{${spec}}`));

async function main(): Promise<void> {
  const lab = await openLab(folder => {
    const kernelspec = {name: "tslab", display_name: "TypeScript (multiprize)", language: "typescript"};
    const cells = sources.map((source, i) => ({
      ...{cell_type: "code", id: `cell-${i}`, execution_count: null, metadata: {}, outputs: [], source},
    }));
    const notebook = {cells, metadata: {kernelspec}, nbformat: 4, nbformat_minor: 5};
    writeFileSync(join(folder, "measure.ipynb"), JSON.stringify(notebook));
    return [];
  });
  const browser = await openChromium();
  try {
    const notebook = await LabNotebook.open(browser, lab, "measure.ipynb", {width: 1400, height: 1200});
    const {page} = notebook;
    await notebook.idle();
    await notebook.run(0);
    await notebook.ran(0);
    await notebook.run(1);
    await page.locator('[data-panel="live"] tbody td').first().waitFor({timeout: 60_000});
    const moves = await page.evaluate<{ms: number[]; steps: number[]}>(`(async () => {
      const panel = document.querySelector('[data-panel="live"]');
      const side = panel.querySelector(".multiprize-side");
      const slider = panel.querySelector('[name="learningRate"]');
      const ms = [], steps = [];
      for (let i = 0; i < 50; i++) {
        const place = i % 2 ? -1.5 : -2;
        const value = Number((10 ** place).toPrecision(4));
        const before = Number(side.dataset.step);
        const acts = new Promise(resolve => {
          const watcher = new MutationObserver(() => {
            if (JSON.parse(side.dataset.acts).learningRate !== value) return;
            watcher.disconnect();
            resolve(performance.now());
          });
          watcher.observe(side, {attributes: true});
        });
        const began = performance.now();
        slider.value = String(place);
        slider.dispatchEvent(new Event("input", {bubbles: true}));
        ms.push((await acts) - began);
        steps.push(Number(side.dataset.step) - before);
        await new Promise(resolve => setTimeout(resolve, 150));
      }
      return {ms, steps};
    })()`);
    const sorted = [...moves.ms].sort((a, b) => a - b);
    console.log(
      `moved and seen to act: median ${sorted[25].toFixed(0)} ms, worst of 50 ${sorted.at(-1)!.toFixed(0)} ms; ` +
        `steps between: median ${[...moves.steps].sort((a, b) => a - b)[25]} [load ${loadavg()[0].toFixed(1)}]`,
    );
    await page.getByRole("button", {name: "Stop"}).click();
    await notebook.idle();
    await notebook.run(2);
    const said = page.getByText(/^rates /);
    await said.waitFor({timeout: 280_000});
    console.log(`steps a second: ${await said.innerText()} [load ${loadavg()[0].toFixed(1)}]`);
  } finally {
    await browser.close();
    await lab.close();
  }
}

main();
