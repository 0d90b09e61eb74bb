import {
  type BarSeries,
  barFigure,
  colour,
  type Figure,
  type LineSeries,
  lineFigure,
} from "../../report/figure";
import {markers} from "../../report/theme";
import type {Experiment, PublishedCurve} from "../define/experiment";
import {publishedRow, publishedText, sourceText} from "../records/published";
import {publishedName} from "./beside";
import {
  accuracyText,
  atChance,
  type Found,
  type MeanRow,
  meansOverSeeds,
  type ResultRow,
  resultRow,
} from "./rows";
import {unrecordedFigure} from "./unrecorded";

export const accuracyAxis = {title: "test accuracy (%)"} as const;

/**
 * Test accuracy of an experiment's recorded cells: lines over x where it is a number, else bars. A curve that has one
 * place, such as a dense baseline, is a level line. The x axis is the whole experiment's, recorded or not. Error bars
 * are the standard deviation over seeds. Hollow: not 2 points away from chance, so nothing is claimed of it.
 */
export function accuracyFigure(experiment: Experiment, found: readonly Found[]): Figure {
  const empty = unrecordedFigure(experiment, found);
  if (empty) return empty;
  const {title, x, settings, points} = experiment;
  const rows = found.map(resultRow);
  const means = meansOverSeeds(rows).filter(row => row.mean !== null);
  const curves = [...new Set(settings.map(setting => setting.curve))]
    .map(curve => means.filter(row => row.curve === curve))
    .filter(places => places.length > 0);
  const frame = {title: `${title}${budgetText(rows)}`, y: accuracyAxis};
  if (settings.every(setting => typeof setting.x === "number")) {
    const plan = planOf(experiment);
    const datasets = new Set(found.map(publishedName));
    return lineFigure({
      ...frame,
      x: {title: x, ...(plan.span ? {range: widened(plan.span)} : {})},
      series: [
        ...linesOf(curves, rows, plan).map(line => ({...line, points})),
        ...(experiment.publishedCurves ?? []).flatMap(curve => publishedLine(curve, curves, datasets) ?? []),
      ],
    });
  }
  const categories = [...new Set(settings.map(setting => String(setting.x)))];
  const places = [...new Set(settings.map(setting => `${setting.curve}: ${setting.x}`))];
  const names = new Set(settings.map(setting => setting.curve));
  // Where the curves share few places, bars side by side would stand in gaps: then each has a place of its own.
  const shared = 2 * places.length >= names.size * categories.length;
  const series = curves.map(places => barsOf(places, categories, rows, shared));
  const {data, layout} = barFigure({...frame, x: {title: shared ? x : ""}, series});
  const axis = {
    ...(layout as {xaxis: object}).xaxis,
    ...categoryAxis(shared ? categories : places, new Set(series.flatMap(bars => bars.x))),
  };
  const apart = {barmode: "overlay", showlegend: false, height: 520};
  return {data, layout: {...layout, xaxis: axis, ...(shared ? {} : apart)}};
}

/** What the settings say of the curves, whatever has been run of them. */
interface Plan {
  /** Least and greatest x of the curves that have several places, ours and the published. */
  readonly span: readonly [number, number] | undefined;
  /** Curves of one place. */
  readonly level: ReadonlySet<string>;
}

function planOf({settings, publishedCurves = []}: Experiment): Plan {
  const places = (curve: string): number[] => [
    ...new Set(settings.filter(each => each.curve === curve).map(each => Number(each.x))),
  ];
  const curves = [...new Set(settings.map(setting => setting.curve))];
  const level = new Set(curves.filter(curve => places(curve).length === 1));
  const xs = [
    ...curves.flatMap(curve => (level.has(curve) ? [] : places(curve))),
    ...publishedCurves.flatMap(curve => curve.places.map(({x}) => x)),
  ];
  return {span: xs.length > 0 ? [Math.min(...xs), Math.max(...xs)] : undefined, level};
}

/** Room for the marks at both ends of an axis. */
function widened([left, right]: readonly [number, number]): [number, number] {
  const room = 0.04 * (right - left);
  return [left - room, right + room];
}

/** Every category in the order of the experiment; one without a bar says so. */
function categoryAxis(categories: readonly string[], present: ReadonlySet<string | number>): object {
  return {
    type: "category",
    categoryorder: "array",
    categoryarray: categories,
    range: [-0.5, categories.length - 0.5],
    tickvals: categories,
    ticktext: categories.map(each => (present.has(each) ? each : `${each} (not run)`)),
    // Plotly's own 30° lets the lines of many long names touch.
    ...(categories.length > 8 ? {tickangle: 60} : {}),
    automargin: true,
  };
}

function linesOf(
  curves: readonly MeanRow[][],
  rows: readonly ResultRow[],
  {span, level}: Plan,
): LineSeries[] {
  const networks = [...new Set(curves.map(([{curve}]) => networkOf(curve)))];
  return curves.map((unordered): LineSeries => {
    const places = [...unordered].sort((a, b) => Number(a.x) - Number(b.x));
    const [{curve, mean, sd}] = places;
    const look = networks.indexOf(networkOf(curve));
    if (level.has(curve) && span) {
      const hover = hoverOf(places[0], rows);
      return {
        name: sd === null ? curve : `${curve} ± ${sd.toFixed(1)}`,
        x: [...span],
        y: [mean!, mean!],
        hover: [hover, hover],
        dash: "dot",
        marker: "none",
        colour: colour(look),
      };
    }
    const dashed = /, unit|1\/1/.test(curve);
    return {
      name: curve,
      x: places.map(row => Number(row.x)),
      y: places.map(row => row.mean!),
      ...(places.some(row => row.sd !== null) ? {error: places.map(row => row.sd ?? 0)} : {}),
      hollow: places.map(row => !row.leftChance),
      hover: places.map(row => hoverOf(row, rows)),
      dash: dashed ? "dash" : "solid",
      // Markers of their own, for a curve of which one place was run shows no dashes.
      marker: markers[(look + (dashed ? 4 : 0)) % markers.length],
      colour: colour(look),
    };
  });
}

/** Others' numbers as marks without a line, in the colour of the network they stand beside; none beside nothing, nor beside another data set. */
function publishedLine(
  {beside, name, places}: PublishedCurve,
  curves: readonly MeanRow[][],
  datasets: ReadonlySet<string | undefined>,
): LineSeries | undefined {
  const networks = [...new Set(curves.map(([{curve}]) => networkOf(curve)))];
  const look = networks.indexOf(networkOf(beside));
  if (look === -1) return undefined;
  const rows = places
    .map(({x, published}) => ({x, row: publishedRow(published)}))
    .filter(({row}) => datasets.has(row.dataset));
  if (rows.length === 0) return undefined;
  return {
    name,
    x: rows.map(({x}) => x),
    y: rows.map(({row}) => row.top1),
    hover: rows.map(({x, row}) =>
      [`${name}: ${x}`, `${publishedText(row)} %, published`, sourceText(row)].join("<br>"),
    ),
    marker: "star",
    points: true,
    colour: colour(look),
  };
}

/** The bars of a curve; where no two curves share a category, each bar is named by both. */
function barsOf(
  places: readonly MeanRow[],
  categories: readonly string[],
  rows: readonly ResultRow[],
  shared: boolean,
): BarSeries {
  const present = categories.flatMap(x => places.find(row => String(row.x) === x) ?? []);
  return {
    name: present[0].curve,
    x: present.map(({curve, x}) => (shared ? x : `${curve}: ${x}`)),
    y: present.map(row => row.mean!),
    ...(present.some(row => row.sd !== null) ? {error: present.map(row => row.sd ?? 0)} : {}),
    hollow: present.map(row => !row.leftChance),
    hover: present.map(row => hoverOf(row, rows)),
  };
}

function hoverOf(place: MeanRow, rows: readonly ResultRow[]): string {
  const row = rows.find(
    each => each.curve === place.curve && each.x === place.x && each.testAccuracy !== null,
  )!;
  const lines = [
    place.label,
    `${accuracyText(place)} %, ${place.runs} ${place.runs === 1 ? "run" : "runs"} of ${row.epochs} epochs`,
    `${row.data}: ${row.kept} of ${row.weights} weights`,
  ];
  return (place.leftChance ? lines : [...lines, atChance]).join("<br>");
}

/** What all the rows that were run have in common, for the title. */
export function budgetText(rows: readonly ResultRow[]): string {
  const run = rows.filter(row => row.testAccuracy !== null);
  const of = (values: readonly unknown[]): string => [...new Set(values)].join(" / ");
  const epochs = of(run.map(row => row.epochs).sort((a, b) => a - b));
  return `, ${of(run.map(row => row.data))}, ${epochs} ${epochs === "1" ? "epoch" : "epochs"}`;
}

function networkOf(curve: string): string {
  return curve.replace(/( dense|,.*| 1\/1| 1\/32)$/, "");
}
