import type {PairLine} from "../panelState";
import {sheetOf} from "./canvas";

const colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"];

export const valueColour = (i: number): string => colours[i % colours.length];

/** One line a search: its accuracy less that of the default of its seed; 0 in the middle. */
export function pairPlot(
  canvas: HTMLCanvasElement,
  values: readonly string[],
  lines: readonly PairLine[],
): void {
  const {pen, width, height, ink} = sheetOf(canvas);
  const epochs = lines.reduce((most, {differences}) => Math.max(most, differences.length), 2);
  const reach = lines.reduce(
    (most, {differences}) => differences.reduce((a, b) => Math.max(a, Math.abs(b)), most),
    1,
  );
  const x = (epoch: number): number => 56 + ((width - 66) * (epoch - 1)) / (epochs - 1);
  const y = (points: number): number => 20 + (height - 44) * (0.5 - points / (2 * reach));
  pen.fillText("accuracy less the default's (points)", 56, 12);
  pen.textAlign = "right";
  pen.fillText(`epoch ${epochs}`, width - 8, height - 6);
  for (const tick of [-reach, 0, reach]) {
    pen.fillText(`${Number(tick.toPrecision(2))}`.replace("-", "−"), 50, y(tick) + 4);
    pen.globalAlpha = tick === 0 ? 0.7 : 0.25;
    pen.strokeStyle = ink;
    pen.beginPath();
    pen.moveTo(56, y(tick));
    pen.lineTo(width - 8, y(tick));
    pen.stroke();
    pen.globalAlpha = 1;
  }
  for (const {value, differences} of lines) {
    pen.strokeStyle = pen.fillStyle = valueColour(values.indexOf(value));
    pen.lineWidth = 1.8;
    pen.beginPath();
    for (const [i, points] of differences.entries()) pen.lineTo(x(i + 1), y(points));
    pen.stroke();
    const last = differences.length;
    pen.fillRect(x(last) - 2.5, y(differences[last - 1]) - 2.5, 5, 5);
  }
}
