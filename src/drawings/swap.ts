import {topKMask} from "../core/mask";
import {box, GREY, line, MINUS, type Panel, PLUS, text} from "../explorables/frame/svg";
import {type Drawing, edge, unit} from "./drawing";

const signs = [1, -1, -1, 1];
const before = Float32Array.of(0.8, 0.5, 0.4, 0.15);
const after = Float32Array.of(0.85, 0.45, 0.6, 0.1);
const names = ["", "i", "j", ""];

/** A swap: scores move, one passes another at the threshold, and an edge gives way to another. No weight changes. */
export function swapDrawing(): Drawing {
  return [half("Before: i is kept, j is not", before), half("After the step: j for i", after)];
}

function half(title: string, scores: Float32Array): Panel {
  const mask = topKMask(scores, 0.5);
  const kept = [...scores].filter((_, i) => mask[i] === 1);
  const threshold = Math.min(...kept);
  const length = (score: number): number => 120 * score;
  const at: readonly [number, number] = [326, 96];
  const rows = signs.map((sign, i) => {
    const y = 18 + 52 * i;
    const right = 40 + length(scores[i]);
    const fill = mask[i] === 1 ? (sign > 0 ? PLUS : MINUS) : GREY;
    return (
      text(20, y + 4, names[i] || "·", {anchor: "middle", weight: 600}) +
      box([40, y - 9], [right, y + 9], {fill, opacity: mask[i] === 1 ? 1 : 0.45}) +
      unit(186, y, sign > 0 ? "+" : "−") +
      edge([186, y], at, {sign, kept: mask[i] === 1})
    );
  });
  return {
    width: 360,
    height: 226,
    title,
    label: `${title}. Scores ${[...scores].map(s => s.toFixed(2)).join(", ")}, mask ${mask.join("")}`,
    content:
      rows.join("") +
      unit(...at, "Σ", 14) +
      line(
        [
          [40 + length(threshold), 2],
          [40 + length(threshold), 196],
        ],
        {dash: "5 4"},
      ) +
      text(40 + length(threshold), 212, "threshold of |s|", {anchor: "middle", size: 11}),
  };
}
