// Exported pages that lie beside each other: their links lead to one another, an index names them, and one file of
// Plotly makes the figures of all of them move.
import {copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {basename, join} from "node:path";
import {paths} from "../setup/facts.mjs";
import {escaped} from "../site/chrome.mjs";
import {withFormulas} from "./formulas.mjs";

const plotly = "plotly.min.js";
const stillLooking = "window.Plotly";

/** nbconvert scrolls a long line of code, which on paper and in a narrow window cuts it off. */
const wrapCode = "<style>.jp-InputArea pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>";

/**
 * What a rendered page lacks to live in `folder`. `exported` are the names, without ending, of the pages there; a link
 * to any other notebook or document of the project becomes its text.
 */
export function completePage(html, folder, exported) {
  const linked = withFormulas(html).replace(
    /<a href="([^"#:]+\.(?:ipynb|md))(#[^"]*)?"([^>]*)>([\s\S]*?)<\/a>/g,
    (_, file, place, rest, text) => {
      const name = basename(file, ".ipynb");
      const beside = file === `${name}.ipynb` && exported.includes(name);
      return beside ? `<a href="${name}.html${place ?? ""}"${rest}>${text}</a>` : text;
    },
  );
  const moving = linked.includes(stillLooking) && existsSync(join(paths.dist, plotly));
  if (moving) {
    mkdirSync(folder, {recursive: true});
    copyFileSync(join(paths.dist, plotly), join(folder, plotly));
  }
  const script = moving ? `<script src="${plotly}"></script>\n` : "";
  return linked.replace("</head>", () => `${wrapCode}\n${script}</head>`);
}

/** A line of Markdown without its marks. */
export const plainText = line => line.replace(/[*`$]|\[([^\]]*)\]\([^)]*\)/g, "$1").trim();

/** Title and claim of a notebook, its first heading and the quotation under it, and the text of its cells. */
export function aboutOf(file) {
  const {cells} = JSON.parse(readFileSync(file, "utf8"));
  const texts = cells
    .filter(cell => cell.cell_type === "markdown")
    .map(cell => [cell.source].flat().join(""));
  const line = pattern => pattern.exec(texts[0] ?? "")?.[1];
  const [title, claim] = [line(/^# (.*)$/m), line(/^> (.*)$/m)];
  return {
    title: title === undefined ? basename(file, ".ipynb") : plainText(title),
    claim: claim && plainText(claim),
    texts,
  };
}

/** index.html of the pages in `folder`, out of the notebooks in `notebooks` that they were made of. */
export function writeIndex(folder, notebooks) {
  const items = readdirSync(folder)
    .filter(name => name.endsWith(".html") && existsSync(join(notebooks, `${basename(name, ".html")}.ipynb`)))
    .sort()
    .map(name => {
      const stem = basename(name, ".html");
      const {title, claim} = aboutOf(join(notebooks, `${stem}.ipynb`));
      return `<li><a href="${name}">${escaped(title)}</a> <small>${stem}</small>${claim ? `<br>${escaped(claim)}` : ""}</li>`;
    });
  const style =
    ":root{color-scheme:light dark}body{font:16px/1.5 Helvetica,Arial,sans-serif;max-width:46em;margin:2em auto;padding:0 1em}ul{list-style:none;padding:0}li{margin:0 0 1em}";
  writeFileSync(
    join(folder, "index.html"),
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>multiprize: notebooks</title><style>${style}</style></head>\n<body><h1>multiprize: notebooks</h1>\n<ul>\n${items.join("\n")}\n</ul></body></html>\n`,
  );
}
