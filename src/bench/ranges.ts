import type {BinaryNetwork} from "../infer/network";
import {ternaryCsc} from "./ternaryCsc";

/** [least, greatest] */
export type Range = readonly [number, number];
/** Of every value of a network, by its place as `Observe` names it, and of "images". */
export type Ranges = ReadonlyMap<string, Range>;

/** What values a network's operations give of these images: what static quantisation is calibrated on. */
export function rangesOf(
  network: BinaryNetwork,
  kernels: WebAssembly.Module,
  images: Float32Array,
  count: number,
): Ranges {
  const ranges = new Map<string, Range>([["images", rangeOf(images)]]);
  ternaryCsc(network, kernels).logits(images, count, (place, {values}) => {
    const own = rangeOf(values);
    const [least, most] = ranges.get(place) ?? own;
    ranges.set(place, [Math.min(least, own[0]), Math.max(most, own[1])]);
  });
  return ranges;
}

function rangeOf(values: Float32Array): Range {
  return values.reduce<[number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}
