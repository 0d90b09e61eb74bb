// What is recorded of every experiment, by the code of `status` and `report`.
import {mkdirSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join} from "node:path";
import {paths} from "../setup/facts.mjs";
import {escaped, page} from "./chrome.mjs";

const require = createRequire(import.meta.url);
const library = name => require(join(paths.dist, "experiments", ...name.split("/")));

/** Every experiment: name, title, and what is recorded of it at each preset that measures. */
export function experimentList() {
  const {experiments} = library("define/experiments.js");
  const {cellsOf, distinct} = library("define/experiment.js");
  const {measuringPresets} = library("define/preset.js");
  const {placesOf} = library("records/places.js");
  const {loadRecords} = library("records/store.js");
  const {recordOfCell} = library("run/state.js");
  const {foundIn} = library("run/findRecords.js");
  const {records} = loadRecords(placesOf(measuringPresets[0]).results);
  return experiments.map(experiment => {
    const states = measuringPresets.map(preset => {
      const cells = distinct(cellsOf(experiment, preset));
      const recorded = cells.filter(cell => recordOfCell(records, cell)).length;
      return {preset, cells: cells.length, recorded, found: foundIn(records, cells)};
    });
    const {name, title, question} = experiment;
    return {experiment, name, title, question, states};
  });
}

export async function writeExperiments(out, list, pages) {
  mkdirSync(join(out, "experiments"), {recursive: true});
  const {reportHtml} = library("show/report.js");
  for (const {experiment, name, title, question, states} of list) {
    const path = `experiments/${name}.html`;
    const parts = [];
    for (const {preset, cells, recorded, found} of states) {
      if (recorded === 0) continue;
      const report = (await reportHtml(experiment, found))
        .replace(/^<h2>.*<\/h2>\n<p>.*<\/p>\n/, "")
        // A page has the figure once for every preset.
        .replaceAll(`figure-${name}`, `figure-${name}-${preset}`)
        .replaceAll("<table", '<div class="wide" tabindex="0" role="region" aria-label="Table"><table')
        .replaceAll("</table>", "</table></div>");
      parts.push(
        `<section class="report"><h2>${preset}: ${recorded} of ${cells} cells</h2>\n${report}</section>`,
      );
    }
    const lacking = states
      .filter(({recorded}) => recorded === 0)
      .map(({preset, cells}) => `${preset} (${cells} cells)`);
    const main = `<h1>${escaped(title)}</h1>
<p class="lead">${escaped(question)}</p>
${parts.join("\n") || "<p>Nothing is recorded yet.</p>"}
${lacking.length > 0 ? `<p>Not run: ${lacking.join(", ")}.</p>` : ""}
<pre tabindex="0"><code>npx multiprize run ${name} --preset laptop</code></pre>`;
    const head = parts.length > 0 ? '<script src="../plotly.min.js"></script>\n' : "";
    writeFileSync(join(out, path), page({path, title: `${title} · multiprize`, main, pages, head}));
  }
  writeFileSync(join(out, "experiments.html"), overview(list, pages));
}

function overview(list, pages) {
  const presets = list[0].states.map(({preset}) => preset);
  const rows = list.map(({name, title, states}) => {
    const cells = states.map(
      ({recorded, cells}) => `<td>${recorded === 0 ? "not run" : `${recorded} of ${cells}`}</td>`,
    );
    return `<tr><th scope="row"><a href="experiments/${name}.html">${escaped(title)}</a></th>${cells.join("")}</tr>`;
  });
  const main = `<h1>Experiments and their state</h1>
<p class="lead">What is recorded of the paper's tables and figures and of our own, in cells: one search each. <code>npx multiprize status</code> says the same.</p>
<div class="wide" tabindex="0" role="region" aria-label="Experiments"><table>
<thead><tr><th scope="col">experiment</th>${presets.map(each => `<th scope="col">${each}</th>`).join("")}</tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div>`;
  return page({path: "experiments.html", title: "Experiments · multiprize", main, pages});
}
