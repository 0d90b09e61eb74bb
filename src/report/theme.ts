import type {Axis} from "./figure";

/** Okabe and Ito's colours, told apart with every common colour blindness (yellow left out: too pale on white). */
export const palette: readonly string[] = [
  "#0072B2",
  "#D55E00",
  "#009E73",
  "#CC79A7",
  "#56B4E9",
  "#E69F00",
  "#000000",
];

/** Marker symbols in the order of the series. */
export const markers: readonly string[] = [
  "circle",
  "square",
  "diamond",
  "triangle-up",
  "triangle-down",
  "cross",
  "x",
];

/** Line dashes, changed when the palette starts again. */
export const dashes: readonly string[] = ["solid", "dash", "dot", "dashdot"];

/** Fonts found on nearly every machine; the last name always fits. */
export const fontFamily = "Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif";

/** Size of a figure in CSS pixels where its layout names none. */
export const defaultSize: Readonly<{width: number; height: number}> = {width: 720, height: 420};

/** The frame all figures share: left-aligned title, light grid, legend right of the data and never on it. */
export function houseLayout(spec: {
  title: string;
  x: Axis;
  y: Axis;
  legend: boolean;
}): Record<string, unknown> {
  return {
    ...defaultSize,
    title: {text: spec.title, font: {size: 16}, x: 0.02, xanchor: "left", y: 0.96, yanchor: "top"},
    font: {family: fontFamily, size: 13, color: "#222222"},
    paper_bgcolor: "#ffffff",
    plot_bgcolor: "#ffffff",
    margin: {l: 70, r: 24, t: 52, b: 58},
    xaxis: houseAxis(spec.x),
    yaxis: houseAxis(spec.y),
    showlegend: spec.legend,
    legend: {x: 1.02, xanchor: "left", y: 1, yanchor: "top"},
    hovermode: "closest",
  };
}

/** One axis in house style. */
export function houseAxis(axis: Axis): Record<string, unknown> {
  return {
    title: {text: axis.title},
    type: axis.scale ?? "-",
    ...(axis.range ? {range: axis.range} : {}),
    ...(axis.format ? {tickformat: axis.format} : {}),
    ...(axis.ticks ? {tickmode: "array", tickvals: [...axis.ticks]} : {}),
    // By default Plotly writes 10000 as 10k beside 1000, and on log axes crowds a digit at every step of a decade: 10, 5, 2.
    exponentformat: "none",
    separatethousands: true,
    ...(axis.scale === "log" && !axis.ticks ? {nticks: 6, minorloglabels: "complete"} : {}),
    ticks: "outside",
    tickcolor: "#888888",
    linecolor: "#888888",
    showline: true,
    gridcolor: "#e6e6e6",
    zeroline: false,
  };
}
