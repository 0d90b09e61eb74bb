import {architectures} from "../../network/architectures";
import {colour, type Figure, type LineSeries, lineFigure} from "../../report/figure";
import type {Experiment} from "../define/experiment";
import {accuracyAxis, budgetText} from "./accuracyFigure";
import {type Found, type ResultRow, resultRow} from "./rows";
import {unrecordedFigure} from "./unrecorded";

/** Accuracy over what a network would cost to store (log scale); every recorded cell a point. */
export function sizeFigure(experiment: Experiment, found: readonly Found[]): Figure {
  const empty = unrecordedFigure(experiment, found);
  if (empty) return empty;
  const {title} = experiment;
  const rows = found.map(resultRow).filter(row => row.bytes !== null && row.testAccuracy !== null);
  const families = [...new Set(rows.map(familyOf))].sort();
  const series = families.map((name): LineSeries => {
    const own = rows.filter(row => familyOf(row) === name).sort((a, b) => a.bytes! - b.bytes!);
    return {
      name,
      x: own.map(row => row.bytes! / 1000),
      y: own.map(row => row.testAccuracy!),
      hollow: own.map(row => !row.leftChance),
      hover: own.map(row => `${row.label}<br>${row.testAccuracy!.toFixed(1)} %, ${size(row.bytes!)}`),
      points: true,
      marker: name.endsWith("dense") ? "x" : name.endsWith("1/1") ? "diamond" : "circle",
      colour: colour(archsOf(rows).indexOf(own[0].arch)),
    };
  });
  const scale = {title: "kilobytes (masks at their entropy; dense: float32)", scale: "log"} as const;
  const figure = lineFigure({title: `${title}${budgetText(rows)}`, x: scale, y: accuracyAxis, series});
  return {...figure, layout: {...figure.layout, height: 560}};
}

function familyOf({arch, method, activation}: ResultRow): string {
  const network = architectures[arch].title;
  if (method === "dense") return `${network} dense`;
  return `${network} ${activation === "sign" ? "1/1" : "1/32"}`;
}

function archsOf(rows: readonly ResultRow[]): string[] {
  return [...new Set(rows.map(row => row.arch))];
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(2)} MB`;
}
