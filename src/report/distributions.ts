import {type Axis, colour, type Figure} from "./figure";
import {formatNumber} from "./numbers";
import {houseLayout} from "./theme";
import {bare, cellSize, pictureFrame, tileHover} from "./tiles";

/** A colour for each cell of a matrix; row 0 is drawn at the top. */
export interface Heatmap {
  title: string;
  x: Axis;
  y: Axis;
  /** What the colours measure, with its unit. */
  value: string;
  /** rows[i][j]: all rows of one length. */
  rows: readonly ArrayLike<number>[];
  /** Names of columns and rows; default 0, 1, 2, … */
  columnNames?: readonly (string | number)[];
  rowNames?: readonly (string | number)[];
  /** "diverging" puts white at zero, equal colour depth on both sides; "sequential" and "grey" run from light to dark. */
  colours?: "sequential" | "diverging" | "grey";
  /** Write each value in its cell, in this d3-format. */
  labels?: string;
  /** The rows are pictures (see `imageTiles`): square cells, without gaps where they are small, no tick labels. */
  picture?: boolean;
  /** What one of the tiled pictures is, for the pointer: "filter", "digit". Default "picture". */
  tile?: string;
}

/** Throws RangeError where the rows differ in length. */
export function heatmapFigure(spec: Heatmap): Figure {
  const z = spec.rows.map(row => Array.from(row));
  const ragged = z.findIndex(row => row.length !== z[0]!.length);
  if (ragged >= 0) {
    throw new RangeError(`rows[${ragged}] has ${z[ragged]!.length} values, rows[0] has ${z[0]!.length}`);
  }
  const depth = z.flat().reduce((most, v) => Math.max(most, Math.abs(v) || 0), 0);
  const scale =
    spec.colours === "diverging"
      ? {colorscale: blueWhiteOrange, zmin: -depth, zmax: depth}
      : {colorscale: spec.colours === "grey" ? "Greys" : "Cividis", reversescale: true};
  const layout = houseLayout({...spec, legend: false});
  const hover = tileHover(spec.rows, spec.tile ?? "picture", formatNumber);
  return {
    data: [
      {
        type: "heatmap",
        z,
        hoverongaps: false,
        ...(hover
          ? {text: hover, hoverinfo: "text"}
          : {hovertemplate: `${spec.y.title} %{y}, ${spec.x.title} %{x}: %{z}<extra></extra>`}),
        ...(spec.columnNames ? {x: [...spec.columnNames]} : {}),
        ...(spec.rowNames ? {y: [...spec.rowNames]} : {}),
        ...scale,
        ...(spec.labels ? {texttemplate: `%{z:${spec.labels}}`} : {}),
        ...(spec.picture && cellSize(z) < 8 ? {} : {xgap: 1, ygap: 1}),
        colorbar: {title: {text: spec.value, side: "top"}, thickness: 14, outlinewidth: 0},
      },
    ],
    layout: {
      ...layout,
      ...(spec.picture ? pictureFrame(z) : {}),
      xaxis: {
        ...(layout.xaxis as object),
        ...names(spec.columnNames, z[0]?.length ?? 0),
        ...(spec.picture ? bare : {}),
        showgrid: false,
      },
      yaxis: {
        ...(layout.yaxis as object),
        ...names(spec.rowNames, z.length),
        ...(spec.picture ? bare : {}),
        showgrid: false,
        autorange: "reversed",
      },
    },
  };
}

const blueWhiteOrange = [
  [0, "#0072B2"],
  [0.5, "#ffffff"],
  [1, "#D55E00"],
];

/** Given names stand under every cell; numbers under every cell where there are few. */
function names(given: readonly (string | number)[] | undefined, count: number): object {
  if (given) return {type: "category"};
  return {tickformat: "d", ...(count <= 20 ? {tick0: 0, dtick: 1} : {})};
}

/** Counts of values in equal bins, one outline a series. */
export interface Histogram {
  title: string;
  x: Axis;
  /** Default "count". */
  y?: Axis;
  series: readonly {name: string; values: ArrayLike<number>}[];
  /** Number of bins, default 40. */
  bins?: number;
}

/** The bins are counted here, so that the figure holds counts and not a million weights; all series share them. */
export function histogramFigure(spec: Histogram): Figure {
  const bins = spec.bins ?? 40;
  const all = spec.series.map(series => Array.from(series.values).filter(Number.isFinite));
  const [low, high] = extent(all);
  const width = (high - low) / bins;
  const centres = Array.from({length: bins}, (_, i) => low + (i + 0.5) * width);
  const data = spec.series.map(({name}, i) => ({
    type: "bar",
    name,
    x: centres,
    y: counts(all[i]!, {low, high, bins}),
    width,
    marker: {color: colour(i), line: {width: 0}},
    opacity: spec.series.length > 1 ? 0.6 : 1,
  }));
  const layout = houseLayout({...spec, y: spec.y ?? {title: "count"}, legend: data.length > 1});
  return {data, layout: {...layout, barmode: "overlay", bargap: 0}};
}

/** How many values fall in each of `bins` equal parts of [low, high]; the last part holds `high` too. */
export function counts(
  values: ArrayLike<number>,
  range: {low: number; high: number; bins: number},
): number[] {
  const {low, high, bins} = range;
  const result = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    // Rounding can put a value just under `high` one bin too far.
    if (value >= low && value <= high) {
      result[Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))]!++;
    }
  }
  return result;
}

function extent(lists: number[][]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const list of lists) {
    for (const value of list) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return [0, 1];
  if (low < high) return [low, high];
  const half = Math.max(0.5, Math.abs(low) / 2);
  return [low - half, low + half];
}
