import {keptInputs} from "../infer/keptInputs";
import type {BinaryLayer} from "../infer/network";
import {channelBlock, INPUTS_APART} from "../infer/sumOrder";

/**
 * A convolution's sum in the order of infer/sumOrder.ts, as steps that each add one signed pair of inputs:
 * total ← total + (±(x_i + x_j)). A step is a convolution with at most two weights a filter, whose result is one rounded
 * addition whatever the order in which a runtime computes it. Filters with fewer pairs add 0.
 *
 * Gives the steps of each block of channels, OIHW signs a step; the blocks' sums are added at the end, and together the
 * steps are the layer's signs. At least two steps a block.
 */
export function pairSteps({shape, signs}: BinaryLayer, stride: number): Int8Array[][] {
  const [kernel, , channels, filters] = shape;
  const taps = kernel * kernel;
  const block = channelBlock(kernel, stride);
  const lists = keptInputs(signs, filters);
  return Array.from({length: Math.ceil(channels / block)}, (_, b) => {
    const inBlock = (input: number): boolean => Math.floor((input % channels) / block) === b;
    const pairs = lists.map(({plus, minus}) => [
      ...paired(plus.filter(inBlock), 1),
      ...paired(minus.filter(inBlock), -1),
    ]);
    const steps = Math.max(2, ...pairs.map(own => own.length));
    return Array.from({length: steps}, (_, step) => {
      const oihw = new Int8Array(filters * channels * taps);
      pairs.forEach((own, f) => {
        if (step >= own.length) return;
        const {inputs, sign} = own[step];
        for (const input of inputs) {
          oihw[(f * channels + (input % channels)) * taps + Math.floor(input / channels)] = sign;
        }
      });
      return oihw;
    });
  });
}

function paired(list: Uint32Array, sign: 1 | -1): {inputs: Uint32Array; sign: 1 | -1}[] {
  return Array.from({length: Math.ceil(list.length / 2)}, (_, i) => ({
    inputs: list.subarray(2 * i, 2 * i + 2),
    sign,
  }));
}

/** Where a dense layer's inputs stand in its sums, [units, stretches, 4, entries], and each stretch's sign. */
export interface Stretches {
  readonly sides: readonly [units: number, stretches: number, lanes: number, entries: number];
  /** Inputs by channel, row and column; where a stretch is short, the one behind the last. */
  readonly places: readonly number[];
  readonly signs: Float32Array;
}

/**
 * A dense layer's sums of real inputs in the order that all engines keep (`sumInFours`): entries that are added one after
 * the other in four lanes, from 0 in each stretch; stretches that are added one after the other; and then the lanes.
 */
export function stretchesOf({shape, signs}: BinaryLayer, channels: number): Stretches {
  const [inputs, units] = shape;
  const pixels = inputs / channels;
  const place = (i: number): number => (i % channels) * pixels + Math.floor(i / channels);
  const cut = (list: Uint32Array, sign: 1 | -1): {list: Uint32Array; sign: 1 | -1}[] =>
    Array.from({length: Math.ceil(list.length / INPUTS_APART)}, (_, i) => ({
      list: list.subarray(i * INPUTS_APART, (i + 1) * INPUTS_APART),
      sign,
    }));
  const each = keptInputs(signs, units, place).map(({plus, minus}) => [...cut(plus, 1), ...cut(minus, -1)]);
  const stretches = Math.max(1, ...each.map(own => own.length));
  const [lanes, entries] = [4, INPUTS_APART / 4];
  const places = new Array<number>(units * stretches * lanes * entries).fill(inputs);
  const signed = new Float32Array(units * stretches).fill(1);
  each.forEach((own, unit) => {
    own.forEach(({list, sign}, stretch) => {
      const at = unit * stretches + stretch;
      signed[at] = sign;
      list.forEach((input, i) => {
        places[(at * lanes + (i % lanes)) * entries + Math.floor(i / lanes)] = input;
      });
    });
  });
  return {sides: [units, stretches, lanes, entries], places, signs: signed};
}
