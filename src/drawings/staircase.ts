import {plane} from "../explorables/frame/plane";
import {line, type Panel, PLUS, text} from "../explorables/frame/svg";
import {runPruned} from "../plain/prunedLayer";
import {pruneToStaircase, staircaseInput} from "../theory/staircase";
import {type Drawing, edge, smallPlot, spread, unit} from "./drawing";

/** One unit with K edges from copies of x and r from constants, a step at r/K; and many of them following a function. */
export function staircaseDrawing(): Drawing {
  return [unitPanel(4, 1), sumPanel()];
}

function unitPanel(K: number, r: number): Panel {
  const ys = spread(2 * K, 14, 206);
  const at: readonly [number, number] = [150, 110];
  const inputs = ys.map((y, i) => {
    const constant = i >= K;
    return (
      unit(26, y, constant ? "1" : "x", 11) +
      edge([26, y], at, {sign: constant ? -1 : 1, kept: !constant || i - K < r, gap: 14})
    );
  });
  const threshold = r / K;
  const points = [
    [-1, -0.8],
    [threshold, -0.8],
    [threshold, 0.8],
    [1, 0.8],
  ] as const;
  return {
    width: 360,
    height: 236,
    title: `One unit: sign(${K}·x − ${r}), a step at ${r}/${K}`,
    label: `A unit with ${K} edges from copies of x and ${r} from a constant turns from −1 to 1 at ${threshold}`,
    content:
      inputs.join("") +
      unit(...at, "±", 15) +
      smallPlot([204, 50], [146, 120], [{points, colour: PLUS}]) +
      text(277 + (threshold * 146) / 2, 186, `x = ${threshold}`, {anchor: "middle", size: 11}) +
      text(26, 232, "grey: pruned", {size: 11}),
  };
}

function sumPanel(): Panel {
  const f = (x: number): number => Math.sin(Math.PI * x) / 2;
  const {layers, copies, kept} = pruneToStaircase(f, {steps: 8, gain: 0.1, seed: 1});
  const xs = Array.from({length: 401}, (_, i) => i / 200 - 1);
  const field = plane({
    x: {from: -1, to: 1, ticks: [-1, -0.5, 0, 0.5, 1], title: "x"},
    y: {from: -0.75, to: 0.75, ticks: [-0.5, 0, 0.5]},
    height: 236,
  });
  const stairs = xs.map(x => field.at(x, runPruned(layers, staircaseInput(x, copies), "step")[0]));
  return {
    width: 360,
    height: 236,
    title: `${kept} such units follow a function (dashed)`,
    label: "A staircase of eight pieces beside half a sine",
    content:
      field.frame +
      line(
        xs.map(x => field.at(x, f(x))),
        {dash: "6 5"},
      ) +
      line(stairs, {colour: PLUS, width: 2.2}),
  };
}
