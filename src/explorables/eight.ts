// The layer of eight weights of notebook 01, and its bars.
import {gainRules} from "../core/gain";
import {binarize} from "../core/quantize";
import {plane} from "./frame/plane";
import {box, GREY, line, MINUS, type Panel, PLUS, text} from "./frame/svg";

export const KEPT = 0.5;
export const weights: Float32Array = Float32Array.of(0.5, -1, 0.25, -0.75, 1.5, -0.25, 2, -0.5);
export const scores: Float32Array = Float32Array.of(0.5, -0.75, 0.125, 0.375, -0.625, 0.25, -0.0625, 0.875);
/** dL/dW_b, made up. */
export const slopes: Float32Array = Float32Array.of(1, 0.5, -0.5, 1, -1, 0.25, -0.5, 0.25);

/** The mean kept |W|. */
export function meanKept(mask: Uint8Array): number {
  const kept = mask.reduce((sum, m) => sum + m, 0);
  const context = {keepFraction: kept / mask.length, fanIn: mask.length, selection: "layerwise"} as const;
  return gainRules["mean-kept"](weights, mask, context);
}

/** The weights, and what the layer computes with. */
export function layerPanel(mask: Uint8Array, gain: number, label: string, marked?: readonly number[]): Panel {
  return barsPanel({
    title: "W (outlines), α M ⊙ sign W (filled)",
    label,
    reach: 2.2,
    ticks: [-2, -1, 0, 1, 2],
    full: binarize(weights, mask, gain),
    mask,
    signs: weights,
    outlines: weights,
    marked,
  });
}

export interface Bars {
  readonly title: string;
  readonly label: string;
  /** Half the height of the picture, in units. */
  readonly reach: number;
  readonly ticks: readonly number[];
  /** Drawn full, in the colour of `signs`; absent where the mask is 0. */
  readonly full: ArrayLike<number>;
  readonly mask: Uint8Array;
  /** +1 or −1, a colour each. */
  readonly signs: ArrayLike<number>;
  /** Drawn as outlines behind. */
  readonly outlines?: ArrayLike<number>;
  /** Also drawn where the mask is 0, in grey. */
  readonly prunedToo?: boolean;
  /** Named by a mark below. */
  readonly marked?: readonly number[];
  /** Dashed lines across. */
  readonly across?: readonly number[];
}

const HEIGHT = 250;

/** Eight bars up and down from zero, numbered 0 … 7. */
export function barsPanel(bars: Bars): Panel {
  const {reach, full, mask, signs, outlines, prunedToo = false, marked = [], across = []} = bars;
  const field = plane({
    x: {from: -0.6, to: 7.6, ticks: Array.from({length: 8}, (_, i) => i), title: "weight i"},
    y: {from: -reach, to: reach, ticks: bars.ticks},
    height: HEIGHT,
  });
  const half = 0.34;
  const each = Array.from(mask, (m, i) => {
    const kept = m === 1;
    const outline = outlines
      ? box(field.at(i - half, 0), field.at(i + half, outlines[i]), {stroke: "currentColor", width: 1.2})
      : "";
    const fill = kept ? (signs[i] > 0 ? PLUS : MINUS) : GREY;
    const bar =
      kept || prunedToo
        ? box(field.at(i - half + 0.07, 0), field.at(i + half - 0.07, full[i]), {
            fill,
            opacity: kept ? 1 : 0.45,
          })
        : "";
    const beside = field.y(0) + ((outlines?.[i] ?? 0) > 0 ? 14 : -5);
    const name = kept || prunedToo ? "" : text(field.x(i), beside, "0", {anchor: "middle", size: 11});
    const mark = marked.includes(i)
      ? text(field.x(i), field.y(-reach) - 4, "▲", {anchor: "middle", size: 11})
      : "";
    return bar + outline + name + mark;
  });
  const lines = across.map(y => line([field.at(-0.6, y), field.at(7.6, y)], {dash: "5 4", width: 1.4}));
  const zero = line([field.at(-0.6, 0), field.at(7.6, 0)], {colour: GREY, width: 1});
  return {
    width: 360,
    height: HEIGHT,
    title: bars.title,
    label: bars.label,
    content: field.frame + zero + each.join("") + lines.join(""),
  };
}
