import {type Figure, type LineSeries, lineFigure} from "../report/figure";
import {firstMove} from "./figures";
import {type Found, resultRow} from "./rows";

/**
 * Accuracy over how far the first step moves the ranking, η·r (log scale), of every recorded search by SGD: a series
 * for each name that `seriesOf` gives; where it gives none the search is left out. Hollow: has not left chance.
 * Adam's steps do not depend on the gradient's size, so its searches have no place here.
 */
export function moveFigure(
  title: string,
  found: readonly Found[],
  seriesOf: (each: Found) => string | undefined,
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
    };
  });
  const ticks = [-9, -8, -7, -6, -5, -4, -3, -2, -1, 0].map(power => 10 ** power);
  const x = {title: "first move of the ranking, η·r", scale: "log", format: ".0e", ticks} as const;
  return lineFigure({title, x, y: {title: "test accuracy (%)"}, series});
}
