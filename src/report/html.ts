import {readFileSync} from "node:fs";
import {type Figure, figureHash} from "./figure";
import {drawWhenReady} from "./pageScript";
import {plotlyBundlePath} from "./paths";
import {defaultSize} from "./theme";

/** Text as HTML: &, <, > and both quotes written as entities. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);
}

/** The figure's size in CSS pixels: its layout's, or the house default. */
export function figureSize(figure: Figure): {width: number; height: number} {
  const {width, height} = figure.layout as {width?: number; height?: number};
  return {width: width ?? defaultSize.width, height: height ?? defaultSize.height};
}

/** The figure's title as plain text. */
export function figureTitle(figure: Figure): string {
  const {title} = figure.layout as {title?: {text?: string} | string};
  return (typeof title === "string" ? title : title?.text) ?? "figure";
}

/**
 * A figure for a page: a still picture that Plotly, where it can be had without a network, replaces by the
 * interactive figure, in the page's own ink, no wider than its place. Plotly comes from the same page (`plotlyLoaderHtml`, or a script beside
 * an exported page) or from JupyterLab's own server. Without it, and in a notebook not trusted yet, the still picture
 * stays.
 *
 * A figure without data is its title as a paragraph (`…` in it is code): bare axes would say nothing.
 *
 * `id` defaults to a name made of the figure's content; `still` is the SVG from `figureSvg`.
 */
export function figureHtml(figure: Figure, id = `figure-${figureHash(figure)}`, still?: string): string {
  const alt = escapeHtml(figureTitle(figure));
  if (figure.data.length === 0) return `<p>${alt.replace(/`([^`]+)`/g, "<code>$1</code>")}</p>`;
  const {width, height} = figureSize(figure);
  const picture = still
    ? `<img src="${svgDataAddress(still)}" width="${width}" height="${height}" alt="${alt}" style="display:block;max-width:100%;height:auto">`
    : alt;
  const call = `(${drawWhenReady})(${scriptJson(id)},${scriptJson(figure)});`;
  return (
    `<div id="${escapeHtml(id)}" class="figure" style="max-width:${width}px">${picture}</div>\n` +
    `<script>${squeeze(call)}</script>`
  );
}

/** A table in a box of its own, which scrolls where the page is narrower. */
export function scrollingHtml(table: string): string {
  return `<div class="table" tabindex="0">${table}</div>`;
}

/** Plotly itself (4 MB) as one <script>: shown once, it makes every figure of that page interactive anywhere. */
export function plotlyLoaderHtml(): string {
  const source = readFileSync(plotlyBundlePath(), "utf8").replace(/<\/(?=script)/gi, "<\\/");
  // Shadowing define and module keeps a page's module loader from taking the bundle away from window.Plotly.
  return `<script>(function(){var define,module,exports;${source}\n}).call(window);</script>`;
}

const pageStyle = [
  ":root{color-scheme:light dark}",
  "body{font:15px/1.5 Helvetica,Arial,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222;background:#fff;overflow-wrap:break-word}",
  ".figure{margin-bottom:1.5em}.table{overflow-x:auto;margin:1em 0}table{border-collapse:collapse}th,td{padding:.15em .6em;vertical-align:top}thead{border-bottom:1px solid}",
  "dl{display:grid;grid-template-columns:max-content 1fr;gap:.1em 1em}dt{font-weight:bold}dd{margin:0;min-width:0}",
  "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}img{background:#fff}}",
].join("");

/** A whole page that needs nothing beside itself: open it from disk, send it by mail. */
export function pageHtml(title: string, body: string): string {
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
    `<title>${escapeHtml(title)}</title><style>${pageStyle}</style>`,
    `</head><body>\n<h1>${escapeHtml(title)}</h1>\n${body}\n${plotlyLoaderHtml()}\n</body></html>\n`,
  ].join("\n");
}

/** JSON that may stand inside <script>: no "<" can end the element or open a comment. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}

/** An SVG as the address of a picture. */
export function svgDataAddress(svg: string): string {
  return `data:image/svg+xml,${encodeURIComponent(svg).replace(/%(20|3D|3A|2F|2C|3B)/g, c => decodeURIComponent(c))}`;
}

function squeeze(code: string): string {
  return code.replace(/\n\s*/g, "\n");
}
