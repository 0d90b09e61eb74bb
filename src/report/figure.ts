import {createHash} from "node:crypto";
import {dashes, houseLayout, markers, palette} from "./theme";

/** A Plotly figure as a plain value: everything in it survives JSON. */
export interface Figure {
  data: object[];
  layout: object;
}

/** Text and scale of one axis. */
export interface Axis {
  /** Quantity and unit, for instance "test accuracy (%)". */
  title: string;
  scale?: "linear" | "log";
  /** First and last value shown; on a log axis the powers of ten, as in Plotly. */
  range?: [number, number];
  /** d3-format of the tick labels, for instance ".0f". */
  format?: string;
  /** Where ticks stand; default Plotly's choice, which on a log axis names powers of ten and, where they are few, values between. */
  ticks?: readonly number[];
}

/** One line: y over x. */
export interface LineSeries {
  name: string;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** Half length of each error bar, in the unit of y. */
  error?: ArrayLike<number>;
  dash?: "solid" | "dot" | "dash" | "dashdot";
  /** A Plotly marker symbol, or "none". The default differs from series to series, so that colour is never needed. */
  marker?: string;
  /** Points to be drawn hollow. */
  hollow?: readonly boolean[];
  /** What a point says under the pointer, instead of its numbers. */
  hover?: readonly string[];
  /** Default: the next of the palette. */
  colour?: string;
  /** Points alone, where a line between them would mean nothing. */
  points?: boolean;
}

/** One group of bars: a height for each category. */
export interface BarSeries {
  name: string;
  x: readonly (string | number)[];
  y: ArrayLike<number>;
  error?: ArrayLike<number>;
  /** Bars to be drawn hollow. */
  hollow?: readonly boolean[];
  /** What a bar says under the pointer, instead of its numbers. */
  hover?: readonly string[];
}

/** What every figure has around its data. */
export interface Frame {
  title: string;
  x: Axis;
  y: Axis;
}

/** Lines over a common x axis. Throws RangeError where a series' arrays differ in length. */
export function lineFigure(spec: Frame & {series: LineSeries[]}): Figure {
  const data = spec.series.flatMap((series, i): object[] => {
    const dash = series.dash ?? dashes[Math.floor(i / palette.length) % dashes.length];
    const marker = series.marker ?? markers[i % markers.length];
    const color = series.colour ?? colour(i);
    const line = {
      type: "scatter",
      mode: marker === "none" ? "lines" : series.points ? "markers" : "lines+markers",
      name: series.name,
      ...columns(series),
      ...(series.hover ? {text: [...series.hover], hoverinfo: "text"} : {}),
      line: {color, dash, width: 2},
      ...(marker === "none" ? {} : {marker: {color, symbol: symbols(marker, series), size: 7}}),
    };
    // The legend would show the first point's symbol, hollow as it may be.
    if (!series.hollow?.[0]) return [line];
    const entry = {
      ...line,
      x: [null],
      y: [null],
      marker: {...line.marker, symbol: marker},
      error_y: undefined,
    };
    return [entry, {...line, showlegend: false}];
  });
  return {data, layout: houseLayout({...spec, legend: spec.series.length > 1})};
}

/** Plotly's names; a hollow point has the open form of its series' symbol. */
function symbols(marker: string, {hollow}: LineSeries): string | string[] {
  return hollow?.some(open => open) ? hollow.map(open => (open ? `${marker}-open` : marker)) : marker;
}

/** Bars side by side, one colour a series. */
export function barFigure(spec: Frame & {series: BarSeries[]}): Figure {
  const data = spec.series.map((series, i) => ({
    type: "bar",
    name: series.name,
    // In the bar's own colour the lower half of an error would not be seen.
    ...columns(series, "#333333"),
    ...(series.hover ? {text: [...series.hover], hoverinfo: "text", textposition: "none"} : {}),
    marker: {
      color: series.hollow?.some(open => open)
        ? series.hollow.map(open => (open ? "#ffffff" : colour(i)))
        : colour(i),
      ...(series.hollow ? {line: {color: colour(i), width: 2}} : {}),
    },
  }));
  return {data, layout: {...houseLayout({...spec, legend: data.length > 1}), barmode: "group"}};
}

/** The i-th colour, from the start again after the last. */
export function colour(i: number): string {
  return palette[i % palette.length]!;
}

/** A short name made of the figure's content: equal figures, equal names, on every machine. */
export function figureHash(figure: Figure): string {
  return createHash("sha256").update(JSON.stringify(figure)).digest("hex").slice(0, 10);
}

function columns(series: LineSeries | BarSeries, errorColour?: string): object {
  const {name, x, y, error} = series;
  if (x.length !== y.length || (error && error.length !== y.length)) {
    throw new RangeError(
      `series "${name}": x, y${error ? ", error" : ""} have lengths ${x.length}, ${y.length}` +
        `${error ? `, ${error.length}` : ""}; they must be equal`,
    );
  }
  return {
    x: Array.from<string | number>(x),
    y: Array.from(y),
    ...(error && {
      error_y: {
        type: "data",
        array: Array.from(error),
        thickness: 1.2,
        width: 3,
        ...(errorColour && {color: errorColour}),
      },
    }),
  };
}
