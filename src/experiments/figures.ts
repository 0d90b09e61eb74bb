import {type BarSeries, barFigure, colour, type Figure, type LineSeries, lineFigure} from "../report/figure";
import {markers} from "../report/theme";
import type {Experiment} from "./experiment";
import {
  accuracyText,
  atChance,
  type Found,
  type MeanRow,
  meansOverSeeds,
  type ResultRow,
  resultRow,
} from "./rows";

const accuracy = {title: "test accuracy (%)"};

/**
 * Test accuracy of an experiment's recorded cells: lines over x where it is a number, else bars. A curve of one place,
 * such as a dense baseline, is a level line. Error bars are the standard deviation over seeds. Hollow: not 2 points away
 * from chance, so nothing is claimed of it.
 */
export function accuracyFigure({title, x, settings, points}: Experiment, found: readonly Found[]): Figure {
  const rows = found.map(resultRow);
  const means = meansOverSeeds(rows).filter(row => row.mean !== null);
  const curves = [...new Set(settings.map(setting => setting.curve))]
    .map(curve => means.filter(row => row.curve === curve))
    .filter(places => places.length > 0);
  const frame = {title: `${title}${budgetText(rows)}`, y: accuracy};
  if (settings.every(setting => typeof setting.x === "number"))
    return lineFigure({
      ...frame,
      x: {title: x},
      series: linesOf(curves, rows).map(line => ({...line, points})),
    });
  const categories = [...new Set(settings.map(setting => String(setting.x)))];
  const places = new Set(settings.map(setting => `${setting.curve}: ${setting.x}`));
  const shared = places.size >= 1.5 * categories.length;
  const series = curves.map(places => barsOf(places, categories, rows, shared));
  const {data, layout} = barFigure({...frame, x: {title: shared ? x : ""}, series});
  const axis = {...(layout as {xaxis: object}).xaxis, type: "category"};
  const apart = {barmode: "overlay", showlegend: false, height: 520, margin: {l: 70, r: 24, t: 52, b: 150}};
  return {data, layout: {...layout, xaxis: axis, ...(shared ? {} : apart)}};
}

/** Accuracy over what a network would cost to store (log scale); every recorded cell a point. */
export function sizeFigure({title}: Experiment, found: readonly Found[]): Figure {
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
  const figure = lineFigure({title: `${title}${budgetText(rows)}`, x: scale, y: accuracy, series});
  return {...figure, layout: {...figure.layout, height: 560}};
}

/** Accuracy over how far the first step moves the ranking, η·r (log scale): a colour a network, a symbol a rule. */
export function stepFigure({title}: Experiment, found: readonly Found[]): Figure {
  const rows = found.flatMap(each => {
    const move = firstMove(each);
    const row = resultRow(each);
    return move !== undefined && row.testAccuracy !== null ? [{...row, move}] : [];
  });
  const names = [...new Set(rows.map(row => row.curve))];
  const networks = [...new Set(rows.map(row => row.curve.split(", ")[0]))];
  const rules = [...new Set(rows.map(row => row.curve.split(", ")[1]))];
  const series = names.map((name): LineSeries => {
    const own = rows.filter(row => row.curve === name).sort((a, b) => a.move - b.move);
    const [network, rule] = name.split(", ");
    return {
      name,
      x: own.map(row => row.move),
      y: own.map(row => row.testAccuracy!),
      hollow: own.map(row => !row.leftChance),
      hover: own.map(
        row => `${row.label}<br>η·r ${row.move.toExponential(1)}, ${row.testAccuracy!.toFixed(1)} %`,
      ),
      points: true,
      marker: markers[rules.indexOf(rule)],
      colour: colour(networks.indexOf(network)),
    };
  });
  const scale = {title: "first move of the ranking, η·r", scale: "log", format: ".0e"} as const;
  const figure = lineFigure({title: `${title}${budgetText(rows)}`, x: scale, y: accuracy, series});
  return {...figure, layout: {...figure.layout, height: 560}};
}

/** Learning rate times the geometric mean of the layers' r; under a relative rate the rate itself. */
export function firstMove({cell: {spec}, record}: Found): number | undefined {
  if (record?.outcome !== "done") return undefined;
  if (spec.scoreRate === "relative") return spec.learningRate;
  const steps = record.layers.flatMap(layer => layer.scoreStep ?? []);
  if (steps.length === 0) return undefined;
  const logs = steps.reduce((sum, step) => sum + Math.log(step), 0);
  return spec.learningRate * Math.exp(logs / steps.length);
}

function linesOf(curves: readonly MeanRow[][], rows: readonly ResultRow[]): LineSeries[] {
  const reached = curves
    .filter(places => places.length > 1)
    .flatMap(places => places.map(row => Number(row.x)));
  const [left, right] = [Math.min(...reached), Math.max(...reached)];
  const networks = [...new Set(curves.map(([{curve}]) => networkOf(curve)))];
  return curves.map((unordered): LineSeries => {
    const places = [...unordered].sort((a, b) => Number(a.x) - Number(b.x));
    const [{curve, mean, sd}] = places;
    const look = networks.indexOf(networkOf(curve));
    if (places.length === 1 && left < right) {
      const hover = hoverOf(places[0], rows);
      return {
        name: sd === null ? curve : `${curve} ± ${sd.toFixed(1)}`,
        x: [left, right],
        y: [mean!, mean!],
        hover: [hover, hover],
        dash: "dot",
        marker: "none",
        colour: colour(look),
      };
    }
    return {
      name: curve,
      x: places.map(row => Number(row.x)),
      y: places.map(row => row.mean!),
      ...(places.some(row => row.sd !== null) ? {error: places.map(row => row.sd ?? 0)} : {}),
      hollow: places.map(row => !row.leftChance),
      hover: places.map(row => hoverOf(row, rows)),
      dash: /, unit|1\/1/.test(curve) ? "dash" : "solid",
      marker: markers[look % markers.length],
      colour: colour(look),
    };
  });
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
function budgetText(rows: readonly ResultRow[]): string {
  const run = rows.filter(row => row.testAccuracy !== null);
  const of = (values: readonly unknown[]): string => [...new Set(values)].join(" / ");
  if (run.length === 0) return ": not run";
  return `, ${of(run.map(row => row.data))}, ${of(run.map(row => row.epochs).sort((a, b) => a - b))} epochs`;
}

function networkOf(curve: string): string {
  return curve.replace(/( dense|,.*| 1\/1| 1\/32)$/, "");
}

function familyOf({arch, method, activation}: ResultRow): string {
  const network = networkTitle(arch);
  if (method === "dense") return `${network} dense`;
  return `${network} ${activation === "sign" ? "1/1" : "1/32"}`;
}

function networkTitle(arch: string): string {
  const titles: Record<string, string> = {
    "vgg-small": "VGG-Small",
    "vgg-small-bn": "VGG-Small 1.25×",
    "cifar-resnet18": "ResNet-18",
  };
  return titles[arch] ?? arch.replace(/^conv/, "Conv");
}

function archsOf(rows: readonly ResultRow[]): string[] {
  return [...new Set(rows.map(row => row.arch))];
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(2)} MB`;
}
