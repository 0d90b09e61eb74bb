import {GREY, line, PANEL_WIDTH, text} from "./svg";

/** One direction of a plot. */
export interface Direction {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  readonly title?: string;
  readonly log?: boolean;
  /** How a tick is written. */
  write?(tick: number): string;
}

/** A plot's place for each pair of numbers; its frame has axes, ticks and titles. */
export interface Plane {
  readonly frame: string;
  x(value: number): number;
  y(value: number): number;
  at(x: number, y: number): [number, number];
}

export interface PlaneOptions {
  readonly x: Direction;
  readonly y: Direction;
  readonly height: number;
  /** Room for the ticks on the left. */
  readonly left?: number;
}

/** Axes over the width of a panel; values beyond an end are drawn at it. */
export function plane({x, y, height, left = 46}: PlaneOptions): Plane {
  const area = {left, right: PANEL_WIDTH - 12, top: 8, bottom: height - (x.title ? 38 : 22)};
  const toX = scale(x, area.left, area.right);
  const toY = scale(y, area.bottom, area.top);
  const written = (direction: Direction, tick: number): string =>
    (direction.write ?? (value => `${value}`.replace("-", "−")))(tick);
  const frame =
    x.ticks
      .map(tick =>
        text(toX(tick), area.bottom + 15, written(x, tick), {
          anchor: "middle",
          size: 11,
        }),
      )
      .join("") +
    y.ticks
      .map(
        tick =>
          line(
            [
              [area.left, toY(tick)],
              [area.right, toY(tick)],
            ],
            {colour: GREY, width: 1, opacity: 0.25},
          ) + text(area.left - 6, toY(tick) + 4, written(y, tick), {anchor: "end", size: 11}),
      )
      .join("") +
    line(
      [
        [area.left, area.top],
        [area.left, area.bottom],
        [area.right, area.bottom],
      ],
      {colour: GREY, width: 1},
    ) +
    (x.title ? text((area.left + area.right) / 2, height - 4, x.title, {anchor: "middle", size: 12}) : "");
  return {frame, x: toX, y: toY, at: (a, b) => [toX(a), toY(b)]};
}

function scale({from, to, log}: Direction, start: number, end: number): (value: number) => number {
  const measure = log ? Math.log10 : (value: number) => value;
  const [low, high] = [measure(from), measure(to)];
  return value => {
    const share = (measure(value) - low) / (high - low);
    return start + (end - start) * Math.max(0, Math.min(1, Number.isNaN(share) ? 0 : share));
  };
}
