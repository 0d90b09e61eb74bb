import {colour, type Figure} from "./figure";
import {defaultSize, houseAxis, houseLayout} from "./theme";

/** What one search or training reports after each epoch; accuracies in per cent. */
export interface LearningCurve {
  name: string;
  epochs: readonly {epoch: number; loss: number; trainAccuracy: number; testAccuracy: number}[];
}

/** Accuracy above (test solid, train dotted), training loss below; one colour a curve, one epoch axis for both. */
export function learningCurveFigure(curves: readonly LearningCurve[], title = "Learning curves"): Figure {
  const data = curves.flatMap((curve, i) => [
    line(curve, i, {key: "testAccuracy", name: `${curve.name}, test`, dash: "solid", axis: "y"}),
    line(curve, i, {key: "trainAccuracy", name: `${curve.name}, train`, dash: "dot", axis: "y"}),
    line(curve, i, {key: "loss", name: `${curve.name}, loss`, dash: "solid", axis: "y2"}),
  ]);
  const layout = houseLayout({title, x: {title: "epoch"}, y: {title: "accuracy (%)"}, legend: true});
  return {
    data,
    layout: {
      ...layout,
      height: defaultSize.height + 60,
      xaxis: {...(layout.xaxis as object), anchor: "y2", ...wholeTicks(curves)},
      yaxis: {...(layout.yaxis as object), domain: [0.42, 1]},
      yaxis2: {...houseAxis({title: "training loss"}), domain: [0, 0.33]},
    },
  };
}

interface Part {
  key: "loss" | "trainAccuracy" | "testAccuracy";
  name: string;
  dash: string;
  axis: "y" | "y2";
}

function line(curve: LearningCurve, i: number, part: Part): object {
  return {
    type: "scatter",
    mode: curve.epochs.length > 1 ? "lines" : "markers",
    name: part.name,
    x: curve.epochs.map(row => row.epoch),
    y: curve.epochs.map(row => row[part.key]),
    yaxis: part.axis,
    showlegend: part.axis === "y",
    line: {color: colour(i), dash: part.dash, width: part.dash === "dot" ? 1.5 : 2.2},
    marker: {color: colour(i), size: 7, symbol: part.dash === "dot" ? "circle-open" : "circle"},
  };
}

/** Ticks at whole epochs, each one where there are few. */
function wholeTicks(curves: readonly LearningCurve[]): object {
  const longest = Math.max(0, ...curves.map(curve => curve.epochs.length));
  return {tickformat: "d", ...(longest <= 12 ? {dtick: 1} : {})};
}
