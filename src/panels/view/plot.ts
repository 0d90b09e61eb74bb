import {sheetOf} from "./canvas";

const COLOUR = "#0072B2";
const OTHER = "#D55E00";

/** A range that all searches of a panel are drawn in, so that they can be compared. */
export interface Range {
  readonly steps: number;
  readonly least: number;
  readonly most: number;
}

/** Of curves of step, loss and accuracy, one after the other. */
export function rangeOf(curves: readonly Float32Array[]): Range {
  let [steps, least, most] = [10, Number.POSITIVE_INFINITY, 0];
  for (const curve of curves)
    for (let i = 0; i < curve.length; i += 3) {
      steps = Math.max(steps, curve[i]);
      if (!(curve[i + 1] > 0 && Number.isFinite(curve[i + 1]))) continue;
      least = Math.min(least, curve[i + 1]);
      most = Math.max(most, curve[i + 1]);
    }
  if (most === 0) return {steps, least: 0.1, most: 10};
  return {steps, least: least / 1.2, most: Math.max(most * 1.2, least * 2)};
}

/** Loss above on a logarithmic axis, accuracy below with the tests as rings. */
export function plot(
  canvas: HTMLCanvasElement,
  curve: Float32Array,
  tests: readonly (readonly [number, number])[],
  range: Range,
): void {
  const {pen, width, height, ink} = sheetOf(canvas);
  const [left, right] = [52, width - 8];
  const x = (step: number): number => left + ((right - left) * step) / range.steps;
  const [low, high] = [Math.log(range.least), Math.log(range.most)];
  const half = height * 0.5;
  const loss = (value: number): number => 18 + (half - 26) * (1 - (Math.log(value) - low) / (high - low));
  const accuracy = (value: number): number => half + 18 + (height - half - 40) * (1 - value / 100);
  pen.strokeStyle = ink;
  axis(pen, {
    title: "loss",
    x: [left, right],
    top: 18,
    ticks: [range.least * 1.02, Math.sqrt(range.least * range.most), range.most / 1.02],
    place: loss,
  });
  axis(pen, {
    title: "accuracy (%); rings: test images",
    ...{x: [left, right], top: half + 18, ticks: [0, 50, 100], place: accuracy},
  });
  pen.textAlign = "right";
  pen.fillText(`step ${range.steps}`, right, height - 4);
  line(pen, COLOUR, curve, 1, x, loss);
  line(pen, COLOUR, curve, 2, x, accuracy);
  pen.strokeStyle = OTHER;
  pen.lineWidth = 2;
  for (const [step, value] of tests) {
    pen.beginPath();
    pen.arc(x(step), accuracy(value), 4, 0, 2 * Math.PI);
    pen.stroke();
  }
}

interface AxisSpec {
  readonly title: string;
  readonly x: readonly [number, number];
  readonly top: number;
  readonly ticks: readonly number[];
  place(value: number): number;
}

function axis(pen: CanvasRenderingContext2D, {title, x, top, ticks, place}: AxisSpec): void {
  pen.textAlign = "left";
  pen.fillText(title, x[0], top - 6);
  pen.textAlign = "right";
  for (const tick of ticks) {
    pen.globalAlpha = 0.25;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(x[0], place(tick));
    pen.lineTo(x[1], place(tick));
    pen.stroke();
    pen.globalAlpha = 1;
    pen.fillText(`${Number(tick.toPrecision(2))}`, x[0] - 6, place(tick) + 4);
  }
}

function line(
  pen: CanvasRenderingContext2D,
  colour: string,
  curve: Float32Array,
  at: number,
  x: (step: number) => number,
  y: (value: number) => number,
): void {
  pen.strokeStyle = colour;
  pen.lineWidth = 1.6;
  pen.beginPath();
  for (let i = 0; i < curve.length; i += 3)
    if (Number.isFinite(curve[i + at])) pen.lineTo(x(curve[i]), y(curve[i + at]));
  pen.stroke();
}

/** A bar for each filter, as high as the share that it keeps; the fullest one's is whole. */
export function filterBars(canvas: HTMLCanvasElement, shares: Uint8Array): void {
  canvas.width = Math.max(120, shares.length);
  canvas.height = 32;
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  const width = canvas.width / shares.length;
  pen.fillStyle = COLOUR;
  const most = shares.reduce((a, b) => Math.max(a, b), 1);
  shares.forEach((share, i) => {
    const height = (canvas.height * share) / most;
    pen.fillRect(i * width, canvas.height - height, Math.max(width - (width > 3 ? 1 : 0), 0.5), height);
  });
}
