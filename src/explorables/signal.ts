import {type FanName, fanRules} from "../core/fan";
import {type GainName, gainRules} from "../core/gain";
import {expectedSignal, type LayerSignal, measuredSignal, signalFactor} from "../plain/signal";
import {palette} from "../report/theme";
import type {Explorable, View} from "./frame/explorable";
import {plane} from "./frame/plane";
import {dot, line, type Panel} from "./frame/svg";

export interface SignalState {
  readonly keepFraction: number;
  readonly gain: GainName;
  readonly fan: FanName;
  readonly depth: number;
}

/** Small enough to be measured anew while a slider moves. */
export const MEASURED = {units: 128, inputs: 8, seed: 0} as const;

/** The signal of notebook 21: what a gain and a fan rule do to it and to the score step, layer by layer. */
export const signalExplorable: Explorable<SignalState> = {
  name: "signal",
  title: "Signal and score step through depth",
  caption:
    "Try: lower k. Each layer multiplies the mean square of the signal by c; below c = 1 it dies away, and the score step r sinks in every layer at once. Choose the gain unit: c = 1, and the signal keeps its size whatever k is. Or rms-kept with the fan kept: the same. " +
    "With the gain one the signal explodes. Marks are measured on a random network of 128 units a layer, the dashed line is the formula.",
  start: {keepFraction: 0.5, gain: "mean-kept", fan: "pruned", depth: 8},
  controls: [
    {
      kind: "slider",
      name: "keepFraction",
      label: "k",
      min: 0.05,
      max: 0.95,
      step: 0.05,
      value: ({keepFraction}) => keepFraction,
      set: (state, keepFraction) => ({...state, keepFraction}),
    },
    {
      kind: "slider",
      name: "depth",
      label: "layers",
      min: 2,
      max: 12,
      step: 1,
      value: ({depth}) => depth,
      set: (state, depth) => ({...state, depth}),
    },
    {
      kind: "choice",
      name: "gain",
      label: "gain rule",
      options: Object.keys(gainRules),
      value: ({gain}) => gain,
      set: (state, gain) => ({...state, gain: gain as GainName}),
    },
    {
      kind: "choice",
      name: "fan",
      label: "fan",
      options: Object.keys(fanRules),
      value: ({fan}) => fan,
      set: (state, fan) => ({...state, fan: fan as FanName}),
    },
  ],
  view,
};

function view(state: SignalState): View {
  const measured = measuredSignal({...state, ...MEASURED});
  const expected = expectedSignal({...state, units: MEASURED.units});
  const factor = signalFactor({...state, units: MEASURED.units});
  const last = measured.at(-1)!;
  const much = (value: number): string => written(value);
  return {
    panels: [
      depthPanel("Signal: rms of what a layer receives", "signal", measured, expected),
      depthPanel("Score step: r = rms(dL/ds) / mean |s|", "step", measured, expected),
    ],
    numbers: [
      {name: "factor", label: "c =", value: factor, text: much(factor)},
      {name: "signal", label: `signal at layer ${state.depth}:`, value: last.signal, text: much(last.signal)},
      {
        name: "formula",
        label: "by formula:",
        value: expected.at(-1)!.signal,
        text: much(expected.at(-1)!.signal),
      },
      {name: "step", label: "r in layer 1:", value: measured[0].step, text: much(measured[0].step)},
    ],
    says:
      Math.abs(factor - 1) < 0.02
        ? "c = 1: the signal keeps its size, and so does the score step."
        : factor < 1
          ? `c is below 1: each layer leaves ${(100 * Math.sqrt(factor)).toFixed(0)} % of the signal (√c), and each layer more takes as much from every score step.`
          : `c is above 1: each layer multiplies the signal by ${Math.sqrt(factor).toFixed(2)} (√c).`,
  };
}

/** Three digits, or a power of ten where a number is far from 1. */
function written(value: number): string {
  return (
    value >= 0.001 && value < 10_000 ? `${Number(value.toPrecision(3))}` : value.toExponential(1)
  ).replace("e-", "e−");
}

function depthPanel(
  title: string,
  which: "signal" | "step",
  measured: LayerSignal[],
  expected: LayerSignal[],
): Panel {
  const height = 250;
  const powers = [...measured, ...expected].map(at => Math.log10(at[which]));
  const low = Math.min(-2, Math.floor(Math.min(...powers)));
  const high = Math.max(1, Math.ceil(Math.max(...powers)));
  const every = Math.ceil((high - low) / 5);
  const ticks = Array.from({length: high - low + 1}, (_, i) => low + i).filter(power => power % every === 0);
  const depth = measured.length;
  const field = plane({
    x: {from: 0.5, to: depth + 0.5, ticks: measured.map(({layer}) => layer), title: "layer"},
    y: {from: 10 ** low, to: 10 ** high, ticks: ticks.map(power => 10 ** power), log: true, write: power},
    height,
    left: 52,
  });
  const colour = which === "signal" ? palette[0] : palette[2];
  return {
    width: 360,
    height,
    title,
    label: `${title}: from ${written(measured[0][which])} in layer 1 to ${written(measured[depth - 1][which])} in layer ${depth}`,
    content:
      field.frame +
      line(
        expected.map(at => field.at(at.layer, at[which])),
        {dash: "6 5"},
      ) +
      measured
        .map(at =>
          dot(field.x(at.layer), field.y(at[which]), 5, {fill: colour, stroke: "currentColor", width: 1}),
        )
        .join(""),
  };
}

function power(tick: number): string {
  const digits: Record<string, string> = {
    "-": "⁻",
    0: "⁰",
    1: "¹",
    2: "²",
    3: "³",
    4: "⁴",
    5: "⁵",
    6: "⁶",
    7: "⁷",
    8: "⁸",
    9: "⁹",
  };
  const exponent = Math.round(Math.log10(tick));
  if (exponent === 0) return "1";
  return `10${[...`${exponent}`].map(digit => digits[digit]).join("")}`;
}
