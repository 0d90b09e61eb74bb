// Notebooks as pages of the site: rendered by `npm run notebooks -- --html`, then given the bar.
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {basename, join} from "node:path";
import {openJupyter} from "../notebooks/jupyter.mjs";
import {aboutOf} from "../notebooks/pages.mjs";
import {root} from "../setup/facts.mjs";
import {bar, barHead, escaped, page} from "./chrome.mjs";
import {leadsFrom, renderMarkdown} from "./markdown.mjs";

const folder = join(root, "notebooks");

/** Pages that answer without a kernel, by what is alive in them. */
const alive = {"20-turn-a-knob": "biprop with sliders, in the page"};

/** Every notebook: name, page, title, claim, the text of its cells. */
export function notebooks() {
  return readdirSync(folder)
    .filter(name => name.endsWith(".ipynb"))
    .sort()
    .map(name => {
      const stem = basename(name, ".ipynb");
      return {stem, path: `notebooks/${stem}.html`, ...aboutOf(join(folder, name))};
    });
}

/** Renders the pages by `atOnce` processes. */
export async function writeNotebooks(out, list, pages, {atOnce = 2} = {}) {
  mkdirSync(join(out, "notebooks"), {recursive: true});
  const waiting = [...list];
  const work = async () => {
    const jupyter = openJupyter();
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const source = join(folder, `${next.stem}.ipynb`);
      const leads = leadsFrom({file: `notebooks/${next.stem}.ipynb`, path: next.path, pages});
      await jupyter.render(source, join(out, "notebooks"), leads);
      const file = join(out, next.path);
      writeFileSync(file, inSite(readFileSync(file, "utf8"), next.path, pages));
    }
    jupyter.close();
  };
  await Promise.all(Array.from({length: atOnce}, work));
  writeFileSync(join(out, "notebooks.html"), overview(list, pages));
}

function inSite(html, path, pages) {
  return html
    .replace("<html>", '<html lang="en">')
    .replaceAll('src="plotly.min.js"', 'src="../plotly.min.js"')
    .replace(
      "</head>",
      () => `<meta name="viewport" content="width=device-width, initial-scale=1">\n${barHead(path)}\n</head>`,
    )
    .replace(/<body[^>]*>/, body => `${body}\n${bar(path, pages)}`);
}

function overview(list, pages) {
  const path = "notebooks.html";
  const items = list.map(({stem, path: to, title, claim}) => {
    const note = alive[stem] ? ` <strong>${alive[stem]}</strong>` : "";
    return `<li><a href="${to}">${escaped(title)}</a> <small>${stem}</small>${note}${claim ? `<br>${escaped(claim)}` : ""}</li>`;
  });
  const guide = readFileSync(join(root, "docs", "notebooks.md"), "utf8");
  const paths = /## Reading path\n([\s\S]*?)\nWords and papers/.exec(guide)?.[1] ?? "";
  const main = `<h1>Notebooks</h1>
<p class="lead">With all outputs, to read here; figures move under the pointer. To change and run them, <a href="docs/set-up.html">set the laboratory up</a>.</p>
<ul class="list">${items.join("\n")}</ul>
<h2>Reading paths</h2>
${renderMarkdown(paths, {file: "docs/notebooks.md", path, pages})}`;
  return page({path, title: "Notebooks · multiprize", main, pages});
}
