import {Estimate, estimatedBits} from "./estimate";
import type {RangeDecoder, RangeEncoder} from "./rangeCoder";

/**
 * What the probability of a mask bit depends on: nothing but its layer, its input (the last axis but one) or its output
 * (the last axis). After a search some units keep more weights than others, above all in dense layers.
 */
export const contextKinds = ["layer", "input", "output"] as const;
export type ContextKind = (typeof contextKinds)[number];

/** Codes M of a layer, M_i = 1 where signs_i ≠ 0. */
export function encodeMask(
  encoder: RangeEncoder,
  signs: Int8Array,
  shape: readonly number[],
  kind: ContextKind,
): void {
  const estimate = new Estimate(contextCount(shape, kind));
  eachContext(shape, kind, (i, context) => {
    const bit = signs[i] & 1;
    encoder.encode(bit, estimate.one(context));
    estimate.count(context, bit);
  });
}

/** The mask that `encodeMask` coded, as ones in `mask`. */
export function decodeMask(
  decoder: RangeDecoder,
  mask: Int8Array,
  shape: readonly number[],
  kind: ContextKind,
): void {
  const estimate = new Estimate(contextCount(shape, kind));
  const [inputs, outputs] = shape.slice(-2);
  for (let begin = 0, input = 0; begin < mask.length; begin += outputs, input = (input + 1) % inputs) {
    const context = kind === "input" ? input : 0;
    decoder.decodeRun(mask, begin, begin + outputs, estimate, context, kind === "output" ? 1 : 0);
  }
}

/** The kind that codes the mask in the fewest bits, the first of equals. */
export function cheapestContext(signs: Int8Array, shape: readonly number[]): ContextKind {
  const costs = contextKinds.map(kind => {
    const ones = new Float64Array(contextCount(shape, kind));
    eachContext(shape, kind, (i, context) => {
      ones[context] += signs[i] & 1;
    });
    const each = signs.length / ones.length;
    return ones.reduce((bits, kept) => bits + estimatedBits(kept, each), 0);
  });
  return contextKinds[costs.indexOf(Math.min(...costs))];
}

function contextCount(shape: readonly number[], kind: ContextKind): number {
  const [inputs, outputs] = shape.slice(-2);
  return {layer: 1, input: inputs, output: outputs}[kind];
}

/** Every weight of a layer, row-major, with its context. */
function eachContext(
  shape: readonly number[],
  kind: ContextKind,
  visit: (i: number, context: number) => void,
): void {
  const [inputs, outputs] = shape.slice(-2);
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const [perInput, perOutput] = [kind === "input" ? 1 : 0, kind === "output" ? 1 : 0];
  let i = 0;
  for (let row = 0; row < rows; row++) {
    const ofRow = perInput * (row % inputs);
    for (let output = 0; output < outputs; output++) visit(i++, ofRow + perOutput * output);
  }
}
