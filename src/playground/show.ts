import {readFileSync} from "node:fs";
import {join} from "node:path";
import {UserError} from "../core/errors";
import {svgDataAddress} from "../report/html";
import {neutralInk} from "../report/ink";
import {currentScreen} from "../report/screen";
import {root} from "../system/root";
import {playgroundSvg} from "./draw";
import {defaultSettings, startPlayground, stepPlayground} from "./playground";

const STILL_STEPS = 300;
const bundle = join(root, "dist", "playground", "page.mjs");

/**
 * biprop itself, to be played with, as HTML that needs no kernel, no network and no other file: a search on points of
 * the plane, with sliders. Where scripts do not run (a code host, a notebook not trusted yet) a still picture stays.
 */
export function playgroundHtml(): string {
  const still = `<img src="${svgDataAddress(playgroundStill())}" width="920" height="420" alt="biprop on points of the plane, after ${STILL_STEPS} steps">`;
  const script = readBundle().replace(/<\/(?=script)/gi, "<\\/");
  return `<style>${style}</style>\n<div class="multiprize-playground" data-multiprize-playground>${still}</div>\n<script>${script}</script>`;
}

/** The picture after 300 steps with the settings that the page begins with. */
export function playgroundStill(): string {
  const playground = startPlayground(defaultSettings);
  for (let step = 0; step < STILL_STEPS; step++) stepPlayground(playground);
  return playgroundSvg(playground, {ink: neutralInk});
}

/** Shows it under the cell; a terminal is told where it can be seen. */
export function showPlayground(): void {
  const screen = currentScreen();
  const plain = "[biprop in the page: open this in a notebook]";
  if (screen.kind === "terminal") screen.show({"text/plain": plain});
  else screen.show({"text/html": playgroundHtml(), "image/svg+xml": playgroundStill(), "text/plain": plain});
}

function readBundle(): string {
  try {
    return readFileSync(bundle, "utf8");
  } catch {
    throw new UserError("dist/playground/page.mjs is missing: run `npm run setup` to make it");
  }
}

const style = `
.multiprize-playground{max-width:920px;font:14px/1.4 Helvetica,Arial,sans-serif;padding:8px;box-sizing:border-box}
.multiprize-playground svg,.multiprize-playground img{width:100%;height:auto;display:block}
.multiprize-controls>div{display:flex;flex-wrap:wrap;gap:6px 14px;align-items:center;margin:4px 0 8px}
.multiprize-controls label{display:inline-flex;align-items:center;gap:6px;white-space:nowrap}
.multiprize-controls label output{min-width:3.2em;font-variant-numeric:tabular-nums}
.multiprize-controls input[type=range]{width:150px;accent-color:#0072B2}
.multiprize-controls button,.multiprize-controls select{font:inherit;color:inherit;background:transparent;border:1px solid #767676;border-radius:4px;padding:3px 10px}
.multiprize-controls button[name=play]{background:#0072B2;border-color:#0072B2;color:#fff;min-width:6.5em}
.multiprize-controls option{color:#222;background:#fff}
.multiprize-controls :focus-visible{outline:2px solid #D55E00;outline-offset:1px}
.multiprize-message{color:#D55E00}
`.trim();
