import {lineFigure} from "../report/figure";
import {escapeHtml, figureHtml} from "../report/html";
import {onAnyPaper} from "../report/ink";
import type {Bundle} from "../report/screen";
import {figureSvg} from "../report/static";
import {tableHtml} from "../report/table";
import type {SideState} from "./panelState";

/** What remains of a panel: loss by step as a figure, the layers as a table, and what became of each search in words. */
export async function panelPicture(
  sides: readonly {readonly state: SideState; readonly curve: Float32Array}[],
): Promise<Bundle> {
  const words = sides.map(({state}) => outcomeText(state)).join("\n");
  const drawn = sides.filter(({curve}) => curve.length > 0);
  const tables = sides
    .filter(({state}) => state.layers.length > 0)
    .map(({state}) => `<p>${escapeHtml(state.title)}</p>${tableHtml(layerRows(state))}`);
  const text = words
    .split("\n")
    .map(line => `<p>${escapeHtml(line)}</p>`)
    .join("");
  if (drawn.length === 0) return {"text/html": text, "text/plain": words};
  const series = drawn.map(({state, curve}) => ({
    name: state.title,
    x: every(curve, 0),
    y: every(curve, 1),
    marker: curve.length > 3 ? "none" : "circle",
  }));
  const figure = lineFigure({
    title: "Loss, as the search went",
    x: {title: "step"},
    y: {title: "training loss", scale: "log"},
    series,
  });
  const svg = await figureSvg(onAnyPaper(figure));
  return {
    "text/html": `${figureHtml(figure, undefined, svg)}${text}${tables.join("")}`,
    "image/svg+xml": svg,
    "text/plain": words,
  };
}

function every(curve: Float32Array, at: number): number[] {
  return Array.from({length: curve.length / 3}, (_, i) => curve[3 * i + at]);
}

function outcomeText({title, step, epochs, tests, steered, says}: SideState): string {
  const tested = tests.at(-1);
  const accuracy = tested ? `, test accuracy ${tested[1].toFixed(1)} %` : "";
  const whole = tests.length === epochs ? "all" : `${tests.length}`;
  const hands = steered ? " Steered by hand: no experiment, and no record is kept." : "";
  return `${title}: ${step} steps, ${whole} of ${epochs} epochs${accuracy}.${hands}${says ? ` ${says}` : ""}`;
}

function layerRows({layers}: SideState): Record<string, string | number>[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)}`;
  return layers.map(({name, weights, kept, gain, newSinceStart, r}) => ({
    layer: name,
    weights,
    "kept (%)": percent(kept),
    gain: Number(gain.toPrecision(3)),
    "new since the start (%)": percent(newSinceStart),
    r: r.toExponential(1),
  }));
}
