// Pictures as text: a panel of some 360 pixels' width stands beside others in a wide window and below them on a phone.
import {fontFamily, palette} from "../../report/theme";

/** One picture; `content` is SVG within width × height. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** What it shows, for who does not see it. */
  readonly label: string;
  readonly content: string;
}

export const PANEL_WIDTH = 360;
/** Where the content begins below the title. */
const HEAD = 30;
export const GREY = "#888888";
/** Weights −1 and +1, as in all figures; what is pruned is grey. */
export const MINUS: string = palette[0];
export const PLUS: string = palette[1];

/** The panel as SVG. Lines and letters are in the page's own ink, or in `ink`. */
export function panelSvg({width, height, title, label, content}: Panel, ink?: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height + HEAD}" width="${width}" height="${height + HEAD}" ` +
    `role="img" aria-label="${escaped(label)}" font-family="${fontFamily}" font-size="13" fill="currentColor"${ink ? ` color="${ink}"` : ""}>` +
    `${text(6, 18, title, {weight: 600})}<g transform="translate(0,${HEAD})">${content}</g></svg>`
  );
}

export interface TextOptions {
  readonly anchor?: "start" | "middle" | "end";
  readonly size?: number;
  readonly weight?: number;
  readonly fill?: string;
}

/** A line of text, its baseline at y. */
export function text(x: number, y: number, words: string, options: TextOptions = {}): string {
  const {anchor, size, weight, fill} = options;
  const attributes =
    (anchor ? ` text-anchor="${anchor}"` : "") +
    (size ? ` font-size="${size}"` : "") +
    (weight ? ` font-weight="${weight}"` : "") +
    (fill ? ` fill="${fill}"` : "");
  return `<text x="${round(x)}" y="${round(y)}"${attributes}>${escaped(words)}</text>`;
}

export interface Stroke {
  readonly colour?: string;
  readonly width?: number;
  readonly dash?: string;
  readonly opacity?: number;
}

/** A line through points of the picture. */
export function line(points: readonly (readonly [number, number])[], stroke: Stroke = {}): string {
  const {colour = "currentColor", width = 1.5, dash, opacity} = stroke;
  const d = points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join("");
  return (
    `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"` +
    `${dash ? ` stroke-dasharray="${dash}"` : ""}${opacity === undefined ? "" : ` stroke-opacity="${opacity}"`}/>`
  );
}

export interface Fill {
  readonly fill?: string;
  readonly stroke?: string;
  readonly width?: number;
  readonly opacity?: number;
}

/** A rectangle whose corners may be given in any order. */
export function box(
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  paint: Fill,
): string {
  const [x, y] = [Math.min(x0, x1), Math.min(y0, y1)];
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.abs(x1 - x0))}" height="${round(Math.abs(y1 - y0))}"${painted(paint)}/>`;
}

export function dot(x: number, y: number, radius: number, paint: Fill): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}"${painted(paint)}/>`;
}

function painted({fill = "none", stroke, width = 1.5, opacity}: Fill): string {
  return (
    ` fill="${fill}"${stroke ? ` stroke="${stroke}" stroke-width="${width}"` : ""}` +
    (opacity === undefined ? "" : ` opacity="${opacity}"`)
  );
}

export function round(value: number): number {
  return Math.round(100 * value) / 100;
}

function escaped(words: string): string {
  return words.replace(/[&<>"]/g, letter => `&#${letter.charCodeAt(0)};`);
}
