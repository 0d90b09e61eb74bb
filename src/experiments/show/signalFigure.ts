import {expectedSignal, measuredSignal, type SignalOptions} from "../../plain/signal";
import {colour, type Figure, type LineSeries, lineFigure} from "../../report/figure";

/** What `signalFigure` draws over the layers, and how its axis is called. */
const quantities = {
  signal: "rms of what the layer receives",
  step: "r = rms(dL/dS) / mean |S|",
} as const;

/** The signal, or the relative score step, of every layer: measured as marks, by formula as dotted lines (log scale). */
export function signalFigure(
  title: string,
  cases: readonly SignalOptions[],
  quantity: keyof typeof quantities,
): Figure {
  const series = cases.flatMap((options, i): LineSeries[] => {
    const name = `k ${options.keepFraction}, ${options.gain ?? "mean-kept"}`;
    const [measured, formula] = [measuredSignal(options), expectedSignal(options)];
    const x = measured.map(at => at.layer);
    return [
      {name, x, y: measured.map(at => at[quantity]), points: true, colour: colour(i)},
      {
        ...{name: `${name}, formula`, x, y: formula.map(at => at[quantity])},
        ...{marker: "none", dash: "dot", colour: colour(i)},
      },
    ];
  });
  const y = {title: quantities[quantity], scale: "log", format: ".0e"} as const;
  return lineFigure({title, x: {title: "layer"}, y, series});
}
