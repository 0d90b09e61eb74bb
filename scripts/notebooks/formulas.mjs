// Formulas of a page as MathML, which browsers set themselves: no script, no font, no network.
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

/** What of Markdown is code: fenced, indented or within its marks. */
const markdownCode = /(^(`{3,}|~{3,})[\s\S]*?^\2.*$|^(?: {4}|\t).*$|`[^`\n]*`)/gm;
const standsFor = n => `\u{e000}${n}\u{e001}`;

/**
 * HTML of Markdown by `renderText`, with every formula set. Formulas are taken out before it is read, for their
 * underscores and bars are not Markdown's.
 */
export function renderAroundFormulas(text, renderText) {
  const formulas = [];
  const keep = part =>
    part.replace(formula, (_, display, inline) =>
      standsFor(formulas.push(setTex(display ?? inline, display)) - 1),
    );
  let from = 0;
  let rest = "";
  for (const found of text.matchAll(markdownCode)) {
    rest += keep(text.slice(from, found.index)) + found[0];
    from = found.index + found[0].length;
  }
  rest += keep(text.slice(from));
  return renderText(rest).replace(/\u{e000}(\d+)\u{e001}/gu, (_, n) => formulas[n]);
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
const ownLine = math => `<span style="display:block;overflow:auto hidden" tabindex="0">${math}</span>`;

const set = (display, inline) => setTex(fromHtml(display ?? inline), display);

function setTex(tex, display) {
  const math = temml.renderToString(tex, {
    displayMode: display !== undefined,
    throwOnError: true,
    annotate: true,
  });
  return display === undefined ? math : ownLine(math);
}

const entities = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&"};
const fromHtml = text => text.replace(/&(?:lt|gt|quot|#39|amp);/g, entity => entities[entity]);
