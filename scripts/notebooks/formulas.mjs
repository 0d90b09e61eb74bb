// Formulas of an exported page as MathML, which browsers set themselves: no script, no font, no network.
import temml from "temml";

const cellStart = /(?=<div class="jp-Cell jp-(?:Markdown|Code)Cell)/;
/** What a formula never begins in. */
const notText = /(<(?:pre|code|script|style|svg)[\s>][\s\S]*?<\/(?:pre|code|script|style|svg)>)/;
/** $$…$$, or $…$ that begins and ends beside its dollar and is followed by no digit, as in JupyterLab. */
const formula = /\$\$([\s\S]+?)\$\$|(?<![\\$])\$(?=[^\s$])([^$]*?[^\s\\$])\$(?!\d)/g;

/** A page with every formula of its text cells set; what is code or output stays as it is. */
export function withFormulas(html) {
  return html
    .split(cellStart)
    .map(cell => (cell.startsWith('<div class="jp-Cell jp-MarkdownCell') ? setCell(cell) : cell))
    .join("");
}

function setCell(cell) {
  return cell
    .split(notText)
    .map((part, i) =>
      i % 2 === 0 ? part.replace(formula, (_, display, inline) => set(display, inline)) : part,
    )
    .join("");
}

/** A formula of its own line scrolls within it where the page is narrower, as on a phone. */
const ownLine = math => `<span style="display:block;overflow:auto hidden">${math}</span>`;

function set(display, inline) {
  const math = temml.renderToString(fromHtml(display ?? inline), {
    displayMode: display !== undefined,
    throwOnError: true,
    annotate: true,
  });
  return display === undefined ? math : ownLine(math);
}

const entities = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&"};
const fromHtml = text => text.replace(/&(?:lt|gt|quot|#39|amp);/g, entity => entities[entity]);
