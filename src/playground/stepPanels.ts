import {plane} from "../explorables/frame/plane";
import {box, dot, GREY, line, MINUS, PANEL_WIDTH, type Panel, PLUS, text} from "../explorables/frame/svg";
import type {Playground, StepChange} from "./playground";

const HEIGHT = 260;
/** In multiples of the smallest kept score; larger ones are drawn at the upper edge. */
const REACH = 3;
/** So many of the last steps that swapped are drawn. */
const SHOWN = 100;

/** The scores, the only thing that is learned, and what the steps promised against what they did. */
export function stepPanels(playground: Playground): readonly Panel[] {
  return [scoresPanel(playground), promisePanel(playground.changes)];
}

/** The smallest size of a kept score: where a pruned one must come to get in. */
export function threshold(scores: Float32Array, mask: Uint8Array): number {
  return scores.reduce((least, s, i) => (mask[i] === 1 ? Math.min(least, Math.abs(s)) : least), Infinity);
}

/** The last step in a sentence. */
export function stepText(last: StepChange | undefined): string {
  if (last === undefined) return "No step yet.";
  if (last.swaps === 0) return "The last step moved scores, but no weight came in: the loss stays.";
  const signed = (change: number): string =>
    `${change < 0 ? "−" : "+"}${Math.abs(change).toPrecision(2)}`.replace("e-", "e−");
  const swapped = last.swaps === 1 ? "one weight" : `${last.swaps} weights`;
  return `The last step exchanged ${swapped}: to first order the loss was to change by ${signed(last.promised)}; it changed by ${signed(last.came)}.`;
}

function scoresPanel({scores, masks, entered, toy}: Playground): Panel {
  const gap = 12;
  const [first, second] = scores.map(s => s.length);
  const at = plane({
    x: {
      from: -3,
      to: first + gap + second + 2,
      ticks: [first / 2, first + gap + second / 2],
      write: tick => (tick < first ? "first layer" : "second layer"),
    },
    y: {from: 0, to: REACH, ticks: [0, 1, 2, 3]},
    height: HEIGHT,
    left: 24,
  });
  const dots = scores.map((s, l) => {
    const least = threshold(s, masks[l]);
    return Array.from(s, (value, i) => {
      const [x, y] = at.at(l * (first + gap) + i, Math.abs(value) / least);
      if (masks[l][i] === 0) return dot(x, y, 2.2, {stroke: GREY, width: 1});
      const fill = toy.weights[l][i] > 0 ? PLUS : MINUS;
      const frame = entered[l].includes(i) ? dot(x, y, 6, {stroke: "currentColor", width: 2}) : "";
      return dot(x, y, 2.8, {fill}) + frame;
    }).join("");
  });
  const [left, right] = [at.x(-3), at.x(first + gap + second + 2)];
  const across = line(
    [
      [left, at.y(1)],
      [right, at.y(1)],
    ],
    {dash: "5 4"},
  );
  const kept = masks.map(mask => mask.reduce((sum, m) => sum + m, 0));
  return {
    width: PANEL_WIDTH,
    height: HEIGHT,
    title: "|s| over the threshold; ringed: just come in",
    label: `Sizes of all scores, each layer's in multiples of its threshold: ${kept[0]} and ${kept[1]} are above it`,
    content: at.frame + across + dots.join(""),
  };
}

function promisePanel(changes: readonly StepChange[]): Panel {
  const shown = changes.filter(({swaps}) => swaps > 0).slice(-SHOWN);
  const reach = roundUp(
    Math.max(1e-6, ...shown.flatMap(({promised, came}) => [Math.abs(promised), Math.abs(came)])),
  );
  const direction = {from: -reach, to: reach, ticks: [-reach, 0, reach]};
  const at = plane({
    x: {...direction, title: "promised change of the loss"},
    y: direction,
    height: HEIGHT,
    left: 58,
  });
  const diagonal = line([at.at(-reach, -reach), at.at(reach, reach)], {colour: GREY, dash: "3 4"});
  const worse = box(at.at(-reach, 0), at.at(reach, reach), {fill: GREY, opacity: 0.12});
  const dots = shown.map(({promised, came}, i) => {
    const last = i === shown.length - 1;
    const [x, y] = at.at(promised, came);
    return dot(x, y, last ? 5 : 3, {fill: last ? PLUS : MINUS, opacity: last ? 1 : 0.25 + (0.6 * i) / SHOWN});
  });
  const rose = shown.filter(({came}) => came > 0).length;
  return {
    width: PANEL_WIDTH,
    height: HEIGHT,
    title: "Steps that swapped: promised, and what came",
    label: `Of the last ${shown.length} steps that swapped weights ${rose} raised the loss`,
    content:
      worse +
      at.frame +
      diagonal +
      text(at.x(-reach) + 6, at.y(reach) + 16, "the loss rose", {size: 11}) +
      dots.join(""),
  };
}

/** To one digit, upwards. */
function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(1));
}
