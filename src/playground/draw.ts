import {fontFamily, palette} from "../report/theme";
import {HIDDEN, type Playground, surface} from "./playground";
import {CONSTANTS, inputOf, REACH} from "./points";

/** Class 0 and the weights −1 are the first colour, class 1 and +1 the second. */
const [MINUS, PLUS] = palette;
const CELLS = 85;
/** The probability is drawn in so many bands; an even number puts the boundary between two of them. */
const BANDS = 12;
const PLANE = 340;
const RIGHT = {x: 396, width: 504};

export interface DrawOptions {
  /** Losses of the search before this one, drawn in grey. */
  readonly before?: readonly number[];
  /** What text and lines are drawn in; by default the page's own ink. */
  readonly ink?: string;
}

/** Where the plane ends and the masks begin. */
const MIDDLE = 385;

/** The search as a picture of 920 × 420: the plane, the two masks, the loss. Text alone, so it needs no page. */
export function playgroundSvg(playground: Playground, options: DrawOptions = {}): string {
  return framed({x: 0, width: 920}, playground, left(playground) + right(playground, options), options);
}

/** Its halves: beside each other where there is room, one below the other on a phone. */
export function playgroundHalves(playground: Playground, options: DrawOptions = {}): readonly string[] {
  const halves = [
    {x: 0, width: MIDDLE, content: left(playground)},
    {x: MIDDLE, width: 920 - MIDDLE, content: right(playground, options)},
  ];
  return halves.map(({x, width, content}) =>
    framed({x, width}, playground, content, options).replace(
      "<svg ",
      `<svg style="flex:${width} 1 0;min-width:min(320px,100%)" `,
    ),
  );
}

const left = (playground: Playground): string => group(30, 44, plane(playground));
const right = (playground: Playground, {before = []}: DrawOptions): string =>
  group(RIGHT.x, 44, masks(playground)) + group(RIGHT.x, 254, curve(playground.losses, before));

function framed(
  {x, width}: {readonly x: number; readonly width: number},
  {losses, accuracy}: Playground,
  content: string,
  {ink}: DrawOptions,
): string {
  const step = losses.length - 1;
  const label = `biprop after ${step} steps: loss ${losses[step].toFixed(3)}, ${accuracy.toFixed(0)} % of the points right`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${x} 0 ${width} 420" width="${width}" height="420" role="img" aria-label="${label}" ` +
    `font-family="${fontFamily}" font-size="13" fill="currentColor"${ink ? ` color="${ink}"` : ""}>${content}</svg>`
  );
}

function group(x: number, y: number, content: string): string {
  return `<g transform="translate(${x},${y})">${content}</g>`;
}

function heading(text: string, note = ""): string {
  const small = note ? `<tspan font-weight="400" fill-opacity="0.75" dx="8">${note}</tspan>` : "";
  return `<text y="-16" font-weight="600">${text}${small}</text>`;
}

/** What the network answers at each place, in bands from class 0 to class 1, and the points on top. */
function plane(playground: Playground): string {
  const bands = surface(playground, CELLS, REACH).map(p => Math.min(BANDS - 1, Math.floor(p * BANDS)));
  const size = PLANE / CELLS;
  const runs: string[] = [];
  for (let row = 0; row < CELLS; row++) {
    for (let from = 0, to = 0; from < CELLS; from = to) {
      const band = bands[row * CELLS + from];
      while (to < CELLS && bands[row * CELLS + to] === band) to++;
      const at = `x="${round(from * size)}" y="${round(row * size)}"`;
      runs.push(
        `<rect ${at} width="${round((to - from) * size)}" height="${round(size)}" fill="${bandColour(band)}"/>`,
      );
    }
  }
  const {accuracy, losses} = playground;
  return (
    heading("What it answers", `step ${losses.length - 1} · ${accuracy.toFixed(0)} % of the points right`) +
    `<g shape-rendering="crispEdges">${runs.join("")}</g>${points(playground)}` +
    `<rect width="${PLANE}" height="${PLANE}" fill="none" stroke="#888"/>`
  );
}

/** Class 0 as circles, class 1 as squares: the shape tells them apart without the colour. */
function points({toy: {data}}: Playground): string {
  const at = (value: number): number => ((value / REACH + 1) * PLANE) / 2;
  return Array.from(data.labels, (label, i) => {
    const [x, y] = [at(data.inputs[i * data.width]), at(-data.inputs[i * data.width + 1])];
    return label === 0
      ? `<circle cx="${round(x)}" cy="${round(y)}" r="4" fill="${MINUS}" stroke="#fff"/>`
      : `<rect x="${round(x - 3.6)}" y="${round(y - 3.6)}" width="7.2" height="7.2" fill="${PLUS}" stroke="#fff"/>`;
  }).join("");
}

/** Both layers, a column a hidden unit: + and − are kept weights, an empty cell is a pruned one. */
function masks(playground: Playground): string {
  const inputs = inputOf(0, 0).length;
  const cell = {left: 44, width: (RIGHT.width - 44) / HIDDEN, height: 17};
  const rows = ["x", "y", ...CONSTANTS.map(value => (value === 0.5 ? "½" : `${value}`))];
  const outputs = ["class 0", "class 1"];
  const kept = playground.masks.map(mask => mask.reduce((sum, m) => sum + m, 0));
  const gain = playground.weights.map(w => w.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
  const second = inputs * cell.height + 42;
  const name = (text: string, row: number, top: number): string =>
    `<text x="${cell.left - 6}" y="${top + (row + 0.5) * cell.height + 4}" text-anchor="end" font-size="11">${text}</text>`;
  const note = (l: number): string =>
    `${kept[l]} of ${playground.masks[l].length} kept, gain ${gain[l].toPrecision(2)}`;
  const layer = (l: number, top: number, place: (i: number) => [row: number, column: number]): string =>
    Array.from(playground.masks[l], (kept, i) => {
      const [row, column] = place(i);
      const box = {x: cell.left + column * cell.width, y: top + row * cell.height, ...cell};
      const fresh = playground.entered[l].includes(i);
      return weight(box, kept === 1 ? Math.sign(playground.toy.weights[l][i]) : 0, fresh);
    }).join("");
  return (
    heading("First layer", `${note(0)} · framed: just come in`) +
    rows.map((text, row) => name(text, row, 0)).join("") +
    layer(0, 0, i => [Math.floor(i / HIDDEN), i % HIDDEN]) +
    `<g transform="translate(0,${second})">${heading("Second layer", note(1))}</g>` +
    outputs.map((text, row) => name(text, row, second)).join("") +
    layer(1, second, i => [i % 2, Math.floor(i / 2)])
  );
}

function weight(
  {x, y, width, height}: {x: number; y: number; width: number; height: number},
  sign: number,
  fresh: boolean,
): string {
  const fill = sign === 0 ? "rgba(128,128,128,0.16)" : sign > 0 ? PLUS : MINUS;
  const frame = fresh ? ' stroke="currentColor" stroke-width="2"' : "";
  const box = `<rect x="${round(x + 1)}" y="${round(y + 1)}" width="${round(width - 2)}" height="${height - 2}" fill="${fill}"${frame}/>`;
  if (sign === 0) return box;
  const [cx, cy] = [round(x + width / 2), round(y + height / 2)];
  const upright = sign > 0 ? `M${cx} ${round(cy - 3)}v6` : "";
  return `${box}<path d="M${round(cx - 3)} ${cy}h6${upright}" stroke="#fff" stroke-width="1.6"/>`;
}

/** The loss over the steps; the search before, in grey, for comparison. */
function curve(losses: readonly number[], before: readonly number[]): string {
  const box = {left: 44, top: 8, width: RIGHT.width - 44, height: 104};
  const steps = Math.max(100, 1.05 * losses.length, before.length);
  const top = Math.max(0.8, ...losses.slice(0, 1), ...before.slice(0, 1)) * 1.05;
  const at = (loss: number, step: number): string =>
    `${round(box.left + (box.width * step) / steps)},${round(box.top + box.height * (1 - Math.min(loss, top) / top))}`;
  const line = (values: readonly number[], colour: string, width: number): string =>
    `<polyline points="${values.map(at).join(" ")}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
  const chance = round(box.top + box.height * (1 - Math.LN2 / top));
  const last = losses.length - 1;
  const [dotX, dotY] = at(losses[last], last).split(",");
  const axis = `M${box.left} ${box.top}V${box.top + box.height}H${box.left + box.width}`;
  const tick = (x: number | string, y: number, text: string, anchor: string): string =>
    `<text x="${x}" y="${y}" font-size="11" text-anchor="${anchor}">${text}</text>`;
  const bottom = box.top + box.height;
  return (
    heading(
      "Loss",
      `now ${losses[last].toFixed(3)}${before.length > 1 ? " · grey: the search before" : ""}`,
    ) +
    `<path d="M${box.left} ${chance}h${box.width}" stroke="#888" stroke-dasharray="3 4"/>` +
    tick(box.left + box.width, chance - 5, "guessing: ln 2 = 0.693", "end") +
    line(before, "#a6a6a6", 1.6) +
    line(losses, palette[2], 2.2) +
    `<circle cx="${dotX}" cy="${dotY}" r="3.5" fill="${palette[2]}"/><path d="${axis}" fill="none" stroke="#888"/>` +
    tick(box.left - 6, box.top + 8, top.toFixed(1), "end") +
    tick(box.left - 6, bottom + 1, "0", "end") +
    tick(box.left, bottom + 16, "0", "middle") +
    tick(box.left + box.width, bottom + 16, `${Math.round(steps)} steps`, "end")
  );
}

/** From MINUS through white to PLUS, never so dark that a point would be lost on it. */
function bandColour(band: number): string {
  const share = (2 * (band + 0.5)) / BANDS - 1;
  const full = share < 0 ? MINUS : PLUS;
  const mix = (offset: number): string => {
    const value = Number.parseInt(full.slice(offset, offset + 2), 16);
    return Math.round(255 + (value - 255) * 0.62 * Math.abs(share))
      .toString(16)
      .padStart(2, "0");
  };
  return `#${mix(1)}${mix(3)}${mix(5)}`;
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}
