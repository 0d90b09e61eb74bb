import {palette} from "../report/theme";
import type {Explorable, Slider, View} from "./frame/explorable";
import {plane} from "./frame/plane";
import {box, dot, GREY, line, type Panel, text} from "./frame/svg";
import {START_SCORES, type SwapState, swapStep} from "./swapStep";

const cases: Readonly<Record<string, SwapState>> = {
  "all conditions hold": {sizes: [1, 1], effects: [-0.5, -1], rate: 0.25, oldSlope: 0},
  "unequal |W|": {sizes: [0.1, 1], effects: [-1, -0.8], rate: 0.25, oldSlope: 0},
  "a score crosses zero": {sizes: [1, 1], effects: [0, 1], rate: 1, oldSlope: 0},
  momentum: {sizes: [1, 1], effects: [-0.5, -0.25], rate: 0.25, oldSlope: -1.2},
};
const OWN = "your own";
const REACH = 1.5;
const [GOOD, BAD] = [palette[2], palette[1]];

/** The swap of notebook 08: when the scores' order is the loss's, and three ways in which it is not. */
export const swapExplorable: Explorable<SwapState> = {
  name: "swap",
  title: "A swap, and its three failures",
  caption:
    "Try: go through the four cases. Weight i is kept, weight j is not; the map shows for every pair of h whether this step swaps them, and whether that lowers the loss. While all conditions hold there is no orange: that is the theorem. " +
    "Each failure brings orange in: make |W_i| and |W_j| unequal, take η so large that a score crosses zero, or give j an old slope that momentum remembers.",
  start: cases["all conditions hold"],
  controls: [
    {
      kind: "choice",
      name: "case",
      label: "case",
      options: [...Object.keys(cases), OWN],
      value: state => Object.keys(cases).find(name => same(cases[name], state)) ?? OWN,
      set: (state, name) => cases[name] ?? state,
    },
    pairSlider("sizes", 0, "sizeI", "|W_i|"),
    pairSlider("sizes", 1, "sizeJ", "|W_j|"),
    pairSlider("effects", 0, "effectI", "h_i"),
    pairSlider("effects", 1, "effectJ", "h_j"),
    slider(
      "rate",
      "η",
      [0.05, 1],
      ({rate}) => rate,
      rate => ({rate}),
    ),
    slider(
      "oldSlope",
      "old slope of j",
      [-1.5, 1.5],
      ({oldSlope}) => oldSlope,
      oldSlope => ({oldSlope}),
    ),
  ],
  view,
};

function slider(
  name: string,
  label: string,
  [min, max]: readonly [number, number],
  value: (state: SwapState) => number,
  moved: (value: number, state: SwapState) => Partial<SwapState>,
): Slider<SwapState> {
  const set = (state: SwapState, to: number): SwapState => ({...state, ...moved(to, state)});
  return {kind: "slider", name, label, min, max, step: 0.05, value, set};
}

function pairSlider(pair: "sizes" | "effects", at: 0 | 1, name: string, label: string): Slider<SwapState> {
  return slider(
    name,
    label,
    pair === "sizes" ? [0.1, 2] : [-REACH, REACH],
    state => state[pair][at],
    (value, {[pair]: [i, j]}) => ({[pair]: at === 0 ? [value, j] : [i, value]}),
  );
}

function same(a: SwapState, b: SwapState): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Squares of the map a side. */
const CELLS = 61;
/** Middles of the squares: −1.5 … 1.5. */
const middle = (i: number): number => REACH * ((2 * i + 1) / CELLS - 1);

type Outcome = "none" | "lowers" | "raises";

/** What the step does for each pair (h_i, h_j), row by row from the lowest h_j. */
export function outcomes(state: SwapState): Outcome[] {
  return Array.from({length: CELLS * CELLS}, (_, cell) => {
    const effects = [middle(cell % CELLS), middle(Math.floor(cell / CELLS))] as const;
    const {swapped, change} = swapStep({...state, effects});
    return !swapped ? "none" : change > 1e-9 ? "raises" : "lowers";
  });
}

function view(state: SwapState): View {
  const {scores, swapped, crossed, change} = swapStep(state);
  const map = outcomes(state);
  const raises = map.filter(each => each === "raises").length / map.length;
  const [h0, h1] = state.effects;
  const signed = (value: number): string => value.toFixed(2).replace("-", "−");
  return {
    panels: [scoresPanel(scores, swapped), mapPanel(state, map)],
    numbers: [
      {name: "swapped", label: "swap:", value: swapped ? "yes" : "no"},
      {name: "crossed", label: "a score crosses zero:", value: crossed ? "yes" : "no"},
      {
        name: "scoreI",
        label: "|s_i| after:",
        value: Math.abs(scores[0]),
        text: Math.abs(scores[0]).toFixed(3),
      },
      {
        name: "scoreJ",
        label: "|s_j| after:",
        value: Math.abs(scores[1]),
        text: Math.abs(scores[1]).toFixed(3),
      },
      {
        name: "change",
        label: "change of the loss, h_j − h_i:",
        value: change,
        text: swapped ? signed(change) : "none",
      },
      {
        name: "raises",
        label: "swaps that raise it, on the map:",
        value: raises,
        text: `${(100 * raises).toFixed(1)} %`,
      },
    ],
    says: !swapped
      ? "Weight i stays the larger in score: no swap."
      : change > 1e-9
        ? `A swap that raises the loss: h_j = ${signed(h1)} is above h_i = ${signed(h0)}, and yet j's score came out larger.`
        : `A good swap: h_j = ${signed(h1)} is below h_i = ${signed(h0)}, and j's score came out larger.`,
  };
}

/** Before and after, with what is kept filled. */
function scoresPanel(scores: Float32Array, swapped: boolean): Panel {
  const height = 270;
  const field = plane({
    x: {from: 0, to: 2, ticks: []},
    y: {from: -1.2, to: 2.2, ticks: [-1, 0, 1, 2]},
    height,
  });
  const bar = (at: number, value: number, kept: boolean): string =>
    box(field.at(at - 0.14, 0), field.at(at + 0.14, value), {
      fill: kept ? palette[0] : GREY,
      opacity: kept ? 1 : 0.45,
      stroke: "currentColor",
      width: 1,
    }) +
    text(field.x(at), field.y(Math.max(0, value)) - 6, value.toFixed(2).replace("-", "−"), {
      anchor: "middle",
      size: 11,
    });
  const name = (at: number, words: string): string =>
    text(field.x(at), field.y(-1.2) + 15, words, {anchor: "middle", size: 12});
  return {
    width: 360,
    height,
    title: "The two scores; blue: kept",
    label: `Scores before: ${START_SCORES.join(" and ")}; after: ${Array.from(scores, s => s.toFixed(2)).join(" and ")}; ${swapped ? "j is kept" : "i is kept"}`,
    content:
      field.frame +
      line([field.at(0, 0), field.at(2, 0)], {colour: GREY}) +
      bar(0.3, START_SCORES[0], true) +
      bar(0.7, START_SCORES[1], false) +
      bar(1.3, scores[0], !swapped) +
      bar(1.7, scores[1], swapped) +
      name(0.3, "s_i") +
      name(0.7, "s_j") +
      name(1.3, "s_i after") +
      name(1.7, "s_j after"),
  };
}

/** Runs of squares with one outcome are one rectangle. */
function mapPanel({effects: [hi, hj]}: SwapState, map: readonly Outcome[]): Panel {
  const height = 270;
  const ticks = [-1, 0, 1];
  const field = plane({
    x: {from: -REACH, to: REACH, ticks, title: "h_i (dashed: h_j = h_i)"},
    y: {from: -REACH, to: REACH, ticks},
    height,
  });
  const edge = (i: number): number => REACH * ((2 * i) / CELLS - 1);
  const runs: string[] = [];
  for (let row = 0; row < CELLS; row++) {
    for (let from = 0, to = 0; from < CELLS; from = to) {
      const outcome = map[row * CELLS + from];
      while (to < CELLS && map[row * CELLS + to] === outcome) to++;
      if (outcome === "none") continue;
      const fill = outcome === "lowers" ? GOOD : BAD;
      runs.push(box(field.at(edge(from), edge(row)), field.at(edge(to), edge(row + 1)), {fill}));
    }
  }
  return {
    width: 360,
    height,
    title: "Swap? green: lowers, orange: raises the loss",
    label: "For each h_i and h_j whether the step swaps the weights, and whether that lowers the loss",
    content:
      field.frame +
      `<g shape-rendering="crispEdges" opacity="0.85">${runs.join("")}</g>` +
      line([field.at(-REACH, -REACH), field.at(REACH, REACH)], {dash: "3 4"}) +
      text(6, field.y(0.5), "h_j", {size: 12}) +
      dot(field.x(hi), field.y(hj), 6, {fill: "#ffffff", stroke: "#222222", width: 2.5}),
  };
}
