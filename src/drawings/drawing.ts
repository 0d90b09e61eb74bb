import {box, dot, GREY, line, MINUS, type Panel, PLUS, round, text} from "../explorables/frame/svg";

/** Pictures that stand beside each other, or below each other on a phone. */
export type Drawing = readonly Panel[];

export function signColour(sign: number): string {
  return sign > 0 ? PLUS : MINUS;
}

/** A unit of a network, with its name inside. */
export function unit(x: number, y: number, name = "", radius = 13): string {
  return (
    dot(x, y, radius, {stroke: "currentColor", width: 1.4}) +
    (name ? text(x, y + 4, name, {anchor: "middle", size: 12}) : "")
  );
}

/** From the rim of one unit to the rim of another; its sign in colour, and written where there is room. */
export function edge(
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  {
    sign,
    kept = true,
    written = false,
    gap = 13,
  }: {sign: number; kept?: boolean; written?: boolean; gap?: number},
): string {
  const length = Math.hypot(x1 - x0, y1 - y0);
  const [dx, dy] = [((x1 - x0) * gap) / length, ((y1 - y0) * gap) / length];
  const stroke = kept
    ? {colour: signColour(sign), width: 2}
    : {colour: GREY, width: 1, dash: "3 4", opacity: 0.7};
  return (
    line(
      [
        [x0 + dx, y0 + dy],
        [x1 - dx, y1 - dy],
      ],
      stroke,
    ) +
    (written
      ? text((x0 + x1) / 2, (y0 + y1) / 2 - 6, sign > 0 ? "+" : "−", {anchor: "middle", weight: 600})
      : "")
  );
}

/** A small plot of f on [−1, 1], values in [−1, 1], its axes crossing in the middle. */
export function smallPlot(
  [left, top]: readonly [number, number],
  [width, height]: readonly [number, number],
  curves: readonly {readonly points: readonly (readonly [number, number])[]; readonly colour: string}[],
): string {
  const at = ([x, y]: readonly [number, number]): [number, number] => [
    left + ((x + 1) * width) / 2,
    top + ((1 - y) * height) / 2,
  ];
  const axis = {colour: GREY, width: 1};
  return (
    box([left, top], [left + width, top + height], {stroke: GREY, width: 0.6}) +
    line([at([-1, 0]), at([1, 0])], axis) +
    line([at([0, -1]), at([0, 1])], axis) +
    curves.map(({points, colour}) => line(points.map(at), {colour, width: 2.4})).join("")
  );
}

/** Equal steps from one end to the other; in the middle where there is one alone. */
export function spread(n: number, from: number, to: number): number[] {
  return Array.from({length: n}, (_, i) =>
    round(n === 1 ? (from + to) / 2 : from + ((to - from) * i) / (n - 1)),
  );
}
