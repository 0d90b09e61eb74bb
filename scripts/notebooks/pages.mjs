// A notebook's exported page: what nbconvert leaves out, and what the notebook says of itself.
import {copyFileSync, existsSync, mkdirSync, readFileSync} from "node:fs";
import {basename, join} from "node:path";
import {paths} from "../setup/facts.mjs";
import {darkTheme} from "./dark.mjs";
import {withFormulas} from "./formulas.mjs";
import {legible} from "./legible.mjs";

const plotly = "plotly.min.js";
const stillLooking = "window.Plotly";

/** nbconvert scrolls a long line of code, which on paper and in a narrow window cuts it off. */
const wrapCode = "<style>.jp-InputArea pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>";

/**
 * What a rendered page lacks to live in `folder`: formulas set, both themes, figures that move, and links. `leads` gives
 * the address of what a link to a notebook or a document of the project names; where it gives none, its text stays.
 */
export function completePage(html, folder, leads = () => undefined) {
  const linked = withFormulas(html).replace(
    /<a href="([^"#:]+\.(?:ipynb|md)(?:#[^"]*)?)"([^>]*)>([\s\S]*?)<\/a>/g,
    (_, href, rest, text) => {
      const to = leads(href);
      return to === undefined ? text : `<a href="${to}"${rest}>${text}</a>`;
    },
  );
  const moving = linked.includes(stillLooking) && existsSync(join(paths.dist, plotly));
  if (moving) {
    mkdirSync(folder, {recursive: true});
    copyFileSync(join(paths.dist, plotly), join(folder, plotly));
  }
  const script = moving ? `<script src="${plotly}"></script>\n` : "";
  return linked.replace("</head>", () => `${wrapCode}\n${darkTheme()}\n${legible()}\n${script}</head>`);
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
