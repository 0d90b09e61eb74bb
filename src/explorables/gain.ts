import {topKMask} from "../core/mask";
import {quantisationError} from "../plain/quantiser";
import {palette} from "../report/theme";
import {KEPT, layerPanel, meanKept, scores, weights} from "./eight";
import type {Explorable, View} from "./frame/explorable";
import {plane} from "./frame/plane";
import {dot, GREY, line, type Panel, text} from "./frame/svg";

type MaskName = "largest scores" | "largest |W|" | "all kept";

const masks: Readonly<Record<MaskName, Uint8Array>> = {
  "largest scores": topKMask(scores, KEPT),
  "largest |W|": topKMask(weights, KEPT),
  "all kept": topKMask(weights, 1),
};

export interface GainState {
  /** α. */
  readonly gain: number;
  readonly mask: MaskName;
}

const MOST = 1.75;

/** The gain of notebook 01: ‖W − α·M⊙sign W‖² over α, on eight weights. */
export const gainExplorable: Explorable<GainState> = {
  name: "gain",
  title: "The gain, on eight weights",
  caption:
    "Try: move α. The filled bars are all that the layer computes with, one size for every kept weight; the outlines are the weights themselves. " +
    "What is lost is a parabola in α, and its bottom lies at the mean size of the kept weights. Then choose another mask: none loses less than the one of the largest |W|, and it knows of no task.",
  start: {gain: 0.4375, mask: "largest scores"},
  controls: [
    {
      kind: "slider",
      name: "gain",
      label: "α",
      min: 0,
      max: MOST,
      step: 1 / 32,
      value: ({gain}) => gain,
      set: (state, gain) => ({...state, gain}),
    },
    {
      kind: "choice",
      name: "mask",
      label: "mask",
      options: Object.keys(masks),
      value: ({mask}) => mask,
      set: (state, mask) => ({...state, mask: mask as MaskName}),
    },
    {
      kind: "button",
      name: "mean",
      label: "α to the mean",
      press: state => ({...state, gain: meanKept(masks[state.mask])}),
    },
  ],
  view,
};

function view({gain, mask: name}: GainState): View {
  const mask = masks[name];
  const mean = meanKept(mask);
  const lost = quantisationError(weights, mask, gain);
  const least = quantisationError(weights, mask, mean);
  const atBottom = Math.abs(gain - mean) < 1e-9;
  const written = mean.toFixed(3);
  const label = `Eight weights, and ±${gain.toFixed(3)} where the mask keeps one`;
  return {
    panels: [layerPanel(mask, gain, label), parabola(mask, {gain, mean, lost, least})],
    numbers: [
      {name: "gain", label: "α =", value: gain, text: gain.toFixed(3)},
      {name: "mean", label: "mean kept |W| =", value: mean, text: written},
      {name: "lost", label: "lost:", value: lost, text: `${(100 * lost).toFixed(1)} % of ‖W‖²`},
      {name: "least", label: "least:", value: least, text: `${(100 * least).toFixed(1)} %`},
    ],
    says: atBottom
      ? "The bottom of the parabola: with this mask no gain loses less."
      : `α is ${gain < mean ? "below" : "above"} the mean kept size: ${(100 * (lost - least)).toFixed(1)} % of ‖W‖² more is lost than at ${written}.`,
  };
}

function parabola(
  mask: Uint8Array,
  {gain, mean, lost, least}: {gain: number; mean: number; lost: number; least: number},
): Panel {
  const height = 250;
  const field = plane({
    x: {from: 0, to: MOST, ticks: [0, 0.5, 1, 1.5], title: "gain α"},
    y: {from: 0, to: 1.2, ticks: [0, 0.25, 0.5, 0.75, 1], write: tick => `${100 * tick} %`},
    height,
  });
  const points = Array.from({length: 71}, (_, i) => (MOST * i) / 70).map(a =>
    field.at(a, quantisationError(weights, mask, a)),
  );
  const word = mean > 1.1 ? "end" : "start";
  return {
    width: 360,
    height,
    title: "What is lost, ‖W − α M ⊙ sign W‖² / ‖W‖²",
    label: `A parabola with its bottom, ${(100 * least).toFixed(1)} %, at ${mean.toFixed(3)}; now ${(100 * lost).toFixed(1)} %`,
    content:
      field.frame +
      line([field.at(mean, 0), field.at(mean, least)], {colour: GREY, dash: "4 4"}) +
      text(field.x(mean) + (word === "end" ? -6 : 6), field.y(0) - 6, `mean ${mean.toFixed(3)}`, {
        anchor: word,
        size: 11,
      }) +
      line(points, {colour: palette[2], width: 2.2}) +
      line([field.at(gain, lost), field.at(gain, least)], {dash: "2 3"}) +
      dot(field.x(gain), field.y(lost), 6, {fill: palette[1], stroke: "#ffffff"}),
  };
}
