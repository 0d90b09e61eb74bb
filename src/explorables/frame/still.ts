import {escapeHtml, svgDataAddress} from "../../report/html";
import {neutralInk} from "../../report/ink";
import {type Panel, panelSvg} from "./svg";

const GAP = 20;

/** A still picture as an <img>: code hosts and notebooks not trusted yet take SVG away that stands in the page. */
export function stillImage(svg: string, alt: string): string {
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!;
  return `<img src="${svgDataAddress(svg)}" width="${width}" height="${height}" alt="${escapeHtml(alt)}">`;
}

/** Each picture as an <img>, in an ink that is read on any paper. */
export function stillImages(panels: readonly Panel[]): string {
  return panels.map(each => stillImage(panelSvg(each, neutralInk), each.label)).join("");
}

/** All of them as one SVG, in the same ink. */
export function besideEachOther(panels: readonly Panel[]): string {
  const lefts = panels.map((_, i) => panels.slice(0, i).reduce((sum, {width}) => sum + width + GAP, 0));
  const inner = panels.map((each, i) => panelSvg(each, neutralInk).replace("<svg ", `<svg x="${lefts[i]}" `));
  const width = lefts.at(-1)! + panels.at(-1)!.width;
  const height = Math.max(...inner.map(svg => Number(/ height="(\d+)"/.exec(svg)![1])));
  const label = panels.map(each => each.label).join("; ");
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" aria-label="${escapeHtml(label)}">${inner.join("")}</svg>`
  );
}
