import {readFileSync} from "node:fs";
import type {DOMWindow} from "jsdom";
import {cellPainter, cellPicture} from "./canvas";
import type {Figure} from "./figure";
import {type Box, textBox} from "./svgBox";

/** A page without a screen in which Plotly runs. */
export interface PlotlyPage {
  window: DOMWindow;
  plotly: {
    newPlot(element: Element, data: object[], layout: object, config: object): Promise<void>;
    toImage(element: Element, options: object): Promise<string>;
    purge(element: Element): void;
  };
  /** Begins the page's Math.random again at a seed: Plotly names clip paths by it. */
  seed(value: number): void;
}

let page: Promise<PlotlyPage> | undefined;

/** The one page of this process, made on first use (about a second: Plotly is 9 MB of code). */
export function plotlyPage(): Promise<PlotlyPage> {
  page ??= makePage();
  return page;
}

async function makePage(): Promise<PlotlyPage> {
  const {JSDOM, VirtualConsole} = await import("jsdom");
  const {window} = new JSDOM("<!doctype html><body></body>", {
    runScripts: "outside-only",
    pretendToBeVisual: true,
    virtualConsole: new VirtualConsole(),
  });
  addWhatJsdomLacks(window);
  let state = 0;
  window.Math.random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  window.eval(readFileSync(require.resolve("plotly.js-dist/plotly.js"), "utf8"));
  return {
    window,
    plotly: window.Plotly,
    seed: value => {
      state = value >>> 0;
    },
  };
}

/** jsdom has no layout, canvas or object addresses; Plotly asks for each while it loads, measures or paints. */
function addWhatJsdomLacks(window: DOMWindow): void {
  Object.assign(window, {TextDecoder, TextEncoder});
  Object.assign(window.URL, {createObjectURL: () => "blob:none", revokeObjectURL: () => {}});
  Object.assign(window.HTMLCanvasElement.prototype, {getContext: cellPainter, toDataURL: cellPicture});
  Object.assign(window.SVGElement.prototype, {
    getBBox(this: Element) {
      return rectangle(textBox(this));
    },
    getBoundingClientRect(this: Element) {
      return rectangle(textBox(this, window.document.body));
    },
    getComputedTextLength(this: Element) {
      return rectangle(textBox(this)).width;
    },
  });
}

function rectangle(box: Box = {left: 0, top: 0, right: 0, bottom: 0}): Box & Record<string, number> {
  return {...box, x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top};
}

/** Plotly's own SVG text of a figure, whose generated names depend on nothing but `seed`. */
export async function drawSvg(
  figure: Figure,
  size: {width: number; height: number},
  seed: number,
): Promise<string> {
  const {window, plotly, seed: reseed} = await plotlyPage();
  const element = window.document.createElement("div");
  window.document.body.appendChild(element);
  try {
    reseed(seed);
    // Plotly writes into what it is given.
    const {data, layout}: Figure = JSON.parse(JSON.stringify(figure));
    await plotly.newPlot(element, data, {...layout, ...size}, {staticPlot: true});
    const address = await plotly.toImage(element, {format: "svg", ...size});
    return decodeURIComponent(address.replace(/^data:image\/svg\+xml,/, ""));
  } finally {
    plotly.purge(element);
    element.remove();
  }
}
