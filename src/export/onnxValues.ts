import {signOfActivation} from "../core/sign";
import type {BinaryLayer, ChannelAffine} from "../infer/network";
import {bitThresholds} from "../infer/wasm/bitThresholds";
import type {Threshold} from "../infer/wasm/threshold";
import {floatThreshold} from "./floatThreshold";
import type {OnnxGraph} from "./onnxGraph";

/** Sums of a layer before its gain, and what is still to be done to them. */
export interface Sums {
  readonly kind: "sums";
  readonly x: string;
  /** Whole numbers, exact in float32 in whatever order they are added. */
  readonly whole: boolean;
  readonly layer: BinaryLayer;
  readonly norm?: ChannelAffine;
  /** Sums times the gain this near to 0 count as 0. */
  readonly bound: number;
}

/**
 * A tensor of the graph and what is known of it.
 * - `whole`: whole numbers times `unit`, a power of 2; ±1 behind a sign.
 * - `sums`: see above.
 * - `added`: what a residual adds up, sums of bits and a shortcut of ±1.
 */
export type OnnxValue =
  | {readonly kind: "real"; readonly x: string}
  | {readonly kind: "whole"; readonly x: string; readonly unit: number}
  | Sums
  | {readonly kind: "added"; readonly sums: Sums; readonly bits: string};

/** Values of one a channel, to be broadcast over an image or a row. */
export type PerChannel = (what: string, values: ArrayLike<number>) => string;

/** The numbers themselves: gain and batch norm are multiplied and added one by one, as every engine does. */
export function realOf(graph: OnnxGraph, value: OnnxValue, perChannel: PerChannel): string {
  if (value.kind === "real") return value.x;
  if (value.kind === "whole")
    return value.unit === 1 ? value.x : graph.node("Mul", [value.x, graph.scalar(value.unit)]);
  if (value.kind === "added") return graph.node("Add", [realOf(graph, value.sums, perChannel), value.bits]);
  // Rounding changes no whole number, and no optimiser moves a factor past it into the weights, where sums would round.
  const sums = value.whole ? graph.node("Round", [value.x]) : value.x;
  const scaled = graph.node("Mul", [sums, graph.scalar(Math.fround(value.layer.gain))]);
  return value.norm ? affine(graph, scaled, value.norm, perChannel) : scaled;
}

export function affine(
  graph: OnnxGraph,
  x: string,
  {scale, shift}: ChannelAffine,
  perChannel: PerChannel,
): string {
  return graph.node("Add", [graph.node("Mul", [x, perChannel("scale", scale)]), perChannel("shift", shift)]);
}

/** ±1. Sums are compared as they are, a threshold a channel: gain and batch norm are in it, and nothing is left to round. */
export function signOf(graph: OnnxGraph, value: OnnxValue, perChannel: PerChannel): OnnxValue {
  if (value.kind === "sums") {
    const {layer, norm} = value;
    const thresholds = value.whole ? halves(bitThresholds(layer, norm)) : realThresholds(value);
    return compared(graph, value.x, perChannel("threshold", at(thresholds)), thresholds, perChannel);
  }
  if (value.kind === "added") {
    const {layer, norm, x} = value.sums;
    const [ifOne, ifMinusOne] = [1, -1].map(addend => halves(bitThresholds(layer, norm, addend)));
    const isOne = graph.node("Greater", [value.bits, graph.scalar(0)]);
    const chosen = graph.node("Where", [
      isOne,
      perChannel("threshold.one", at(ifOne)),
      perChannel("threshold.minus", at(ifMinusOne)),
    ]);
    return compared(graph, x, chosen, ifOne, perChannel);
  }
  const isPositive = graph.node("GreaterOrEqual", [realOf(graph, value, perChannel), graph.scalar(0)]);
  return {kind: "whole", unit: 1, x: graph.node("Where", [isPositive, graph.scalar(1), graph.scalar(-1)])};
}

/** Between two whole numbers, where no rounding reaches. */
function halves(thresholds: readonly Threshold[]): Threshold[] {
  return thresholds.map(({at: from, flipped}) => ({at: from - 0.5, flipped}));
}

function at(thresholds: readonly Threshold[]): number[] {
  return thresholds.map(threshold => threshold.at);
}

function compared(
  graph: OnnxGraph,
  x: string,
  threshold: string,
  thresholds: readonly Threshold[],
  perChannel: PerChannel,
): OnnxValue {
  const reaches = graph.node("GreaterOrEqual", [x, threshold]);
  const [above, below] = thresholds.some(({flipped}) => flipped)
    ? [1, -1].map(sign =>
        perChannel(
          sign > 0 ? "above" : "below",
          thresholds.map(({flipped}) => (flipped ? -sign : sign)),
        ),
      )
    : [graph.scalar(1), graph.scalar(-1)];
  return {kind: "whole", unit: 1, x: graph.node("Where", [reaches, above, below])};
}

/** For every filter the sums of real inputs whose sign, taken with the roundings of every engine, is +1. */
function realThresholds({layer, norm, bound}: Sums): Threshold[] {
  const f = Math.fround;
  const gain = f(layer.gain);
  const filters = layer.shape[layer.shape.length - 1];
  return Array.from({length: filters}, (_, c) => {
    const value = (sum: number): number => {
      const y = f(sum * gain);
      const settled = Math.abs(y) <= bound ? 0 : y;
      return norm ? f(f(settled * norm.scale[c]) + norm.shift[c]) : settled;
    };
    const falling = gain * (norm?.scale[c] ?? 1) < 0;
    return floatThreshold(sum => signOfActivation(value(sum)) === 1, falling);
  });
}
