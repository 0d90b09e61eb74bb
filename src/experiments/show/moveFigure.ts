import {colour, type Figure, type LineSeries, lineFigure} from "../../report/figure";
import {markers} from "../../report/theme";
import type {Experiment} from "../define/experiment";
import {accuracyAxis, budgetText} from "./accuracyFigure";
import {type Found, resultRow} from "./rows";
import {unrecordedFigure} from "./unrecorded";

/**
 * Accuracy over how far the first step moves the ranking, η·r (log scale), of every recorded search by SGD: a series
 * for each name that `seriesOf` gives; where it gives none the search is left out. Hollow: has not left chance.
 * Adam's steps do not depend on the gradient's size, so its searches have no place here.
 */
export function moveFigure(
  title: string,
  found: readonly Found[],
  seriesOf: (each: Found) => string | undefined,
  look: (name: string) => Pick<LineSeries, "marker" | "colour"> = () => ({}),
): Figure {
  const points = found.flatMap(each => {
    const [name, move] = [seriesOf(each), firstMove(each)];
    if (name === undefined || move === undefined || each.cell.spec.optimizer.name === "adam") return [];
    return [{name, move, row: resultRow(each)}];
  });
  const series = [...new Set(points.map(point => point.name))].map((name): LineSeries => {
    const own = points.filter(point => point.name === name).sort((a, b) => a.move - b.move);
    return {
      name,
      x: own.map(point => point.move),
      y: own.map(({row}) => row.testAccuracy!),
      hollow: own.map(({row}) => !row.leftChance),
      hover: own.map(
        ({row, move}) => `${row.label}<br>η·r ${move.toExponential(1)}, ${row.testAccuracy!.toFixed(1)} %`,
      ),
      points: true,
      ...look(name),
    };
  });
  const ticks = [-9, -8, -7, -6, -5, -4, -3, -2, -1, 0].map(power => 10 ** power);
  const x = {title: "first move of the ranking, η·r", scale: "log", format: ".0e", ticks} as const;
  return lineFigure({title, x, y: accuracyAxis, series});
}

/** The same of an experiment whose curves are named "network, rule": a colour a network, a symbol a rule. */
export function stepFigure(experiment: Experiment, found: readonly Found[]): Figure {
  const empty = unrecordedFigure(experiment, found);
  if (empty) return empty;
  const part = (i: number): string[] => [...new Set(found.map(({cell}) => cell.curve.split(", ")[i]))];
  const [networks, rules] = [part(0), part(1)];
  const figure = moveFigure(
    `${experiment.title}${budgetText(found.map(resultRow))}`,
    found,
    ({cell}) => cell.curve,
    name => {
      const [network, rule] = name.split(", ");
      return {marker: markers[rules.indexOf(rule)], colour: colour(networks.indexOf(network))};
    },
  );
  return {...figure, layout: {...figure.layout, height: 560}};
}

/** Learning rate times the geometric mean of the layers' r; under a relative or normalised rate the rate itself. */
export function firstMove({cell: {spec}, record}: Found): number | undefined {
  if (record?.outcome !== "done") return undefined;
  if (spec.scoreRate === "relative" || spec.scoreRate === "normalised") return spec.learningRate;
  const steps = record.layers.flatMap(layer => layer.scoreStep ?? []);
  if (steps.length === 0) return undefined;
  const logs = steps.reduce((sum, step) => sum + Math.log(step), 0);
  return spec.learningRate * Math.exp(logs / steps.length);
}
